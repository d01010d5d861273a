import struct

import numpy as np
import pytest
from PIL import Image
from scan_files import picture, tiff

from tmdfeat import read
from tmdfeat.io import ReadError

GREY = np.random.default_rng(0).integers(0, 200, size=(6, 9)).astype(np.uint8)
COLOUR = np.stack([GREY, GREY // 2, GREY // 3], axis=-1)


def write(tmp_path, raw, name="a.tif"):
    (tmp_path / name).write_bytes(raw)
    return tmp_path / name


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"])
@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"byteorder": ">"}], ids=str)
def test_all_depths_are_read_without_a_scale(tmp_path, dtype, options):
    pixels = GREY.astype(dtype)
    if pixels.dtype.kind in "if":
        pixels = pixels - pixels.dtype.type(100)
    scan = read(write(tmp_path, tiff(pixels, resolution=(300, 300), **options)))
    np.testing.assert_array_equal(scan.z, pixels)
    assert (scan.z_unit, scan.pixel_size) == ("relative", None)


def test_a_scale_is_taken_from_the_caller(tmp_path):
    path = write(tmp_path, tiff(GREY.astype(np.float32)), "a.tiff")
    scan = read(path, pixel_size=(2.0, 3.0), z_unit="nm")
    assert scan.scan_size == (12.0, 27.0)
    np.testing.assert_array_equal(scan.z, GREY)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_lzw_is_read(tmp_path, dtype):
    raw = picture(GREY.astype(dtype), "TIFF", compression="tiff_lzw")
    np.testing.assert_array_equal(read(write(tmp_path, raw)).z, GREY)


def test_grey_saved_in_colour_is_grey(tmp_path):
    for planar in ("contig", "separate"):
        equal = np.dstack([GREY] * 3)
        pixels = equal if planar == "contig" else np.moveaxis(equal, -1, 0)
        raw = tiff(pixels, photometric="rgb", planarconfig=planar)
        np.testing.assert_array_equal(read(write(tmp_path, raw)).z, GREY)


def test_a_colour_picture_is_refused_with_the_way_out(tmp_path):
    path = write(tmp_path, tiff(COLOUR, photometric="rgb"))
    with pytest.raises(ReadError, match=r"a\.tif.*colour picture.*channel='red'"):
        read(path)
    np.testing.assert_array_equal(read(path, channel="blue").z, GREY // 3)


@pytest.mark.parametrize("step", [256, 257])
def test_a_grey_palette_is_grey(tmp_path, step):
    ramp = (np.arange(255, -1, -1) * step).astype(np.uint16)  # entry i is grey 255 - i
    raw = tiff(GREY, photometric="palette", colormap=np.stack([ramp] * 3))
    np.testing.assert_array_equal(read(write(tmp_path, raw)).z, 255 - GREY)


def test_a_colour_palette_is_refused(tmp_path):
    ramp = (np.arange(256) * 256).astype(np.uint16)
    raw = tiff(GREY, photometric="palette", colormap=np.stack([ramp, ramp // 2, ramp]))
    with pytest.raises(ReadError, match=r"colour picture"):
        read(write(tmp_path, raw))


def test_negatives_are_refused(tmp_path):
    with pytest.raises(ReadError, match=r"negative"):
        read(write(tmp_path, tiff(GREY, photometric="miniswhite")))


def test_pages_are_channels(tmp_path):
    raw = tiff(np.stack([GREY, GREY + 1]), photometric="minisblack")
    path = write(tmp_path, raw)
    np.testing.assert_array_equal(read(path, channel="page 1").z, GREY + 1)
    with pytest.raises(ReadError, match=r"2 pages.*channel='page 0'"):
        read(path)
    with pytest.raises(ReadError, match=r"no channel 'page 2'.*'page 0', 'page 1'"):
        read(path, channel="page 2")


def test_a_thumbnail_is_no_page(tmp_path):
    import tifffile

    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(GREY)
        file.write(GREY[::2, ::2], subfiletype=1)
    np.testing.assert_array_equal(read(tmp_path / "a.tif").z, GREY)


def test_missing_pixels_are_not_filled_with_zeros(tmp_path):
    raw = tiff(GREY)  # pixels come last
    with pytest.raises(ReadError, match=r"cut short"):
        read(write(tmp_path, raw[:-1]))


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_missing_strips_are_not_filled_with_zeros(tmp_path, compression):
    raw = tiff(GREY, rowsperstrip=2, compression=compression)
    assert read(write(tmp_path, raw)).shape == (6, 9)
    length = struct.pack("<HHII", 257, 4, 1, 6)  # the tag ImageLength
    assert raw.count(length) == 1
    with pytest.raises(ReadError, match=r"\(16, 9\), got only some"):
        read(write(tmp_path, raw.replace(length, struct.pack("<HHII", 257, 4, 1, 16))))


def test_unusual_compression_is_only_read_for_one_page_of_grey(tmp_path):
    pages = [Image.fromarray(GREY), Image.fromarray(GREY + 1)]
    pages[0].save(
        tmp_path / "a.tif", append_images=pages[1:], save_all=True, compression="tiff_lzw"
    )
    with pytest.raises(ReadError, match=r"LZW.*without compression"):
        read(tmp_path / "a.tif", channel="page 1")
