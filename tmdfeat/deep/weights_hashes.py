"""Whether a file of weights is whole: SHA-256, from its name or recorded beside it."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.")
HASH = re.compile(r"[0-9a-f]{8,64}")


class WeightsFile(NamedTuple):
    """A file as it was when looked at: another time or size is another file."""

    path: Path
    mtime_ns: int
    size: int


def stamp(path: Path) -> WeightsFile:
    """Look at a file."""
    status = path.stat()
    return WeightsFile(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def sha256(file: WeightsFile) -> str:
    """Compute the SHA-256 of a file, once per process and version of the file."""
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_in_name(name: str) -> str | None:
    """Read the beginning of the SHA-256 from a name such as ``resnet18-f37072fd.pth``.

    Digits alone may be a date, as in ``model-20260131.pth``, and do not count.

    Examples
    --------
    >>> hash_in_name("resnet18-f37072fd.pth")
    'f37072fd'
    """
    found = HASH_IN_NAME.search(name)
    return found[1] if found and not found[1].isdigit() else None


def record_hash(path: Path, digest: str) -> None:
    """Write a hash beside a file, as ``sha256sum --check`` reads it."""
    _beside(path).write_text(f"{digest}  {path.name}\n", encoding="utf-8")


def recorded_hash(path: Path) -> str | None:
    """Read the hash that was written beside a file, or None if there is none.

    Raises
    ------
    ValueError
        If what is written there is no SHA-256.
    """
    beside = _beside(path)
    if not beside.is_file():
        return None
    words = beside.read_text(encoding="utf-8", errors="replace").split()
    return checked_hash(words[0] if words else "", str(beside))


def known_hash(path: Path) -> str | None:
    """Find what is known of a file's hash: in its name, else beside it."""
    return hash_in_name(path.name) or recorded_hash(path)


def checked_hash(text: str, where: str) -> str:
    """Return a hash or its beginning in small letters.

    Raises
    ------
    ValueError
        If it is not 8 to 64 hexadecimal digits.
    """
    if not HASH.fullmatch(text.lower()):
        raise ValueError(
            f"{where}: a SHA-256, or the beginning of one, is 8 to 64 hexadecimal digits, "
            f"got {text!r}."
        )
    return text.lower()


def check_hash(path: Path, wanted: str, way_out: str) -> None:
    """Refuse a file whose SHA-256 does not begin as it should.

    Parameters
    ----------
    path : Path
    wanted : str
    way_out : str
        What the user can do then: the end of the message.

    Raises
    ------
    ValueError
    """
    found = sha256(stamp(path))
    if not found.startswith(wanted):
        raise ValueError(
            f"{path} is damaged or another file: its SHA-256 should begin with {wanted}, but "
            f"begins with {found[: len(wanted)]}. {way_out}"
        )


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
