"""Results kept in a folder: one SQLite file, safe under several processes and sudden ends.

SQLite in write-ahead mode leaves a whole database behind whatever happens to a process; each
value carries a checksum besides, so that a damaged disk is noticed too. The numbers are stored
as they are in memory, little-endian.
"""

import os
import sqlite3
import threading
import time
from pathlib import Path

import numpy as np
import xxhash

FILE = "tmdfeat-cache.sqlite"
LIMIT = 2 * 2**30
WAIT = 60.0  # seconds for another process to finish writing
KEPT = 0.9  # share of the limit that eviction leaves, so that it is rare
FRESH = 600.0  # seconds in which a second use is not noted: most reads then write nothing

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    key BLOB PRIMARY KEY, dtype TEXT, numbers BLOB, checksum BLOB, used REAL
) WITHOUT ROWID
"""


class FolderCache:
    """Keep vectors in a folder, those used last, up to a number of bytes.

    Several processes and threads may use one folder at a time.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    limit : int, default 2 GiB
        Bytes of numbers; beyond it what was not used for longest is dropped.

    Raises
    ------
    OSError
        If the folder cannot be written, or its file is no database of ours.

    Examples
    --------
    >>> import tempfile
    >>> from tmdfeat.cache import FolderCache
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     FolderCache(folder).put(b"key", np.arange(3.0))
    ...     FolderCache(folder).get(b"key")
    array([0., 1., 2.])
    """

    def __init__(self, folder, limit: int = LIMIT):
        self.folder = Path(folder)
        self.limit = limit
        self._unweighed = limit  # bytes written since the last look at the size; look at once
        self._local = threading.local()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._connection()

    def get(self, key: bytes) -> np.ndarray | None:
        """Return what was put under the key, read-only, or None; damaged entries are dropped."""
        query = "SELECT dtype, numbers, checksum, used FROM results WHERE key = ?"
        row = self._run(query, (key,)).fetchone()
        if row is None:
            return None
        dtype, numbers, checksum, used = row
        if xxhash.xxh3_128_digest(numbers) != checksum:
            self._run("DELETE FROM results WHERE key = ?", (key,))
            return None
        if time.time() - used > FRESH:
            self._run("UPDATE results SET used = ? WHERE key = ?", (time.time(), key))
        return np.frombuffer(numbers, dtype=dtype)

    def put(self, key: bytes, value: np.ndarray) -> None:
        """Write a vector; it is on disk when this returns."""
        value = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        numbers = value.tobytes()
        row = (key, value.dtype.str, numbers, xxhash.xxh3_128_digest(numbers), time.time())
        self._run("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", row)
        self._unweighed += len(numbers)
        if self._unweighed > (1 - KEPT) / 2 * self.limit:
            self._evict()

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM results", ())

    def size(self) -> tuple[int, int]:
        """Count entries and bytes of numbers."""
        query = "SELECT COUNT(*), COALESCE(SUM(LENGTH(numbers)), 0) FROM results"
        entries, total = self._run(query, ()).fetchone()
        return entries, total

    def _evict(self) -> None:
        self._unweighed = 0
        left = self.size()[1]
        if left <= self.limit:
            return
        oldest = self._run("SELECT key, LENGTH(numbers) FROM results ORDER BY used", ())
        for key, length in oldest.fetchall():
            if left <= KEPT * self.limit:
                return
            self._run("DELETE FROM results WHERE key = ?", (key,))
            left -= length

    def _run(self, statement: str, values: tuple) -> sqlite3.Cursor:
        try:
            return self._connection().execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise OSError(f"the cache {self.folder / FILE} failed: {error}. {WAY_OUT}") from error

    def _connection(self) -> sqlite3.Connection:
        # One for each thread, and a new one after a fork: connections must not be shared.
        if getattr(self._local, "owner", None) != os.getpid():
            try:
                self._local.connection = self._open()
            except sqlite3.DatabaseError as error:
                text = f"cannot keep results in {self.folder / FILE}: {error}. {WAY_OUT}"
                raise OSError(text) from error
            self._local.owner = os.getpid()
        return self._local.connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.folder / FILE, timeout=WAIT, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(SCHEMA)
        return connection


WAY_OUT = "Everything in it can be computed again: delete the file, or use another folder."
