from pathlib import Path

import numpy as np
import pytest

from tmdfeat.io import ReadError
from tmdfeat.io.scan import Scan, to_heightmap

Z = np.array([[1.0, 2.0], [3.0, 4.0]])


def convert(z_unit=None, pixel_size=None, z=Z, **fields):
    return to_heightmap(Scan(z, "test", **fields), Path("folder/a.txt"), pixel_size, z_unit)


@pytest.mark.parametrize(
    ("stated", "given", "factor"),
    [
        ("µm", None, 1e3),  # the file alone
        (None, "pm", 1e-3),  # the caller alone
        ("µm", "um", 1e3),  # both, in two spellings
        ("m", "m", 1e9),
    ],
)
def test_heights_come_out_in_nm(stated, given, factor):
    image = convert(given, unit=stated)
    assert image.z_unit == "nm"
    np.testing.assert_array_equal(image.z, Z * factor)


def test_without_any_unit_heights_are_relative():
    image = convert()
    assert image.z_unit == "relative"
    np.testing.assert_array_equal(image.z, Z)


@pytest.mark.parametrize("stated", [None, "m", "deg"])
def test_relative_takes_the_numbers_as_they_are(stated):
    image = convert("relative", unit=stated)
    assert image.z_unit == "relative"
    np.testing.assert_array_equal(image.z, Z)
    assert image.meta["unit"] == stated


def test_what_the_file_says_of_its_unit_stands_and_a_contradiction_is_told():
    with pytest.warns(UserWarning, match=r"a.txt says that its heights are in m; z_unit='nm'"):
        image = convert("nm", unit="m")
    np.testing.assert_array_equal(image.z, Z * 1e9)


@pytest.mark.parametrize("given", [None, "nm"])
def test_a_channel_that_is_no_length_is_refused_with_the_way_out(given):
    with pytest.raises(ReadError, match=r"'Phase' is in deg.*'Height'.*z_unit='relative'"):
        convert(given, unit="deg", channel="Phase", channels=("Height", "Phase"))


def test_the_callers_pixel_size_fills_in_what_the_file_does_not_say():
    assert convert(pixel_size=(3.0, 2.0)).pixel_size == (3.0, 2.0)


def test_what_the_file_says_of_its_pixels_stands_and_a_contradiction_is_told():
    scan = Scan(Z, "test", pixel_size=(5.0, 5.0))
    with pytest.warns(UserWarning, match=r"a.txt says that its pixels are \(5.0, 5.0\) nm"):
        image = to_heightmap(scan, Path("folder/a.txt"), 10.0, None)
    assert image.pixel_size == (5.0, 5.0)


def test_one_pixel_size_for_files_that_differ_a_little_is_no_contradiction():
    scan = Scan(Z, "test", pixel_size=(5020 / 256, 5020 / 256))
    assert to_heightmap(scan, Path("a"), 5000 / 256, None).pixel_size == scan.pixel_size


def test_small_types_do_not_overflow():
    for dtype in (np.uint8, np.int16, np.float16):
        np.testing.assert_array_equal(convert("m", z=Z.astype(dtype)).z, Z * 1e9)


def test_single_precision_is_kept():
    assert convert("m", z=Z.astype(np.float32)).z.dtype == np.float32


def test_name_and_meta_say_where_it_comes_from():
    image = convert(unit="m", channel="Height", channels=("Height", "Phase"))
    assert image.name == "a.txt"
    assert image.meta == {
        "format": "test",
        "channel": "Height",
        "channels": ("Height", "Phase"),
        "unit": "m",
    }


@pytest.mark.parametrize("z", [np.zeros((1, 1)), np.zeros(5), np.zeros((2, 2, 2)), Z + 1j, Z > 2])
def test_numbers_that_make_no_map_are_refused(z):
    with pytest.raises(ReadError, match=r"height map|real numbers"):
        convert(z=z)
