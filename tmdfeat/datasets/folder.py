"""`load_folder`: scans on disk, with labels and groups."""

import warnings
from pathlib import Path

import pandas as pd
from sklearn.utils import Bunch

from tmdfeat.datasets.label_table import read_labels
from tmdfeat.datasets.listing import find_scans
from tmdfeat.io import ScanFile


def load_folder(
    folder, *, labels=None, pattern="*", channel=None, pixel_size=None, z_unit=None
) -> Bunch:
    """List the scans in a folder, with labels from its sub-folders or from a CSV.

    Files are not opened here: each is read when it is needed, and errors name it then.

    Parameters
    ----------
    folder : path
        Without a CSV, each of its sub-folders is a class; scans may lie deeper in them.
    labels : path, optional
        CSV with columns file (relative to `folder`), label and perhaps group.
    pattern : str, default "*"
        Which file names to look at, e.g. ``"*.txt"``. Name suffixes here that no built-in
        reader knows and `tmdfeat[formats]` reads, e.g. ``"*.ibw"``.
    channel, pixel_size, z_unit
        How to read each file, see `tmdfeat.read`.

    Returns
    -------
    Bunch
        ``images`` : list of ScanFile; ``target`` : array of str; ``groups`` : array of str, the
        CSV's group, or else each file by itself; ``files`` : list of Path; ``ignored`` : list
        of Path, what was left out.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If the folder, the CSV or a file named in it does not exist.
    ValueError
        If there are no scans, or all have one label, or the CSV lacks a column or an entry, or
        names a file twice.

    Warns
    -----
    UserWarning
        If files were left out: no scans by their names, not in a sub-folder, not in the CSV.

    Notes
    -----
    With each file its own group, scans of one sample can fall on both sides of a split, and
    scores come out too good. Where several scans show one sample or growth, give a CSV with a
    column group.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> from tmdfeat.datasets import load_folder
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for label in ("MoS2", "WSe2"):
    ...         (Path(folder) / label).mkdir()
    ...         np.save(Path(folder) / label / "scan1.npy", np.eye(8))
    ...     scans = load_folder(folder, pixel_size=4.0, z_unit="nm")
    ...     image = scans.images[0].read()
    >>> scans.target.tolist(), scans.groups.tolist()
    (['MoS2', 'WSe2'], ['MoS2/scan1.npy', 'WSe2/scan1.npy'])
    >>> image
    HeightMap('scan1.npy', 8x8 px, 32 x 32 nm, heights in nm)
    """
    folder = _existing(folder)
    scans, ignored = find_scans(folder, pattern)
    if labels is None:
        rows = _from_subfolders(folder, scans)
    else:
        labels = Path(labels)
        rows = read_labels(labels, folder)
    listed = {path.resolve() for path in rows["path"]}
    unlabelled = [path for path in scans if path.resolve() not in listed]
    if labels is not None:
        unlabelled = [path for path in unlabelled if path.resolve() != labels.resolve()]
    ignored = [path for path in ignored if path.resolve() not in listed]
    _check_labels(rows, folder, pattern, labels)
    _warn(ignored, "by their names they are no scans that a built-in reader knows")
    _warn(unlabelled, "they lie in no sub-folder" if labels is None else f"{labels} lacks them")
    return Bunch(
        images=[ScanFile(path, channel, pixel_size, z_unit) for path in rows["path"]],
        target=rows["label"].to_numpy(str),
        groups=rows["group"].to_numpy(str),
        files=list(rows["path"]),
        ignored=ignored + unlabelled,
    )


def _existing(folder) -> Path:
    folder = Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}.")
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file. Give the folder that it lies in.")
    return folder


def _from_subfolders(folder: Path, scans) -> pd.DataFrame:
    inside = [path for path in scans if path.parent != folder]
    relative = [path.relative_to(folder) for path in inside]
    columns = {
        "path": inside,
        "label": [path.parts[0] for path in relative],
        "group": [path.as_posix() for path in relative],
    }
    return pd.DataFrame(columns)


def _check_labels(rows, folder, pattern, labels) -> None:
    if rows.empty:
        raise ValueError(
            f"found no scans in {labels or f'sub-folders of {folder}'} (pattern {pattern!r}). "
            "Sort them into one sub-folder per label, or give labels='table.csv' with columns "
            "file, label, group."
        )
    if rows["label"].nunique() == 1:
        raise ValueError(
            f"all {len(rows)} scans have one label, {rows['label'].iloc[0]!r}; a classifier needs "
            "two. Give the folder whose sub-folders are the labels, or labels='table.csv'."
        )


def _warn(paths, reason: str) -> None:
    if paths:
        some = ", ".join(str(path) for path in paths[:5]) + (", ..." if len(paths) > 5 else "")
        warnings.warn(f"left out {len(paths)} files: {reason}: {some}", stacklevel=3)
