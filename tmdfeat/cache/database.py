"""The SQLite file of a cache folder: opened for each thread, read-only where it must be.

SQLite in write-ahead mode leaves a whole database behind whatever happens to a process.
"""

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

from tmdfeat.cache.sql import TABLES, VERSION

FILE = "tmdfeat-cache.sqlite"
REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
WAIT = 60.0  # seconds for another process to finish writing
OTHERS = "another folder, cache='memory', or None"
WAY_OUT = f"Everything in it can be computed again: delete the file, or give {OTHERS}."


class DiskFull(OSError):
    """There is no space left; what is in the file may still be read."""


class Database:
    """The file of a folder, made with its tables when first used.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    OSError
        On use: if the folder cannot be made, if the file cannot be read or is no cache, and on
        changing a file that can only be read.
    """

    def __init__(self, folder: Path):
        self.path = folder / FILE
        self._local = threading.local()
        self._refusal = ""  # why it is open to read only

    def rows(self, statement: str, values=()) -> list[tuple]:
        """Run a query."""
        return self._run(statement, values)[0]

    def change(self, statement: str, values=()) -> int:
        """Run a statement; it is on disk when this returns. Return how many rows it changed."""
        return self._run(statement, values)[1]

    def reopen(self) -> None:
        """Forget connections: the file may have been deleted, or become writable."""
        self._local = threading.local()
        self._connection()

    def _run(self, statement: str, values) -> tuple[list, int]:
        connection = self._connection()
        try:
            cursor = connection.execute(statement, values)
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            what = self._refusal or f"failed: {error}"
            raise _in_words(error, f"the cache {self.path} {what}") from error

    def _connection(self) -> sqlite3.Connection:
        local = self._local
        if getattr(local, "owner", None) != os.getpid():
            # After a fork the parent's connection must neither be used nor closed here.
            local.inherited = getattr(local, "connection", None)
            local.connection, local.owner = self._open(), os.getpid()
        return local.connection

    def _open(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OSError(f"cannot make the cache folder: {error}. Give {OTHERS}.") from error
        try:
            connection, self._refusal = self._open_to_write(), ""
            return connection
        except sqlite3.Error as error:
            for_reading = self._open_to_read() if _code(error) in REFUSED + FULL else None
            if for_reading is None:
                hint = " (is writing permitted there?)" if _code(error) in REFUSED else ""
                text = f"cannot keep results in {self.path}: {error}{hint}"
                raise _in_words(error, text) from error
            self._refusal = f"can only be read ({error})"
            return for_reading

    def _open_to_write(self) -> sqlite3.Connection:
        connection = self._connect("rwc")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if _version(connection) != VERSION:
            connection.execute("BEGIN IMMEDIATE")
            if _version(connection) < VERSION:  # still, now that no other process can change it
                _make_tables(connection)
            connection.execute("COMMIT")
        if _version(connection) > VERSION:
            raise OSError(f"a newer tmdfeat wrote the cache {self.path}. {WAY_OUT}")
        return connection

    def _open_to_read(self) -> sqlite3.Connection | None:
        # "Immutable" takes no locks, for which there would have to be files beside this one.
        # Another process may write all the same: checksums tell what was torn apart.
        try:
            connection = self._connect("ro&immutable=1")
            return connection if _version(connection) == VERSION else None
        except sqlite3.Error:  # the caller says why it could not be opened as it should be
            return None

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.as_uri()}?mode={mode}",
            uri=True,
            timeout=WAIT,
            isolation_level=None,
            factory=_Connection,
            check_same_thread=False,  # of use for closing; each thread has its own
        )


class _Connection(sqlite3.Connection):
    def __del__(self):
        with suppress(sqlite3.Error):  # if it was never opened
            self.close()


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _in_words(error: sqlite3.Error, text: str) -> OSError:
    if _code(error) in FULL:
        return DiskFull(f"{text}. Free some space. {WAY_OUT}")
    return OSError(f"{text}. {WAY_OUT}")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _make_tables(connection: sqlite3.Connection) -> None:
    for name in ("results", "recipes"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for table in TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA user_version = {VERSION}")
