"""PNG, JPEG and BMP: grey values without a scale."""

import io
from pathlib import Path

import numpy as np

from tmdfeat.io.channels import choose
from tmdfeat.io.errors import ReadError
from tmdfeat.io.scan import Scan

COLOURS = ("red", "green", "blue")
PNG_HEADER = b"\x89PNG\r\n\x1a\n"
JPEG_START, JPEG_SCAN, JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


def read_picture(path: Path, channel: str | None) -> Scan:
    """Read the grey values of a picture.

    Parameters
    ----------
    path : Path
    channel : {"grey", "red", "green", "blue"} or None
        A colour is only needed where the three differ.

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    raw = path.read_bytes()
    _check_bytes(raw)
    return from_pixels(decode(raw, ("PNG", "JPEG", "BMP")), "picture", channel)


def decode(raw: bytes, formats: tuple[str, ...]) -> np.ndarray:
    """Decode a picture with Pillow.

    Parameters
    ----------
    raw : bytes
        The whole file.
    formats : tuple of str
        What it may be, in Pillow's names.

    Returns
    -------
    array of shape (H, W) or (H, W, C)

    Raises
    ------
    ReadError
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw), formats=formats) as image:
            return _pixels(image)
    # Pillow's decoders raise whatever their codec raises: OSError, SyntaxError, struct.error, ...
    except Exception as error:
        raise ReadError(f"expected a whole picture ({' or '.join(formats)}): {error}") from error


def from_pixels(pixels: np.ndarray, name: str, channel: str | None) -> Scan:
    """Take the grey of a picture, or the one colour that was asked for.

    Parameters
    ----------
    pixels : array of shape (H, W) or (H, W, C)
        C is 2 (grey, alpha), 3 (red, green, blue) or 4 (and alpha).
    name : str
        The format.
    channel : str or None

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
        If the picture has colours, or is transparent in places.
    """
    if pixels.ndim == 3 and pixels.shape[2] in (2, 4):
        pixels = _opaque(pixels)
    if pixels.ndim == 3 and np.all(pixels == pixels[..., :1]):
        pixels = pixels[..., 0]
    if pixels.ndim != 3:
        choose(["grey"], [None], channel)
        return Scan(pixels, name, channel="grey", channels=("grey",))
    if channel is None:
        raise ReadError(
            "this is a colour picture, and colours do not tell heights. Export the height data "
            "or a grey picture instead; or take one colour: read(path, channel='red')."
        )
    chosen = choose(COLOURS, [None] * 3, channel)
    return Scan(pixels[..., chosen], name, channel=COLOURS[chosen], channels=COLOURS)


def _pixels(image) -> np.ndarray:
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA", "I", "I;16", "I;16B", "I;16L", "F"):
        raise ValueError(f"pixels are {image.mode}, not grey or RGB. Save it as a grey picture.")
    return np.asarray(image)


def _opaque(pixels: np.ndarray) -> np.ndarray:
    alpha = pixels[..., -1]
    if alpha.min() != alpha.max():
        raise ReadError("the picture is transparent in places. Save it without an alpha channel.")
    return pixels[..., :-1]


def _check_bytes(raw: bytes) -> None:
    # Colour types 2, 4 and 6 have several samples per pixel.
    if raw.startswith(PNG_HEADER) and raw[24:25] == b"\x10" and raw[25:26] in b"\x02\x04\x06":
        raise ReadError(
            "this PNG has colour or alpha in 16 bits, of which 8 would be lost on reading. "
            "Save it as a 16-bit grey PNG."
        )
    # A JPEG that lacks its last bytes decodes without complaint.
    if raw.startswith(JPEG_START) and raw.rfind(JPEG_END) < raw.rfind(JPEG_SCAN):
        raise ReadError("expected a whole JPEG, but its end marker is missing: it is cut short.")
