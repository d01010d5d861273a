"""A store that may fail in mid-run without taking the run along."""

import warnings
from collections.abc import Sequence
from threading import Lock

import numpy as np

from tmdfeat.cache.folder import FolderCache
from tmdfeat.cache.keys import Key


class Lenient:
    """A folder's cache for one run: where it fails, results are computed and not kept.

    The first failure is told by a warning. After it the folder is not written any more in this
    run, and not read either if reading failed.

    Parameters
    ----------
    store : FolderCache

    Warns
    -----
    UserWarning
        Once, when the folder fails.
    """

    def __init__(self, store: FolderCache):
        self.store = store
        self._lock = Lock()
        self._told = False
        self._reads = self._writes = True

    def get(self, key: Key) -> np.ndarray | None:
        """Return what was put under the key, read-only; None if it is not there or out of reach."""
        try:
            return self.store.get(key) if self._reads else None
        except OSError as error:
            self._reads = self._writes = False
            self._tell(error)
            return None

    def put(self, key: Key, value: np.ndarray) -> None:
        """Keep a vector if that is possible."""
        try:
            if self._writes:
                self.store.put(key, value)
        except OSError as error:
            self._writes = False
            self._tell(error)

    def known(self, recipes: Sequence[tuple]) -> set[bytes]:
        """Return the digests of the images for which the results of all recipes are here."""
        try:
            return self.store.known(recipes) if self._reads else set()
        except OSError as error:
            self._reads = self._writes = False
            self._tell(error)
            return set()

    def _tell(self, error: OSError) -> None:
        with self._lock:
            told, self._told = self._told, True
        if not told:
            text = f"{error} Features come back all the same; what is computed now is not kept."
            warnings.warn(text, stacklevel=4)

    def __repr__(self) -> str:
        return f"Lenient({self.store!r})"

    def __reduce__(self):
        return Lenient, (self.store,)
