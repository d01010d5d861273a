import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.deep.rendering import render, stretch

PLAIN = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))  # mean, std that change nothing


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
        grey = render(HeightMap(z), 16, *PLAIN)
        assert_allclose(grey, np.full((3, 16, 16), 0.5), rtol=1e-6)


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
    grey = render(HeightMap(ramp), 32, *PLAIN)
    assert_allclose(grey[0, :, 4:-4], np.tile(expected[4:-4], (32, 1)), atol=1e-6)


def test_resizing_is_antialiased():
    # Lines of one pixel alternate: sampling without a filter would show black or white.
    lines = np.tile([0.0, 1.0], (64, 32))
    assert_allclose(render(HeightMap(lines), 16, *PLAIN)[0, :, 1:-1], 0.5, atol=0.02)


def test_maps_that_are_not_square_are_squeezed_to_a_square():
    ramp = np.tile(np.arange(100.0)[:, None], (1, 30))
    assert render(HeightMap(ramp), 20, *PLAIN).shape == (3, 20, 20)


def test_each_channel_is_normalised_by_its_own_mean_and_deviation():
    z = np.random.default_rng(2).normal(size=(8, 8))
    mean, std = (0.1, 0.2, 0.3), (0.5, 2.0, 4.0)
    expected = [(stretch(z) - m) / s for m, s in zip(mean, std, strict=True)]
    assert_allclose(render(HeightMap(z), 8, mean, std), expected, atol=1e-6)
