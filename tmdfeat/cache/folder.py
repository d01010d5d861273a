"""Results kept in a folder: one SQLite file, safe under several processes and sudden ends.

Each value carries a checksum, so that a damaged disk is noticed. The numbers are stored as they
are in memory, little-endian.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xxhash

from tmdfeat.cache import sql
from tmdfeat.cache.database import Database, DiskFull
from tmdfeat.cache.keys import Key, make_key
from tmdfeat.parameters import check_integer

LIMIT = 2 * 2**30
KEPT = 0.9  # share of the limit that eviction leaves, so that it is rare
FRESH = 600.0  # seconds in which a second use is not noted: most reads then write nothing


class RecipeInfo(NamedTuple):
    """What a folder keeps of one recipe; `bytes` of numbers, times in seconds since 1970."""

    number: int
    recipe: str
    entries: int
    bytes: int
    first_used: float
    last_used: float


class FolderCache:
    """Keep vectors in a folder, those used last, up to a number of bytes.

    Several processes and threads may use one folder at a time. Copies and pickles carry the
    parameters. A folder without write permission serves what is in it.

    Parameters
    ----------
    folder : path
        Made, when first used, if it is not there. On a local disk.
    limit : int, default 2 GiB
        Bytes of numbers; beyond it what was not used for longest is dropped.

    Raises
    ------
    OSError
        On use: if the folder cannot be written, the disk is full, or the file is no cache.

    Examples
    --------
    >>> import tempfile
    >>> from tmdfeat.cache import FolderCache, content_digest, make_key
    >>> key = make_key(content_digest(np.eye(2)), ("Sq", 2.0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     FolderCache(folder).put(key, np.arange(3.0))
    ...     FolderCache(folder).get(key)
    array([0., 1., 2.])
    """

    def __init__(self, folder, limit: int = LIMIT):
        self.folder = Path(os.path.abspath(folder))
        self.limit = check_integer("limit", limit, 0)
        self._unweighed = limit  # bytes written since the last look at the size; look at once
        self._database = Database(self.folder)

    def check(self) -> None:
        """Open the file, anew if it is open.

        Raises OSError if that fails, unless the disk is full: whoever makes room can go on.
        """
        with suppress(DiskFull):
            self._database.reopen()

    def get(self, key: Key) -> np.ndarray | None:
        """Return what was put under the key, read-only, or None; damaged entries are dropped."""
        place = (key.recipe, key.digest)
        found = self._database.rows(sql.GET, place)
        if not found:
            return None
        dtype, numbers, checksum, used = found[0]
        # Upkeep may fail: what can be read and not written is of use.
        if _checksum(key, dtype, numbers) != checksum:
            with suppress(OSError):
                self._database.change(sql.DROP, place)
            return None
        if time.time() - used > FRESH:
            with suppress(OSError):
                self._database.change(sql.USE, (time.time(), *place))
        return np.frombuffer(numbers, dtype=dtype)

    def put(self, key: Key, value: np.ndarray) -> None:
        """Write a vector; it is on disk when this returns."""
        value = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        dtype, numbers = value.dtype.str, value.tobytes()
        checksum = _checksum(key, dtype, numbers)
        row = (key.digest, dtype, numbers, checksum, time.time(), key.recipe)
        while not self._database.change(sql.PUT, row):
            self._database.change(sql.NEW_RECIPE, (key.recipe, key.text))
        self._unweighed += len(numbers)
        if self._unweighed > (1 - KEPT) / 2 * self.limit:
            self._evict()

    def known(self, recipes: Sequence[tuple]) -> set[bytes]:
        """Return the digests of the images for which the results of all recipes are here.

        The numbers are not looked at, so `get` may still find one damaged.
        """
        hashes = [make_key(b"", recipe).recipe for recipe in recipes]
        kept = [{row[0] for row in self._database.rows(sql.KNOWN, (each,))} for each in hashes]
        return set.intersection(*kept) if kept else set()

    def size(self) -> tuple[int, int]:
        """Count entries and bytes of numbers."""
        entries, total = self._database.rows(sql.SIZE)[0]
        return entries, total

    def recipes(self) -> list[RecipeInfo]:
        """List what is kept, by recipe."""
        return [RecipeInfo(*row) for row in self._database.rows(sql.LIST)]

    def clear(self, recipe: int | None = None, unused_for: float | None = None) -> int:
        """Forget everything, or some of it, and make the file smaller.

        Parameters
        ----------
        recipe : int, optional
            Only results of the recipe with this number, see `recipes`.
        unused_for : float, optional
            Only what was not used for so many seconds.

        Returns
        -------
        int
            How many results were dropped.
        """
        before = None if unused_for is None else time.time() - unused_for
        dropped = self._database.change(sql.CLEAR, (recipe, recipe, before, before))
        self._database.change(sql.CLEAR_RECIPES)
        self._database.change("VACUUM")
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return dropped

    def _evict(self) -> None:
        self._unweighed = 0
        if self.size()[1] > self.limit:
            self._database.change(sql.EVICT, (KEPT * self.limit,))

    def __repr__(self) -> str:
        return f"FolderCache({str(self.folder)!r}, limit={self.limit})"

    def __reduce__(self):
        return shared_folder, (str(self.folder), self.limit)


@lru_cache(maxsize=8)
def shared_folder(folder: str, limit: int = LIMIT) -> FolderCache:
    """Return one object for each folder and process: opening takes longer than reading."""
    return FolderCache(folder, limit)


def _checksum(key: Key, dtype: str, numbers: bytes) -> bytes:
    # With the key, so that no torn index leads to the numbers of another image.
    return xxhash.xxh3_128_digest(key.digest + key.recipe + dtype.encode() + numbers)
