"""Results kept in this process, bounded in bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import NamedTuple

import numpy as np

OVERHEAD = 512  # bytes of one entry beside its numbers: key, array header, dictionary slot


class CacheInfo(NamedTuple):
    """State of a cache; `bytes` and `limit` in bytes, the others are counts."""

    hits: int
    misses: int
    entries: int
    bytes: int
    limit: int


class MemoryCache:
    """Keep the vectors used last, up to a number of bytes; safe to use from several threads.

    Parameters
    ----------
    limit : int
        Bytes, with some 500 for the upkeep of each entry. 0 keeps nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.cache import MemoryCache
    >>> cache = MemoryCache(limit=10_000)
    >>> cache.put("key", np.arange(3.0))
    >>> cache.get("key")
    array([0., 1., 2.])
    """

    def __init__(self, limit: int):
        self.limit = limit
        self._lock = Lock()
        self.clear()

    def get(self, key: Hashable) -> np.ndarray | None:
        """Return what was put under the key, read-only, or None."""
        with self._lock:
            if key not in self._entries:
                self._misses += 1
                return None
            self._hits += 1
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: Hashable, value: np.ndarray) -> None:
        """Keep a copy; let go of what was not used for longest if the limit is passed."""
        value = value.copy()
        value.flags.writeable = False
        with self._lock:
            self._discard(key)
            self._entries[key] = value
            self._bytes += value.nbytes + OVERHEAD
            while self._bytes > self.limit:
                self._discard(next(iter(self._entries)))

    def clear(self) -> None:
        """Forget everything and set the counts to zero."""
        with self._lock:
            self._entries: OrderedDict[Hashable, np.ndarray] = OrderedDict()
            self._bytes = self._hits = self._misses = 0

    def info(self) -> CacheInfo:
        """Count hits, misses, entries and bytes."""
        with self._lock:
            entries = len(self._entries)
            return CacheInfo(self._hits, self._misses, entries, self._bytes, self.limit)

    def _discard(self, key: Hashable) -> None:
        value = self._entries.pop(key, None)
        if value is not None:
            self._bytes -= value.nbytes + OVERHEAD


# One for the process, not one for each estimator: clones made by a cross-validation share it.
# Worker processes (n_jobs) have one each: extract before, then parallelise the classifier.
memory_cache = MemoryCache(limit=256 * 2**20)
