"""Labels from a CSV."""

import csv
import io
from pathlib import Path

import pandas as pd

NEEDED = ("file", "label")


def read_labels(table: Path, folder: Path) -> pd.DataFrame:
    """Read which label and group each file has.

    Parameters
    ----------
    table : Path
        CSV with columns file (relative to `folder`, or absolute), label and perhaps group;
        others are left aside. UTF-8, separated by commas, semicolons or tabs.
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
        If the CSV is empty, in another encoding or has too long rows; if a column or an entry
        is missing, or a file comes twice.
    """
    if not table.is_file():
        raise FileNotFoundError(f"there is no label table {str(table)!r}.")
    rows = _rows(table)
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
    return rows[["path", "label", "group"]].reset_index(drop=True)


def _rows(table: Path) -> pd.DataFrame:
    """Return all entries as text without spaces around them, indexed by their line."""
    lines = _lines(table, _text(table))
    if not lines:
        raise ValueError(
            f"{table} is empty. Its first line must be file,label,group or file,label; one line "
            "for each scan follows."
        )
    _, columns = lines.pop(0)
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise ValueError(f"{table} has the columns {twice} twice. Keep one of each.")
    for number, entries in lines:
        if any(entries[len(columns) :]):
            raise ValueError(
                f"line {number} of {table} has {len(entries)} entries, but there are "
                f"{len(columns)} columns. Put entries that hold the separator into quotes."
            )
    filled = [(entries + [""] * len(columns))[: len(columns)] for _, entries in lines]
    return pd.DataFrame(filled, [number for number, _ in lines], columns, dtype=object)


def _text(table: Path) -> str:
    try:
        return table.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{table} is no text in UTF-8 ({error}). Save it as UTF-8 text; spreadsheets call "
            "that 'CSV UTF-8'."
        ) from error


def _lines(table: Path, text: str) -> list[tuple[int, list[str]]]:
    # Where the comma is the decimal mark, spreadsheets separate by semicolons.
    first, *_ = text.lstrip().splitlines() or [""]
    separator = max(",;\t", key=first.count)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        lines = [(reader.line_num, [entry.strip() for entry in entries]) for entries in reader]
    except csv.Error as error:
        where = f"{table}, line {reader.line_num}"
        raise ValueError(f"{where}: {error}. Look for stray quotes.") from error
    return [(number, entries) for number, entries in lines if any(entries)]


def _check_entries(table: Path, rows: pd.DataFrame) -> None:
    lacking = [column for column in NEEDED if column not in rows]
    if lacking:
        raise ValueError(
            f"{table} must have the columns file, label and perhaps group, separated by commas, "
            f"semicolons or tabs; it has {list(rows.columns)}, and lacks {lacking}."
        )
    used = rows[[*NEEDED, "group"] if "group" in rows else [*NEEDED]]
    empty = rows.index[(used == "").any(axis=1)]
    if len(empty):
        raise ValueError(
            f"{table} has empty entries in line(s) {empty[:5].tolist()}. "
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
