import copy
import pickle

import joblib
import numpy as np
import pytest

from tmdfeat import HeightMap

Z = np.arange(6.0).reshape(2, 3)


def test_it_keeps_what_it_is_given():
    scan = HeightMap(Z, z_unit="nm", pixel_size=(2.0, 5.0), name="a.spm", meta={"channel": "Z"})
    np.testing.assert_array_equal(scan.z, Z)
    assert (scan.z_unit, scan.pixel_size, scan.name) == ("nm", (2.0, 5.0), "a.spm")
    assert scan.meta == {"channel": "Z"}
    assert scan.shape == (2, 3)
    assert scan.scan_size == (4.0, 15.0)


def test_without_more_nothing_is_known_of_the_scale():
    scan = HeightMap(Z)
    assert (scan.z_unit, scan.pixel_size, scan.scan_size) == ("relative", None, None)
    assert (scan.name, scan.meta) == ("", {})


def test_one_pixel_size_holds_for_both_axes():
    assert HeightMap(Z, pixel_size=3).pixel_size == (3.0, 3.0)


def test_nested_lists_and_integers_become_doubles():
    for z in (Z.tolist(), Z.astype(np.uint8), Z.astype(np.int16), Z.astype(np.float16)):
        assert HeightMap(z).z.dtype == np.float64
        np.testing.assert_array_equal(HeightMap(z).z, Z)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_are_kept_without_a_copy(dtype):
    z = Z.astype(dtype)
    scan = HeightMap(z)
    assert scan.z.dtype == dtype
    assert np.shares_memory(scan.z, z)


def test_the_stored_array_is_read_only_and_the_callers_is_not():
    z = Z.copy()
    scan = HeightMap(z)
    with pytest.raises(ValueError, match=r"read-only"):
        scan.z[0, 0] = 7
    z[0, 0] = 7
    assert z.flags.writeable


def through_a_process(scan):
    return joblib.Parallel(n_jobs=2)(joblib.delayed(with_flag)(s) for s in (scan, scan))[0]


def with_flag(scan):
    assert not scan.z.flags.writeable, "writeable in the worker"
    return scan


@pytest.mark.parametrize(
    "journey",
    [lambda scan: pickle.loads(pickle.dumps(scan)), copy.copy, copy.deepcopy, through_a_process],
    ids=["pickle", "copy", "deepcopy", "process"],
)
@pytest.mark.parametrize("shape", [(2, 3), (400, 400)], ids=["small", "by memmap"])
def test_copies_are_equal_and_read_only_too(journey, shape):
    z = np.arange(float(np.prod(shape))).reshape(shape)
    scan = HeightMap(z, z_unit="nm", pixel_size=(2.0, 5.0), name="a.spm", meta={"channel": "Z"})
    there = journey(scan)
    assert not there.z.flags.writeable
    np.testing.assert_array_equal(there.z, z)
    assert (there.z_unit, there.pixel_size, there.name) == ("nm", (2.0, 5.0), "a.spm")
    assert there.meta == {"channel": "Z"}


def test_attributes_cannot_be_set():
    with pytest.raises(AttributeError):
        HeightMap(Z).z_unit = "nm"


def test_masked_pixels_are_missing():
    scan = HeightMap(np.ma.masked_equal(Z, 4))
    np.testing.assert_array_equal(np.isnan(scan.z), Z == 4)
    assert np.isnan(HeightMap(np.ma.masked_equal(Z.astype(int), 4)).z).sum() == 1


def test_meta_is_a_copy():
    meta = {"a": 1}
    scan = HeightMap(Z, meta=meta)
    meta["a"] = 2
    assert scan.meta["a"] == 1


@pytest.mark.parametrize(
    ("z", "shape"),
    [
        (np.zeros((0, 0)), r"\(0, 0\)"),
        (np.zeros((1, 1)), r"\(1, 1\)"),
        (np.zeros((0, 5)), r"\(0, 5\)"),
        (np.zeros(5), r"\(5,\)"),
        (np.float64(1), r"\(\)"),
        (np.zeros((2, 3, 4, 5)), r"\(2, 3, 4, 5\)"),
    ],
)
def test_other_shapes_are_refused_and_named(z, shape):
    with pytest.raises(ValueError, match=shape):
        HeightMap(z)


@pytest.mark.parametrize("channels", [3, 4])
def test_colour_pictures_are_refused_with_the_way_out(channels):
    with pytest.raises(ValueError, match=r"colour picture.*z\[\.\.\., 0\]"):
        HeightMap(np.zeros((8, 8, channels)))


@pytest.mark.parametrize("z", [Z + 1j, Z > 2, Z.astype(str), np.full((2, 2), None)])
def test_what_is_no_real_number_is_refused(z):
    with pytest.raises(TypeError, match=r"real numbers.*dtype"):
        HeightMap(z)


@pytest.mark.parametrize("unit", ["um", "m", "", None])
def test_other_height_units_are_refused_with_the_way_out(unit):
    with pytest.raises(ValueError, match=r"z_unit must be one of.*read\(path, z_unit=...\)"):
        HeightMap(Z, z_unit=unit)


@pytest.mark.parametrize("size", [0, -1, np.nan, np.inf, (1, 0), (1, 2, 3), (1,)])
def test_pixel_sizes_that_are_no_lengths_are_refused(size):
    with pytest.raises(ValueError, match=r"positive number of nm"):
        HeightMap(Z, pixel_size=size)
