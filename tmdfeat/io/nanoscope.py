r"""Bruker (Veeco, Digital Instruments) NanoScope: .spm, .di, .000 to .999.

A text header of sections ("\*Ciao image list", one per channel) goes before the raw integers.
Height = raw * (value after the parenthesis of "@2:Z scale") / 256**(Bytes/pixel) * sensitivity.
From version 9.2 raw integers have 32 bits whatever Bytes/pixel says. The bottom line comes first.
"""

import re
from pathlib import Path

import numpy as np

from tmdfeat.io.channels import choose, distinct
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan
from tmdfeat.io.units import nm_per

MAGIC = b"\\*File list"
HEADER_END = b"\\*File list end"
VERSION_OF_32_BITS = 0x09200000
# "V [Sens. Zsens] (0.006 V/LSB) 440.0 V": kind, soft scale, value per LSB, value, unit.
VALUE = re.compile(
    r"\w\s*(?:\[(?P<soft>[^\]]*)\])?\s*(?:\((?:[^()]|\([^()]*\))*\))?\s*"
    r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>.*)$"
)
VOLTS = {"V": 1.0, "mV": 1e-3, "uV": 1e-6, "~V": 1e-6}

Section = dict[str, str]


def read_nanoscope(path: Path, channel: str | None) -> Scan:
    """Read one image of a NanoScope file.

    Parameters
    ----------
    path : Path
    channel : str or None
        As in "Height", the first of that name, or "Height (Retrace)".

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    raw = path.read_bytes()
    common, images = _header(raw)
    names = distinct([_name(image) for image in images])
    scales = [_scale(image, common) for image in images]
    chosen = choose(names, [unit for _, unit in scales], channel)
    try:
        z = _integers(raw, images[chosen], common)[::-1]
        size_y, size_x = _scan_size(images[chosen], common, z.shape[0])
    except ReadError:
        raise
    except (KeyError, ValueError) as error:
        raise ReadError(
            f"the header of channel {names[chosen]!r} is damaged: missing or bad {error}."
        ) from error
    factor, unit = scales[chosen]
    pixel_size = (size_y / z.shape[0], size_x / z.shape[1])
    return Scan(z * factor, "NanoScope", unit, pixel_size, names[chosen], tuple(names))


def _header(raw: bytes) -> tuple[Section, list[Section]]:
    """Split into what holds for all images, and the images' own sections; keys in lower case."""
    if not raw.startswith(MAGIC):
        raise ReadError(
            f"expected a NanoScope file, which begins with {MAGIC!r}, got {raw[:12]!r}. "
            "Files with force curves or with data as text are not read."
        )
    end = raw.find(HEADER_END)
    if end < 0:
        raise ReadError("expected a NanoScope header, but it has no end: the file is cut short.")
    common: Section = {}
    images: list[Section] = []
    section: Section = common
    for line in raw[:end].decode("latin-1").splitlines():
        if line.startswith("\\*"):
            is_image = line[2:].strip().lower() == "ciao image list"
            section = {} if is_image else common
            images += [section] if is_image else []
        elif line.startswith("\\"):
            key, _, value = line[1:].partition(": ")
            section.setdefault(key.strip().lower(), value.strip())
    images = [image for image in images if _at(image, "image data") is not None]
    if not images:
        raise ReadError("expected images with '@2:Image Data', got none (NanoScope before 4.3?).")
    return common, images


def _at(section: Section, key: str) -> str | None:
    # The digit after @ is a group of parameters; 2 is that of images.
    return next((section[f"@{n}:{key}"] for n in (2, 3, 4) if f"@{n}:{key}" in section), None)


def _name(image: Section) -> str:
    text = _at(image, "image data") or ""
    quoted = re.search(r'"([^"]*)"', text)
    name = quoted[1] if quoted else text
    direction = image.get("line direction")
    return f"{name} ({direction})" if direction else name


def _scale(image: Section, common: Section) -> tuple[float, str]:
    """Return unit per raw integer, and that unit."""
    hard = VALUE.match(_at(image, "z scale") or "")
    size = image.get("bytes/pixel", "2")
    if hard is None or size not in ("1", "2", "4"):
        return 1.0, "an unknown unit"
    factor = float(hard["number"]) / 256 ** int(size)
    soft = VALUE.match(common.get(f"@{(hard['soft'] or '').lower()}", ""))
    if soft is None:
        return factor, hard["unit"]
    unit, _, per = soft["unit"].partition("/")
    factor *= float(soft["number"])
    if not unit or per == hard["unit"]:
        return factor, unit or hard["unit"]
    if per in VOLTS and hard["unit"] in VOLTS:
        return factor * VOLTS[hard["unit"]] / VOLTS[per], unit
    return factor, f"{hard['unit']} {soft['unit']}"


def _integers(raw: bytes, image: Section, common: Section) -> np.ndarray:
    shape = int(image["number of lines"]), int(image["samps/line"])
    start, length = int(image["data offset"]), int(image["data length"])
    n = shape[0] * shape[1]
    is_wide = int(common["version"], 16) >= VERSION_OF_32_BITS or image.get("bytes/pixel") == "4"
    width = 4 if is_wide and length >= 4 * n else 2
    if n < 1 or length < n * width or start + n * width > len(raw):
        raise ReadError(
            f"expected {shape[0]} x {shape[1]} pixels of {width} bytes from byte {start} in a "
            f"block of {length}, got a file of {len(raw)} bytes: it is cut short or damaged."
        )
    return np.frombuffer(raw, f"<i{width}", n, start).reshape(shape)


def _scan_size(image: Section, common: Section, n_lines: int) -> tuple[float, float]:
    """Return the extent (y, x) in nm."""
    x, y = _lengths(image["scan size"])
    if "slow axis size" in common:
        # Then the second number of the image's own scan size is not reliable, and a scan
        # that was stopped early still has the size of the whole one.
        x, y = _lengths(common["scan size"])[0], _lengths(common["slow axis size"])[0]
        planned = int(common["lines"])
        if image.get("aspect ratio", "1:1") != "1:1" and n_lines < planned:
            y *= n_lines / planned
    return y, x


def _lengths(text: str) -> tuple[float, float]:
    *numbers, unit = text.split()
    nm = nm_per(unit)
    if nm is None or not numbers:
        raise ValueError(f"length {text!r}")
    return float(numbers[0]) * nm, float(numbers[-1]) * nm
