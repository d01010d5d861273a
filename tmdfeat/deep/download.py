"""From an address to a whole file: resumed after a break, checked, and in place at once.

Neither torch.hub nor pooch takes up a download where it broke off.
"""

import errno
import http.client
import os
import re
import shutil
import ssl
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from filelock import FileLock
from tqdm import tqdm

from tmdfeat.deep.weights_content import check_content
from tmdfeat.deep.weights_hashes import record_hash, sha256, stamp

CHUNK = 2**20
TIMEOUT = 60.0  # seconds without an answer
WAITS = (1.0, 4.0, 16.0)  # seconds before a broken download is taken up again
BROKEN = (
    urllib.error.URLError,
    http.client.HTTPException,
    ssl.SSLError,
    ConnectionError,
    TimeoutError,
)
RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
BAR = {"unit": "B", "unit_scale": True, "unit_divisor": 1024, "disable": None}


class _CannotGoOn(Exception):
    """The server does not give the rest that was asked for: begin anew."""


def download(url: str, path: Path, wanted: str | None) -> None:
    """Download a file; what is already there of it is kept and gone on with.

    Parameters
    ----------
    url : str
    path : Path
        Appears only when the file is whole and checked; until then there is ``path.part``.
    wanted : str or None
        The SHA-256 or its beginning. None: not known; what came is recorded beside the file.

    Raises
    ------
    OSError
        If the connection fails or breaks for good, or the folder cannot be written, or the
        disk is full. What has come is kept for the next call.
    ValueError
        If what came is no file of weights, or has another hash. Nothing is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f"{path.name}.lock")
    with FileLock(lock):
        if not path.is_file():  # else another process was faster
            part = path.with_name(f"{path.name}.part")
            _fetch(url, part)
            _finish(url, part, path, wanted)
    with suppress(OSError):  # another process may hold it: then that one takes it away
        lock.unlink(missing_ok=True)


def _finish(url: str, part: Path, path: Path, wanted: str | None) -> None:
    try:
        check_content(part, f"what came from {url}")
        found = sha256(stamp(part))
        if wanted is not None and not found.startswith(wanted):
            raise ValueError(
                f"what came from {url} is damaged or another file: its SHA-256 should begin "
                f"with {wanted}, but begins with {found[: len(wanted)]}"
            )
    except ValueError:
        part.unlink()
        raise
    finally:
        _validator(part).unlink(missing_ok=True)
    record_hash(path, found)
    part.replace(path)


def _fetch(url: str, part: Path) -> None:
    """Go on until the file is whole, as long as something comes."""
    waits = list(WAITS)
    started = False
    while True:
        had = _size(part)
        try:
            return _fetch_rest(url, part)
        except _CannotGoOn:
            _validator(part).unlink()
            continue
        except BROKEN as error:
            if _size(part) > had:
                started, waits = True, list(WAITS)
            refused = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if refused or not started or not waits:
                raise
        time.sleep(waits.pop(0))


def _fetch_rest(url: str, part: Path) -> None:
    asked = _size(part) if _validator(part).is_file() else 0
    with _opened(url, part, asked) as response:
        if response.headers.get_content_maintype() == "text":
            raise ValueError(f"what came from {url} is a page of text, no file of weights")
        begin, total = _begin_and_total(response, asked)
        _check_room(part, begin, total)
        if not begin:
            _remember_version(response, part)
        bar = tqdm(desc=url.rsplit("/", 1)[-1], total=total, initial=begin, **BAR)
        with part.open("r+b" if begin else "wb") as file, bar:
            file.seek(begin)
            while chunk := response.read(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
    if total is not None and _size(part) != total:
        raise ConnectionError(f"the connection broke after {_size(part)} of {total} bytes")


def _opened(url: str, part: Path, asked: int):
    headers = {"User-Agent": "tmdfeat"}
    if asked:  # all of it, should the server's file be another one by now
        headers |= {"Range": f"bytes={asked}-", "If-Range": _validator(part).read_text()}
    request = urllib.request.Request(url, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        if asked and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _CannotGoOn from error
        raise


def _begin_and_total(response, asked: int) -> tuple[int, int | None]:
    """Read at which byte of how many the answer begins; at 0 if it is the whole file."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found is None or not 0 < int(found[1]) <= asked:
            raise _CannotGoOn
        return int(found[1]), int(found[2])
    length = response.headers.get("Content-Length")
    return 0, None if length is None else int(length)


def _remember_version(response, part: Path) -> None:
    """Keep the mark by which the server knows this version of the file."""
    mark = response.headers.get("ETag") or response.headers.get("Last-Modified")
    if mark is None or mark.startswith("W/"):  # weak marks do not promise equal bytes
        _validator(part).unlink(missing_ok=True)
    else:
        _validator(part).write_text(mark)


def _check_room(part: Path, begin: int, total: int | None) -> None:
    free = shutil.disk_usage(part.parent).free + _size(part) - begin
    if total is not None and total - begin > free:
        words = f"{(total - begin) / 2**20:.0f} MiB are needed and {free / 2**20:.0f} are free"
        raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)}: {words}", str(part.parent))


def _validator(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0
