"""A folder with every finished run: one small file of scores, one of predictions, networks.

Files appear whole or not at all, so a study that was killed at any moment goes on where it was.
Several processes may work on one folder: each run is locked while it is computed, and the system
drops the locks of a process that dies.
"""

import json
import os
import shutil
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock


class RunStore:
    """Results of runs by key.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    """

    def __init__(self, folder):
        self.folder = Path(os.path.abspath(folder))
        for name in ("runs", "predictions", "networks", "checkpoints", "locks"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def __contains__(self, key: str) -> bool:
        return self._run(key).is_file() and self._predictions(key).is_file()

    def row(self, key: str) -> dict:
        """Return what was measured."""
        with _blaming(self._run(key)) as path:
            return json.loads(path.read_text(encoding="utf-8"))["measured"]

    def predictions(self, key: str) -> dict[str, np.ndarray]:
        """Return the arrays position, predicted and, if there are any, probability and classes."""
        # Opened here: numpy leaves a damaged file open.
        path = self._predictions(key)
        with _blaming(path), path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)

    def put(self, key: str, record: dict, predictions: dict[str, np.ndarray]) -> None:
        """Keep a run; its record last, since that says that all is there."""
        arrays: dict = predictions
        _whole(self._predictions(key), lambda path: np.savez_compressed(path, **arrays))
        text = json.dumps(record, indent=1, allow_nan=False)
        _whole(self._run(key), lambda path: path.write_text(text, encoding="utf-8"))
        shutil.rmtree(self.checkpoint(key), ignore_errors=True)

    def tidy(self) -> None:
        """Drop states of fits that are finished: a process may die between the two."""
        for folder in (self.folder / "checkpoints").iterdir():
            if folder.name in self:
                shutil.rmtree(folder, ignore_errors=True)

    def put_network(self, key: str, network) -> None:
        """Keep a fitted network that others start from."""
        _whole(self.network(key), network.save)

    def load_network(self, key: str, like):
        """Return a fitted network of the class of `like`."""
        backbone = getattr(like, "backbone", "")
        built = {} if isinstance(backbone, str) else {"backbone": backbone}  # no file holds it
        with _blaming(self.network(key)) as path:
            return type(like).load(path, **built)

    def network(self, key: str) -> Path:
        """File of a fitted network."""
        return self.folder / "networks" / f"{key}.safetensors"

    def checkpoint(self, key: str) -> Path:
        """Folder in which a fit keeps how far it is."""
        return self.folder / "checkpoints" / key

    def lock(self, key: str) -> FileLock:
        """Lock that one process holds while it computes the run."""
        return FileLock(self.folder / "locks" / f"{key}.lock")

    def _run(self, key: str) -> Path:
        return self.folder / "runs" / f"{key}.json"

    def _predictions(self, key: str) -> Path:
        return self.folder / "predictions" / f"{key}.npz"


@contextmanager
def _blaming(path: Path):
    """Name the file that cannot be read, and the way out."""
    try:
        yield path
    except (ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path} seems to be damaged ({error}). Delete it: what it held is then computed anew."
        ) from error


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside, then rename: whoever looks sees the old file, the new one, or none."""
    beside = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        write(beside)
        with open(beside, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
