"""The bytes of a Gwyddion native file as nested dictionaries.

An object is its name, the size of its contents, and components: name, one letter for the type,
value. Numbers are little-endian, strings end in a zero byte. See "Gwyddion native format" in the
Gwyddion user guide, http://gwyddion.net/documentation/user-guide-en/gwyfile-format.html.
"""

import struct
from typing import Any

import numpy as np

from tmdfeat.io.errors import ReadError

MAGIC = b"GWYP"
SCALARS = {"b": "<?", "c": "<c", "i": "<i", "q": "<q", "d": "<d"}
ARRAYS = {"C": "u1", "I": "<i4", "Q": "<i8", "D": "<f8"}
MAX_DEPTH = 32


def parse(raw: bytes) -> dict[str, Any]:
    """Return the components of the outermost object; objects inside are dictionaries too.

    Parameters
    ----------
    raw : bytes
        The whole file.

    Returns
    -------
    dict

    Raises
    ------
    ReadError
        If the bytes are no such file, or not all of it.
    """
    if not raw.startswith(MAGIC):
        raise ReadError(f"expected a Gwyddion file, which begins with {MAGIC!r}, got {raw[:4]!r}.")
    return _Parser(raw).object(len(MAGIC), len(raw), 0)[0]


class _Parser:
    """Reads at a position, below a limit; each method returns the value and what follows it."""

    def __init__(self, raw: bytes):
        self.raw = raw

    def object(self, at: int, limit: int, depth: int) -> tuple[dict[str, Any], int]:
        if depth > MAX_DEPTH:
            raise ReadError("its objects are nested too deeply: the file is damaged.")
        _, at = self.string(at, limit)
        size, at = self.scalar("<I", at, limit)
        end = self.within(at + size, limit)
        components = {}
        while at < end:
            name, at = self.string(at, end)
            components[name], at = self.component(at, end, depth)
        return components, end

    def component(self, at: int, limit: int, depth: int) -> tuple[Any, int]:
        kind = chr(self.raw[at]) if at < limit else ""
        at += 1
        if kind == "o":
            return self.object(at, limit, depth + 1)
        if kind == "s":
            return self.string(at, limit)
        if kind in SCALARS:
            return self.scalar(SCALARS[kind], at, limit)
        if kind in ARRAYS:
            return self.array(ARRAYS[kind], at, limit)
        if kind in ("S", "O"):
            return self.list(kind, at, limit, depth)
        raise ReadError(f"expected the type of a component, got {kind!r}: the file is damaged.")

    def string(self, at: int, limit: int) -> tuple[str, int]:
        end = self.raw.find(b"\0", at, limit)
        if end < 0:
            raise ReadError(f"a name from byte {at} on has no end: the file is cut short.")
        return self.raw[at:end].decode("utf-8", errors="replace"), end + 1

    def scalar(self, code: str, at: int, limit: int) -> tuple[Any, int]:
        end = self.within(at + struct.calcsize(code), limit)
        return struct.unpack_from(code, self.raw, at)[0], end

    def array(self, dtype: str, at: int, limit: int) -> tuple[np.ndarray, int]:
        n, at = self.scalar("<I", at, limit)
        end = self.within(at + n * np.dtype(dtype).itemsize, limit)
        return np.frombuffer(self.raw, dtype, n, at), end

    def list(self, kind: str, at: int, limit: int, depth: int) -> tuple[list, int]:
        n, at = self.scalar("<I", at, limit)
        values = []
        for _ in range(n):
            value, at = self.string(at, limit) if kind == "S" else self.object(at, limit, depth + 1)
            values.append(value)
        return values, at

    def within(self, end: int, limit: int) -> int:
        if end > limit:
            raise ReadError(
                f"expected data up to byte {end}, got them up to byte {limit}: "
                "the file is cut short or damaged."
            )
        return end
