"""Text: Gwyddion's ASCII export, with its header or without, and any plain matrix of numbers.

Gwyddion writes four comment lines (channel, width, height, unit of the values) in the language
of its user, so they are known by their order and by what a number with a length unit looks like.
A text file cut at the end of a row cannot be told from a smaller map.
"""

import codecs
import re
from pathlib import Path

import numpy as np

from tmdfeat.io.channels import choose
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan
from tmdfeat.io.units import nm_per

FIELD = re.compile(r"#[^:：]*[:：]\s*(.*?)\s*$")
LENGTH = re.compile(r"([\d.,]+(?:[eE][-+]?\d+)?)\s*(\S+)$")


def read_text(path: Path, channel: str | None) -> Scan:
    """Read a matrix of numbers, one row per line.

    Parameters
    ----------
    path : Path
    channel : str or None

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    comments, rows = _split(_decode(path.read_bytes()).splitlines())
    fields = _header(comments)
    z = _numbers(rows)
    if fields is None:
        if z.shape[1] == 3:
            raise ReadError(
                f"{z.shape[0]} rows of three numbers look like a list of x, y, z, not like a map. "
                "Put them on a grid (e.g. scipy.interpolate.griddata) and pass the array."
            )
        choose(["heights"], [None], channel)
        return Scan(z, "text matrix")
    name, width, height, unit = fields
    choose([name], [unit], channel)
    size = (height / z.shape[0], width / z.shape[1])
    return Scan(z, "Gwyddion ASCII", unit, size, name, (name,))


def _decode(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise ReadError("expected text with a matrix of numbers, got binary data.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # only names of channels can suffer


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    def is_row(line):
        return bool(line.strip()) and not line.lstrip().startswith("#")

    rows = [i for i, line in enumerate(lines) if is_row(line)]
    if not rows:
        raise ReadError("expected a matrix of numbers, got no line of numbers.")
    first, last = rows[0], rows[-1]
    if len(rows) != last - first + 1:
        gap = next(i for i in range(first, last) if not is_row(lines[i]))
        raise ReadError(
            f"expected one block of numbers, got several: line {gap + 1} parts them. "
            "Keep one block per file."
        )
    return lines[:first], lines[first : last + 1]


def _header(comments: list[str]) -> tuple[str, float, float, str | None] | None:
    fields = [match[1] for match in map(FIELD.match, comments) if match]
    lengths = [_length(field) for field in fields]
    for i in range(len(fields) - 1):
        width, height = lengths[i], lengths[i + 1]
        if width is not None and height is not None:
            unit = fields[i + 2] if i + 2 < len(fields) else None
            return (fields[i - 1] if i else "heights"), width, height, unit or None
    return None


def _length(text: str) -> float | None:
    match = LENGTH.match(text)
    nm = nm_per(match[2]) if match else None
    if match is None or nm is None:
        return None
    try:
        return float(match[1].replace(",", ".")) * nm
    except ValueError:
        return None


def _numbers(rows: list[str]) -> np.ndarray:
    delimiter, decimal_comma = _dialect(rows[0].strip())
    if decimal_comma:
        rows = [row.replace(",", ".") for row in rows]
    try:
        return np.loadtxt(rows, delimiter=delimiter, comments=None, ndmin=2)
    except ValueError as error:
        raise ReadError(
            "expected a matrix, with equally many numbers in each row, "
            f"{_complaint(rows, delimiter)}. The file may be cut short, or not hold a map."
        ) from error


def _complaint(rows: list[str], delimiter: str | None) -> str:
    n_columns = len(rows[0].split(delimiter))
    for i, row in enumerate(rows):
        parts = row.split(delimiter)
        if len(parts) != n_columns:
            return f"got {len(parts)} in row {i + 1} after {n_columns} in the first"
        for part in parts:
            try:
                float(part)
            except ValueError:
                return f"got {part.strip()[:40]!r} in row {i + 1}"
    return "got something else"


def _dialect(row: str) -> tuple[str | None, bool]:
    if ";" in row:
        return ";", True
    if "\t" in row or "," not in row:
        return None, True
    parts_are_spaced = re.search(r"\s", row) is not None
    if re.search(r",\s", row) or not parts_are_spaced:
        return ",", False
    return None, True
