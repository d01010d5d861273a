import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.preprocess import Crop, Resample, crop_centre, resample

Z = np.random.default_rng(0).normal(size=(30, 40))


def scan(pixel_size=(2.0, 4.0)):
    return HeightMap(Z, "nm", pixel_size, "a.spm")


@pytest.mark.parametrize("pitch", [1.0, 3.0, 9.0, (5.0, 3.0)])
@pytest.mark.parametrize("order", [1, 3])
def test_resample_equals_its_function_and_sets_the_pixel_size(pitch, order):
    result = Resample(pitch, order).fit_transform([scan()])[0]
    z, reached = resample(Z, (2.0, 4.0), pitch, order)
    assert_array_equal(result.z, z)
    assert result.pixel_size == reached
    assert result.scan_size == pytest.approx((60.0, 160.0))


def test_resample_brings_scans_of_different_scale_to_one():
    small = HeightMap(np.zeros((64, 64)), "nm", 1.0)
    large = HeightMap(np.zeros((64, 64)), "nm", 8.0)
    images = Resample(4.0).fit_transform([small, large])
    assert [image.pixel_size for image in images] == [(4.0, 4.0), (4.0, 4.0)]
    assert [image.shape for image in images] == [(16, 16), (128, 128)]


def test_crop_in_pixels_equals_its_function_and_keeps_the_pixel_size():
    result = Crop((10, 12)).fit_transform([scan()])[0]
    assert_array_equal(result.z, crop_centre(Z, (10, 12)))
    assert result.pixel_size == (2.0, 4.0)


@pytest.mark.parametrize(
    ("size", "shape"), [(20.0, (10, 5)), ((60, 160), (30, 40)), ((21.1, 9.0), (11, 2))]
)
def test_crop_in_nm_rounds_to_pixels(size, shape):
    assert_array_equal(Crop(size, unit="nm").fit_transform([scan()])[0].z, crop_centre(Z, shape))


@pytest.mark.parametrize("step", [Resample(3.0), Crop(20.0, unit="nm")], ids=str)
def test_an_unknown_pixel_size_is_named_with_the_way_out(step):
    images = step.fit_transform([scan(), scan(None)])
    assert images[0].z.size
    with pytest.raises(ValueError, match=r"X\[1\] \(a\.spm\).*pixel size.*read\(path, pixel_size"):
        images[1]


def test_crop_in_pixels_needs_no_pixel_size():
    assert Crop(10).fit_transform([Z])[0].shape == (10, 10)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Crop(31), r"X\[0\] \(a\.spm\).*the map has 30 x 40, too few rows"),
        (Crop(300, unit="nm"), r"X\[0\] \(a\.spm\).*the map has 30 x 40"),
        (Crop(0.5, unit="nm"), r"X\[0\] \(a\.spm\).*less than a pixel"),
        (Resample(1000.0), r"X\[0\] \(a\.spm\).*too coarse"),
    ],
    ids=str,
)
def test_what_does_not_fit_the_map_names_it(step, message):
    with pytest.raises(ValueError, match=message):
        step.fit_transform([scan()])[0]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Resample(0), "pitch must be a positive number"),
        (Resample(4.0, order=0), "order must be"),
        (Crop(0), "size must be"),
        (Crop(2.5), "size must be an integer"),
        (Crop((3, 4, 5)), "size must be"),
        (Crop(5, unit="um"), "unit must be one of"),
    ],
    ids=str,
)
def test_parameters_are_checked_in_fit_and_in_transform(step, message):
    with pytest.raises(ValueError, match=message):
        step.fit([scan()])
    with pytest.raises(ValueError, match=message):
        step.transform([scan()])
