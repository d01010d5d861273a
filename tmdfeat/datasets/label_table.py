"""Labels from a CSV."""

from pathlib import Path

import pandas as pd

NEEDED = ("file", "label")


def read_labels(table: Path, folder: Path) -> pd.DataFrame:
    """Read which label and group each file has.

    Parameters
    ----------
    table : Path
        CSV with columns file (relative to `folder`, or absolute), label and perhaps group;
        others are left aside.
    folder : Path

    Returns
    -------
    DataFrame
        Columns path (Path), label, group (str); without a column group, each file is its own.

    Raises
    ------
    FileNotFoundError
        If the CSV, or a file named in it, does not exist.
    ValueError
        If a column or an entry is missing, or a file comes twice.
    """
    if not table.is_file():
        raise FileNotFoundError(f"there is no label table {str(table)!r}.")
    # A label may well be called "NA" or "None"; only nothing is missing.
    rows = pd.read_csv(
        table, dtype=str, skipinitialspace=True, keep_default_na=False, na_values=[""]
    )
    _check_entries(table, rows)
    rows = rows.assign(path=[folder / file for file in rows["file"]])
    missing = [file for file in rows["file"] if not (folder / file).is_file()]
    if missing:
        raise FileNotFoundError(
            f"{table} names {len(missing)} files that are not in {folder}: {missing[:5]}. "
            "Paths in column file are relative to that folder."
        )
    _check_once(table, rows)
    if "group" not in rows:
        rows["group"] = rows["file"]
    return rows[["path", "label", "group"]]


def _check_entries(table: Path, rows: pd.DataFrame) -> None:
    lacking = [column for column in NEEDED if column not in rows]
    if lacking:
        raise ValueError(
            f"{table} must have the columns file, label and perhaps group, separated by commas; "
            f"it has {list(rows.columns)}, and lacks {lacking}."
        )
    used = rows[[*NEEDED, "group"] if "group" in rows else [*NEEDED]]
    empty = rows.index[used.isna().any(axis=1)]
    if len(empty):
        # Line 1 is the header.
        raise ValueError(
            f"{table} has empty entries in line(s) {(empty[:5] + 2).tolist()}. "
            "Each file needs a label, and a group if there is such a column."
        )


def _check_once(table: Path, rows: pd.DataFrame) -> None:
    same = rows["path"].map(Path.resolve)
    twice = rows[same.duplicated(keep=False)]
    if len(twice):
        file = twice["path"].iloc[0]
        labels = sorted(set(twice.loc[same == same[twice.index[0]], "label"]))
        problem = f"different labels, {labels}" if len(labels) > 1 else f"the label {labels[0]!r}"
        raise ValueError(f"{table} names {file} twice, with {problem}. Keep one line per file.")
