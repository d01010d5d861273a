"""Results kept in this process, bounded in bytes."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np

from tmdfeat.cache.keys import Key, make_key
from tmdfeat.parameters import check_integer

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

    As the parameter `cache` of an estimator it is shared by the estimator's clones. What a
    pickle carries is the limit, so it arrives empty in another process.

    Parameters
    ----------
    limit : int
        Bytes, with some 500 for the upkeep of each entry. 0 keeps nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.cache import MemoryCache, content_digest, make_key
    >>> cache = MemoryCache(limit=10_000)
    >>> key = make_key(content_digest(np.eye(2)), ("Sq", 2.0))
    >>> cache.put(key, np.arange(3.0))
    >>> cache.get(key)
    array([0., 1., 2.])
    """

    def __init__(self, limit: int):
        self.limit = check_integer("limit", limit, 0)
        self._lock = Lock()
        self.clear()

    def get(self, key: Key) -> np.ndarray | None:
        """Return what was put under the key, read-only, or None."""
        place = key.digest + key.recipe
        with self._lock:
            if place not in self._entries:
                self._misses += 1
                return None
            self._hits += 1
            self._entries.move_to_end(place)
            return self._entries[place]

    def put(self, key: Key, value: np.ndarray) -> None:
        """Keep a copy; let go of what was not used for longest if the limit is passed."""
        place, value = key.digest + key.recipe, value.copy()
        value.flags.writeable = False
        with self._lock:
            self._discard(place)
            self._entries[place] = value
            self._bytes += value.nbytes + OVERHEAD
            while self._bytes > self.limit:
                self._discard(next(iter(self._entries)))

    def known(self, recipes: Sequence[tuple]) -> set[bytes]:
        """Return the digests of the images for which the results of all recipes are here."""
        with self._lock:
            places = list(self._entries)
        kept = []
        for recipe in recipes:
            wanted = make_key(b"", recipe).recipe
            kept.append({place[:-16] for place in places if place[-16:] == wanted})
        return set.intersection(*kept) if kept else set()

    def clear(self) -> None:
        """Forget everything and set the counts to zero."""
        with self._lock:
            self._entries: OrderedDict[bytes, np.ndarray] = OrderedDict()
            self._bytes = self._hits = self._misses = 0

    def info(self) -> CacheInfo:
        """Count hits, misses, entries and bytes."""
        with self._lock:
            entries = len(self._entries)
            return CacheInfo(self._hits, self._misses, entries, self._bytes, self.limit)

    def _discard(self, place: bytes) -> None:
        value = self._entries.pop(place, None)
        if value is not None:
            self._bytes -= value.nbytes + OVERHEAD

    def __repr__(self) -> str:
        return f"MemoryCache(limit={self.limit})"

    def __deepcopy__(self, memo) -> "MemoryCache":
        return self  # so that clones made by a cross-validation share it

    def __reduce__(self):
        # A string names a global of this module: another process then takes its own.
        return "memory_cache" if self is memory_cache else (MemoryCache, (self.limit,))


# One for the process, not one for each estimator: clones made by a cross-validation share it.
memory_cache = MemoryCache(limit=256 * 2**20)
