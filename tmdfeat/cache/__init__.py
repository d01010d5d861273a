"""What was computed of an image before: kept in this process, or in a folder.

Both stores have `get(key)`, `put(key, value)` and `known(recipes)`; a key is made by `make_key` of
the image's content and of everything that changes the result.
"""

from tmdfeat.cache.folder import FolderCache, RecipeInfo
from tmdfeat.cache.keys import Key, content_digest, make_key
from tmdfeat.cache.memory import MemoryCache, memory_cache
from tmdfeat.cache.stores import Store, find_cache

__all__ = [
    "FolderCache",
    "Key",
    "MemoryCache",
    "RecipeInfo",
    "Store",
    "content_digest",
    "find_cache",
    "make_key",
    "memory_cache",
]
