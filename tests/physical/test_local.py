import numpy as np
import pytest
from hypothesis import given, settings
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose
from physical.every_map import (
    MAPS,
    PIXELS,
    check_dtypes,
    check_every_map,
    check_invariances,
    check_oblong_pixels,
    check_pickles,
    rough_maps,
)
from physical.surfaces import gaussian_surface, sine
from scipy.ndimage import uniform_filter

from tmdfeat.physical import compute, select
from tmdfeat.physical.local import (
    DESCRIPTORS,
    LocalMap,
    lacunarity,
    local_deviation,
    local_deviation_high,
    local_deviation_variation,
)

FAMILY = select("local")
Z = np.random.default_rng(0).gamma(2.0, size=(40, 50)) + 30


@pytest.mark.parametrize("window", [3, 4, 7, 40])
def test_deviations_equal_those_of_all_windows_one_by_one(window):
    spreads = sliding_window_view(Z, (window, window)).std(axis=(-2, -1))
    assert local_deviation(Z, window=window) == pytest.approx(spreads.mean())
    assert local_deviation_high(Z, window=window) == pytest.approx(np.percentile(spreads, 90))
    variation = spreads.std() / spreads.mean()
    assert local_deviation_variation(Z, window=window) == pytest.approx(variation, abs=1e-9)


def test_deviation_equals_scipys_uniform_filter():
    variance = uniform_filter(Z**2, 5) - uniform_filter(Z, 5) ** 2
    assert local_deviation(Z, window=5) == pytest.approx(np.sqrt(variance[2:-2, 2:-2]).mean())


def test_windows_of_whole_periods_of_a_sine_have_its_deviation_everywhere():
    z = sine(16, amplitude=3.0)
    for window in (16, 32, 64):
        assert local_deviation(z, window=window) == pytest.approx(3 / np.sqrt(2))
        assert local_deviation_high(z, window=window) == pytest.approx(3 / np.sqrt(2))
        assert local_deviation_variation(z, window=window) == pytest.approx(0, abs=1e-7)


def test_windows_short_against_a_sine_have_the_deviation_of_its_slope():
    # A ramp of n points of slope s has the deviation s sqrt((n^2 - 1) / 12); mean abs(cos) = 2/pi.
    z = sine(256, side=512, amplitude=5.0)
    slope = 5.0 * 2 * np.pi / 256 * 2 / np.pi
    assert local_deviation(z, window=3) == pytest.approx(slope * np.sqrt(8 / 12), rel=0.01)


def test_one_step_is_in_few_windows():
    # 4 of the 13 windows of 5 columns straddle the step: k of 5 columns high.
    z = np.zeros((6, 17))
    z[:, 9:] = 2.0
    spreads = np.r_[np.zeros(9), [2 * np.sqrt(k / 5 * (1 - k / 5)) for k in (1, 2, 3, 4)]]
    assert local_deviation(z, window=5) == pytest.approx(spreads.mean())
    assert local_deviation_variation(z, window=5) == pytest.approx(spreads.std() / spreads.mean())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("window", [3, 8])
def test_lacunarity_of_independent_pixels(share, window):
    z = (np.random.default_rng(1).random((600, 600)) < share).astype(float)
    expected = 1 + (1 - share) / (share * window**2)
    assert lacunarity(z, window=window) - 1 == pytest.approx(expected - 1, rel=0.05)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_lacunarity_of_large_areas_is_one_over_their_share(share):
    z = np.zeros((3, 3000))
    z[:, : int(share * 3000)] = 1
    assert lacunarity(z, window=3) == pytest.approx(1 / share, rel=1e-3)


def test_lacunarity_equals_the_gliding_box_of_its_definition():
    mass = sliding_window_view(Z.mean() < Z, (6, 6)).sum(axis=(-2, -1)).astype(float)
    assert lacunarity(Z, window=6) == pytest.approx(np.mean(mass**2) / np.mean(mass) ** 2)


def test_lacunarity_of_a_chessboard_is_one_in_windows_of_whole_fields():
    assert lacunarity(np.indices((20, 30)).sum(axis=0) % 2, window=4) == pytest.approx(1)


def test_pixels_at_the_mean_height_are_not_high_whatever_the_offset():
    z = np.tile([-1.0, 0.0, 0.0, 0.0, 0.0, 1.0], (6, 4))
    values = [lacunarity(z + offset, window=3) for offset in np.linspace(-7, 7, 101)]
    assert_allclose(values, lacunarity(z, window=3))


def test_windows_are_in_nm_and_rounded_to_pixels():
    z = gaussian_surface(64)
    spreads = sliding_window_view(z, (4, 8)).std(axis=(-2, -1))
    assert local_deviation(z, (4.46, 2.0), window=16) == pytest.approx(spreads.mean())


@pytest.mark.parametrize(
    ("pixel", "defined"), [(6.5, False), (6.3, True), (0.4, True), (0.2, False)]
)
def test_windows_need_three_pixels_and_room(pixel, defined):
    values = [d.compute(gaussian_surface(64), pixel) for d in DESCRIPTORS if "w16" in d.name]
    assert np.isfinite(values).tolist() == [defined] * 4


def test_a_flat_map_is_smooth_everywhere_and_has_no_ratios():
    values = dict(
        zip([d.name for d in FAMILY], compute(FAMILY, np.full((256, 256), 0.1)), strict=True)
    )
    for name, value in values.items():
        expected = 0.0 if name.endswith(("mean", "p90", "rms")) else np.nan
        assert_allclose(value, expected, err_msg=name)


def test_prepared_map_gives_the_same_as_the_array():
    assert local_deviation(LocalMap(Z, 2.0)) == local_deviation(Z, 2.0)


@pytest.mark.parametrize("pixel_size", PIXELS, ids=str)
@pytest.mark.parametrize("name", MAPS)
def test_every_legal_map_has_finite_or_undefined_values(name, pixel_size):
    check_every_map(FAMILY, name, pixel_size)


@settings(deadline=None, max_examples=15)
@given(rough_maps)
def test_offset_factor_quarter_turns_and_flips(z):
    check_invariances(FAMILY, z)


@pytest.mark.parametrize("check", [check_oblong_pixels, check_dtypes, check_pickles])
def test_oblong_pixels_dtypes_and_pickles(check):
    check(FAMILY)
