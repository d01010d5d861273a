"""Surfaces on disk: drawn once, block by block, read as a memory map.

A folder holds ``heights.npy`` (n, size, size) float16 and ``labels.npz`` with family, parameters,
truth and blended. A block whose labels are there is finished; the rest is made when the same
store is asked for again.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from families import FAMILIES
from joblib import Parallel, delayed
from surface import draw_surface
from truth import TRUTH

COLUMNS = ("family", "parameters", "truth", "blended")


@dataclass(frozen=True, eq=False)
class Store:
    """Surfaces and what is known of them.

    Attributes
    ----------
    heights : float16 memory map of shape (n, size, size)
    family : int16 array of shape (n,)
        Places in `families.FAMILIES`.
    parameters : float32 array of shape (n, 3)
        What the family's scale, amount and kind were made from, 0 to 1.
    truth : float32 array of shape (n, len(TRUTH))
    blended : bool array of shape (n,)
        Whether a second family is there.
    """

    heights: np.ndarray
    family: np.ndarray
    parameters: np.ndarray
    truth: np.ndarray
    blended: np.ndarray

    def __len__(self):
        return len(self.family)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the families, in the order that `family` counts."""
        return tuple(FAMILIES)


def _plan(n, seed, size, block):
    names = {"families": list(FAMILIES), "truth": list(TRUTH)}
    return {"n": n, "seed": seed, "size": size, "block": block, **names}


def _agree(folder, plan):
    """Write the plan of a new store, or check that an old one has the same."""
    path = folder / "plan.json"
    if not path.exists():
        path.write_text(json.dumps(plan, indent=1))
        return
    old = json.loads(path.read_text())
    differ = [key for key in plan if plan[key] != old.get(key)]
    if differ:
        raise ValueError(
            f"{folder} holds another store: {', '.join(differ)} differ. "
            "Ask for the same one, or give another folder."
        )


def _labels_of(folder, start):
    return folder / f"block_{start:08d}.npz"


def _make_block(folder, start, stop, seed, size):
    heights = np.load(folder / "heights.npy", mmap_mode="r+")
    drawn = [draw_surface(size, seed, number) for number in range(start, stop)]
    for number, surface in zip(range(start, stop), drawn, strict=True):
        heights[number] = surface.heights
    heights.flush()
    path = _labels_of(folder, start)
    part = path.with_suffix(".part.npz")
    np.savez(part, **_stacked(drawn))
    part.replace(path)  # only a finished block gets its name


def _stacked(drawn):
    return {
        "family": np.array([s.family for s in drawn], np.int16),
        "parameters": np.stack([s.parameters for s in drawn]),
        "truth": np.stack([s.truth for s in drawn]),
        "blended": np.array([s.blended for s in drawn]),
    }


def make_store(folder, n, seed, size=160, n_jobs=2, block=256) -> None:
    """Draw n surfaces into a folder, or the blocks of them that are missing there.

    Raises
    ------
    ValueError
        If the folder holds a store of another n, seed, size, block, or of other families.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _agree(folder, _plan(n, seed, size, block))
    if (folder / "labels.npz").exists():
        return
    if not (folder / "heights.npy").exists():
        new = folder / "new.npy"
        np.lib.format.open_memmap(new, "w+", np.float16, (n, size, size)).flush()
        new.replace(folder / "heights.npy")
    starts = range(0, n, block)
    missing = [start for start in starts if not _labels_of(folder, start).exists()]
    Parallel(n_jobs)(
        delayed(_make_block)(folder, start, min(start + block, n), seed, size) for start in missing
    )
    _join(folder, starts)


def _join(folder, starts):
    """One file of labels in place of those of the blocks."""
    blocks = [np.load(_labels_of(folder, start)) for start in starts]
    part = folder / "labels.part.npz"
    np.savez(part, **{name: np.concatenate([b[name] for b in blocks]) for name in COLUMNS})
    part.replace(folder / "labels.npz")
    for start in starts:
        _labels_of(folder, start).unlink()


def open_store(folder) -> Store:
    """Read a finished store; its heights stay on disk."""
    folder = Path(folder)
    if not (folder / "labels.npz").exists():
        raise FileNotFoundError(f"{folder} holds no finished store: call make_store first.")
    labels = np.load(folder / "labels.npz")
    heights = np.load(folder / "heights.npy", mmap_mode="r")
    return Store(heights, *(labels[name] for name in COLUMNS))
