"""From the parameter `cache` of an estimator to a store."""

import os
from functools import lru_cache

from tmdfeat.cache.folder import FolderCache
from tmdfeat.cache.memory import MemoryCache, memory_cache


def find_cache(cache) -> MemoryCache | FolderCache:
    """Return the process's cache, a folder's, or one that keeps nothing.

    Parameters
    ----------
    cache : {"memory", None} or path of a folder

    Returns
    -------
    MemoryCache or FolderCache

    Raises
    ------
    ValueError
        If `cache` is none of these.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> find_cache("memory") is find_cache("memory")
    True
    """
    if cache is None:
        return MemoryCache(limit=0)
    if isinstance(cache, str) and cache == "memory":
        return memory_cache
    if isinstance(cache, str | os.PathLike) and str(cache):
        return _folder(os.path.abspath(cache))
    raise ValueError(f"cache must be 'memory', the path of a folder, or None, got {cache!r}.")


@lru_cache(maxsize=8)
def _folder(path: str) -> FolderCache:
    return FolderCache(path)
