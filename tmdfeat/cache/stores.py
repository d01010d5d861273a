"""From the parameter `cache` of an estimator to a store."""

import os
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from tmdfeat.cache.folder import FolderCache, shared_folder
from tmdfeat.cache.keys import Key
from tmdfeat.cache.lenient import Lenient
from tmdfeat.cache.memory import MemoryCache, memory_cache


class Store(Protocol):
    """What a cache can do for an estimator."""

    def get(self, key: Key) -> np.ndarray | None:
        """Return what was put under the key, read-only, or None."""

    def put(self, key: Key, value: np.ndarray) -> None:
        """Keep a vector."""

    def known(self, recipes: Sequence[tuple]) -> set[bytes]:
        """Return the digests of the images for which the results of all recipes are here."""


def find_cache(cache) -> Store:
    """Return the store for one run: the process's, a folder's, or one that keeps nothing.

    A folder that fails in mid-run, say because the disk is full, costs no results: one warning
    tells of it, see `tmdfeat.cache.lenient.Lenient`.

    Parameters
    ----------
    cache : {"memory", None}, path of a folder, FolderCache or MemoryCache

    Returns
    -------
    Store

    Raises
    ------
    ValueError
        If `cache` is none of these.
    OSError
        If the folder can neither be written nor read.

    Examples
    --------
    >>> find_cache("memory") is find_cache("memory")
    True
    """
    if cache is None:
        return MemoryCache(limit=0)
    if isinstance(cache, str) and cache == "memory":
        return memory_cache
    if isinstance(cache, MemoryCache):
        return cache
    if isinstance(cache, str) and cache.lower() == "memory":
        raise ValueError(f"cache={cache!r} would be a folder: write 'memory', or './{cache}'.")
    if isinstance(cache, str | os.PathLike) and str(cache):
        cache = shared_folder(os.path.abspath(cache))
    if not isinstance(cache, FolderCache):
        raise ValueError(
            "cache must be 'memory', the path of a folder, or None, or a FolderCache or "
            f"MemoryCache with a limit of your own, got {cache!r}."
        )
    cache.check()
    return Lenient(cache)
