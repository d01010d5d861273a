import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image
from scipy.stats import median_abs_deviation
from torchvision import transforms

from tmdfeat import HeightMap
from tmdfeat.deep import Rendering


def stretch(z, *arguments, **options):
    return Rendering(*arguments, **options).stretch(HeightMap(z))


def grey(z, size, **options):
    rendering = Rendering(**options)
    return rendering.resize(rendering.stretch(HeightMap(z)), size)[0].numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_ramp_is_stretched_between_its_percentiles_and_clipped(dtype):
    # 0..1000 in 1001 steps: the percentiles are 5 and 995.
    ramp = np.arange(1001, dtype=dtype).reshape(7, 143)
    expected = np.clip((np.arange(1001) - 5) / 990, 0, 1).reshape(7, 143)
    assert_allclose(stretch(ramp), expected, atol=1e-6)
    assert stretch(ramp).dtype == np.float32


def test_offset_and_scale_of_heights_do_not_matter():
    z = np.random.default_rng(0).normal(size=(50, 40))
    assert_allclose(stretch(1e6 + 1e-3 * z), stretch(z), atol=1e-6)


def test_noisy_heights_use_numpys_percentiles():
    z = np.random.default_rng(1).gamma(1.0, size=(64, 64))
    low, high = np.percentile(z, 0.5), np.percentile(z, 99.5)
    inside = (z > low) & (z < high)
    assert_allclose(stretch(z)[inside], (z[inside] - low) / (high - low), atol=1e-6)
    assert set(stretch(z)[~inside]) == {0.0, 1.0}


def test_flat_maps_and_maps_flat_but_for_a_spike_are_middle_grey():
    spike = np.zeros((40, 40))
    spike[3, 3] = 7.0
    for z in (np.full((5, 6), -3.0), spike):
        assert_allclose(grey(z, 16), np.full((16, 16), 0.5), rtol=1e-6)


@pytest.mark.parametrize("height", [0.1, -1e6 / 3])
def test_a_map_flat_but_for_rounding_is_middle_grey(height):
    z = np.full((40, 40), height)
    z[:, ::2] = np.nextafter(height, np.inf)
    assert_array_equal(stretch(z), np.full((40, 40), 0.5))


def test_a_trillionth_of_the_offset_is_no_rounding():
    z = np.full((40, 40), 1e3)
    z[:, ::2] += 1e-9
    assert_allclose(stretch(z), np.tile([1.0, 0.0], (40, 20)), atol=1e-6)


def test_halving_a_ramp_averages_it_and_keeps_it_a_ramp():
    # A symmetric filter reproduces a linear function away from the borders.
    ramp = np.tile(np.arange(64.0), (64, 1))
    low, high = np.percentile(ramp, [0.5, 99.5])
    centres = 2 * np.arange(32) + 0.5
    expected = (centres - low) / (high - low)
    assert_allclose(grey(ramp, 32)[:, 4:-4], np.tile(expected[4:-4], (32, 1)), atol=1e-6)


def test_resizing_is_antialiased():
    # Lines of one pixel alternate: sampling without a filter would show black or white.
    lines = np.tile([0.0, 1.0], (64, 32))
    assert_allclose(grey(lines, 16)[:, 1:-1], 0.5, atol=0.02)


def test_maps_that_are_not_square_are_squeezed_to_a_square():
    ramp = np.tile(np.arange(100.0)[:, None], (1, 30))
    assert grey(ramp, 20).shape == (20, 20)


def test_zero_and_hundred_percent_are_minimum_and_maximum():
    z = np.random.default_rng(3).normal(size=(70, 70))
    assert_allclose(stretch(z, 0, 100), (z - z.min()) / np.ptp(z), atol=1e-6)


def test_spread_counts_from_the_median_in_robust_deviations():
    z = np.random.default_rng(4).gumbel(size=(64, 80))
    deviation = median_abs_deviation(z, axis=None, scale="normal")
    scores = (z - np.median(z)) / deviation
    expected = np.clip((scores + 2) / 5, 0, 1)
    assert_allclose(stretch(z, -2, 3, unit="spread"), expected, atol=1e-6)


def test_limits_in_nm_are_the_same_for_all_maps():
    z = np.array([[-1.0, 0.0], [1.0, 5.0]])
    for offset, expected in [(0.0, [[0, 0.25], [0.5, 1]]), (0.5, [[0.125, 0.375], [0.625, 1]])]:
        image = HeightMap(z + offset, z_unit="nm", pixel_size=1.0)
        assert_allclose(Rendering(-1, 3, unit="nm").stretch(image), expected, atol=1e-6)


def test_limits_in_nm_refuse_relative_heights_with_the_way_out():
    with pytest.raises(ValueError, match=r"heights in nm.*z_unit.*unit='percent'"):
        stretch(np.eye(3), 0, 1, unit="nm")


@pytest.mark.parametrize("shape", [(300, 260), (200, 500)])
def test_eight_bits_equal_the_usual_pipeline_of_pictures(shape):
    z = np.random.default_rng(5).normal(size=shape)
    low, high = np.percentile(z, [0.5, 99.5])
    bits = np.round(np.clip((z - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    usual = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
    expected = usual(Image.fromarray(bits))[0].numpy()
    difference = np.abs(grey(z, 224, eight_bit=True) - expected)
    assert (difference > 1e-6).mean() < 1e-3  # a grey value on an edge may round either way
    assert difference.max() < 1.5 / 255
    assert np.abs(grey(z, 224) - expected).max() > 1e-3  # and float is not that


@pytest.mark.parametrize("height", [1e-300, 1e300])
def test_ranges_beyond_float32_are_stretched_all_the_same(height):
    z = np.tile(np.linspace(0, height, 64), (64, 1))
    assert_allclose(stretch(z, 0, 100)[0], np.linspace(0, 1, 64), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "um"}, "unit must be one of"),
        ({"low": 3.0, "high": 2.0}, "low below high"),
        ({"high": np.inf, "unit": "spread"}, "finite"),
        ({"low": -1.0}, "0..100"),
        ({"size": 0}, "size must be an integer"),
    ],
)
def test_wrong_settings_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        Rendering(**change)
