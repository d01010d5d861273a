import numpy as np
import pytest
from PIL import Image
from scan_files import picture

from tmdfeat import read
from tmdfeat.io import ReadError

GREY = np.random.default_rng(0).integers(0, 256, size=(5, 7)).astype(np.uint8)
COLOUR = np.stack([GREY, GREY // 2, GREY // 3], axis=-1)


def write(tmp_path, raw, name="a.png"):
    (tmp_path / name).write_bytes(raw)
    return tmp_path / name


def with_alpha(pixels, alpha):
    return np.dstack([pixels, np.full(pixels.shape[:2], alpha, dtype=np.uint8)])


@pytest.mark.parametrize("scale", [1, 257])
def test_png_reads_8_and_16_bit_without_a_scale(tmp_path, scale):
    pixels = GREY if scale == 1 else GREY.astype(np.uint16) * 257
    scan = read(write(tmp_path, picture(pixels, "PNG")))
    np.testing.assert_array_equal(scan.z, pixels)
    assert (scan.z_unit, scan.pixel_size) == ("relative", None)


def test_a_resolution_tag_is_no_pixel_size(tmp_path):
    assert read(write(tmp_path, picture(GREY, "PNG", dpi=(300, 300)))).pixel_size is None


def test_one_bit_pictures_have_two_levels(tmp_path):
    scan = read(write(tmp_path, picture(GREY > 100, "PNG")))
    np.testing.assert_array_equal(scan.z, np.where(GREY > 100, 255, 0))


def test_jpeg_and_bmp_read_like_pillow(tmp_path):
    for kind, name in (("JPEG", "a.jpg"), ("BMP", "a.bmp")):
        path = write(tmp_path, picture(GREY, kind), name)
        np.testing.assert_array_equal(read(path).z, np.asarray(Image.open(path)))


@pytest.mark.parametrize(
    "pixels",
    [
        np.dstack([GREY] * 3),
        with_alpha(np.dstack([GREY] * 3), 255),
        with_alpha(GREY, 255),
    ],
    ids=["rgb", "rgba", "grey and alpha"],
)
def test_grey_saved_in_colour_is_grey(tmp_path, pixels):
    np.testing.assert_array_equal(read(write(tmp_path, picture(pixels, "PNG"))).z, GREY)


def test_a_colour_picture_is_refused_with_the_way_out(tmp_path):
    path = write(tmp_path, picture(COLOUR, "PNG"))
    with pytest.raises(ReadError, match=r"a\.png.*colour picture.*channel='red'"):
        read(path)
    np.testing.assert_array_equal(read(path, channel="green").z, GREY // 2)
    with pytest.raises(ReadError, match=r"'red', 'green', 'blue'"):
        read(path, channel="purple")


def test_transparent_pictures_are_refused(tmp_path):
    pixels = with_alpha(COLOUR, 255)
    pixels[0, 0, 3] = 0
    with pytest.raises(ReadError, match=r"transparent"):
        read(write(tmp_path, picture(pixels, "PNG")), channel="red")


@pytest.mark.parametrize("transparency", [{}, {"transparency": bytes([255] * 256)}])
def test_a_grey_palette_is_grey_and_a_colour_palette_is_refused(tmp_path, transparency):
    greys = np.repeat(np.arange(255, -1, -1), 3)  # entry i is grey 255 - i
    colours = np.arange(768) % 256
    image = Image.frombytes("P", (7, 5), GREY.tobytes())
    image.putpalette(greys.tolist())
    image.save(tmp_path / "grey.png", **transparency)
    np.testing.assert_array_equal(read(tmp_path / "grey.png").z, 255 - GREY)
    image.putpalette(colours.tolist())
    image.save(tmp_path / "colours.png", **transparency)
    with pytest.raises(ReadError, match=r"colour picture"):
        read(tmp_path / "colours.png")


def test_colour_in_16_bits_is_not_silently_halved(tmp_path):
    import struct
    import zlib

    def chunk(kind, body):
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    rows = b"\0" + bytes(range(12)) + b"\0" + bytes(range(12))  # 2 x 2 pixels of 3 x 16 bit
    header = struct.pack(">IIBBBBB", 2, 2, 16, 2, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    raw += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    with pytest.raises(ReadError, match=r"16 bits"):
        read(write(tmp_path, raw))


def test_cmyk_is_refused(tmp_path):
    Image.fromarray(with_alpha(COLOUR, 3), mode="CMYK").save(tmp_path / "a.jpg")
    with pytest.raises(ReadError, match=r"CMYK"):
        read(tmp_path / "a.jpg")
