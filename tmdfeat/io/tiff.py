"""TIFF: grey values of 8, 16, 32 or 64 bit, integer or float, without a scale.

Resolution tags are ignored: programs write them without knowing the size of a scan.
"""

import math
from pathlib import Path

import numpy as np

from tmdfeat.io.channels import choose
from tmdfeat.io.errors import ReadError
from tmdfeat.io.pictures import decode, from_pixels
from tmdfeat.io.scan import Scan
from tmdfeat.io.surface_topography import read_other

PARK_TAG, PARK_MAGIC = 50432, 0x0E031301
REDUCED = 1  # bit of the tag NewSubfileType: a page that is a thumbnail
UNCOMPRESSED, PACKBITS, DEFLATE, OLD_DEFLATE = 1, 32773, 8, 32946


def read_tiff(path: Path, channel: str | None) -> Scan:
    """Read one page of a TIFF file.

    Park Systems keeps a picture in the page and the heights in a private tag: such files go to
    the reader of ``tmdfeat[formats]``.

    Parameters
    ----------
    path : Path
    channel : str or None
        "page 0", "page 1", ... in files of several pages; a colour, see `read_picture`.

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    import tifffile

    try:
        with tifffile.TiffFile(path) as file:
            pages = [page for page in file.pages if not _is_thumbnail(page)]
            if any(_is_park(page) for page in pages):
                return read_other(path, channel)
            page, colour = _page(pages, channel)
            _check_complete(page, path.stat().st_size)
            if page.compression not in (UNCOMPRESSED, PACKBITS, DEFLATE, OLD_DEFLATE):
                return _read_compressed(page, len(pages), path, colour)
            pixels = _pixels(page)
    except ReadError:
        raise
    # On damaged files tifffile raises its own and many a built-in exception.
    except Exception as error:
        raise ReadError(f"expected a TIFF file with a grey picture: {error}") from error
    return from_pixels(pixels, "TIFF", colour)


def _is_thumbnail(page) -> bool:
    return bool(page.subfiletype & REDUCED)


def _is_park(page) -> bool:
    tag = page.tags.get(PARK_TAG)
    return tag is not None and tag.value == PARK_MAGIC


def _page(pages, channel):
    if len(pages) == 1:
        return pages[0], channel
    names = [f"page {i}" for i in range(len(pages))]
    if channel is None or not names:
        raise ReadError(f"it has {len(pages)} pages. Name one: read(path, channel='page 0').")
    return pages[choose(names, [None] * len(names), channel)], None


def _check_complete(page, size: int) -> None:
    # tifffile fills what is missing with zeros.
    counts = page.databytecounts
    end = max((o + n for o, n in zip(page.dataoffsets, counts, strict=True)), default=0)
    if end > size:
        raise ReadError(
            f"expected pixels up to byte {end}, got a file of {size} bytes: it is cut short."
        )
    if page.compression == UNCOMPRESSED:
        complete = sum(counts) >= page.nbytes
    else:
        complete = len(counts) >= math.prod(page.chunked) and min(counts) > 0
    if not complete:
        raise ReadError(f"expected pixels of {page.shape}, got only some of them: it is damaged.")


def _read_compressed(page, n_pages: int, path: Path, colour: str | None) -> Scan:
    # LZW, JPEG, ...: tifffile would need imagecodecs; Pillow has libtiff inside.
    if n_pages > 1 or (page.samplesperpixel > 1 and page.bitspersample > 8):
        raise ReadError(
            f"its compression ({page.compression.name}) is only read for one page of grey. "
            "Save it without compression."
        )
    return from_pixels(decode(path.read_bytes(), ("TIFF",)), "TIFF", colour)


def _pixels(page) -> np.ndarray:
    kind = page.photometric.name
    if kind == "MINISWHITE":
        raise ReadError(
            "its small values are white, so it is a negative of the heights. "
            "Save it as an ordinary grey TIFF."
        )
    pixels = page.asarray()
    if kind == "PALETTE":
        # Palettes have 16 bits per colour, written as 8 bits times 256 or 257.
        return np.moveaxis(page.colormap[:, pixels] >> 8, 0, -1)
    if kind not in ("MINISBLACK", "RGB"):
        raise ReadError(f"expected grey or RGB pixels, got {kind}. Save it as a grey TIFF.")
    separate = page.samplesperpixel > 1 and page.axes.startswith("S")
    return np.moveaxis(pixels, 0, -1) if separate else pixels
