"""What was computed of an image before: kept in this process, or in a folder.

Both stores have `get(key)` and `put(key, value)`; a key is made by `make_key` of the image's
content and of everything that changes the result.
"""

from tmdfeat.cache.folder import FolderCache
from tmdfeat.cache.keys import content_digest, make_key
from tmdfeat.cache.memory import MemoryCache, memory_cache
from tmdfeat.cache.stores import find_cache

__all__ = [
    "FolderCache",
    "MemoryCache",
    "content_digest",
    "find_cache",
    "make_key",
    "memory_cache",
]
