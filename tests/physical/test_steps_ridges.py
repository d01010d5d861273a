import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage
from skimage.feature import canny

from tmdfeat.physical.steps_facets import fitted_plane, terrace_slope, wave_phase
from tmdfeat.physical.steps_period import find_wave
from tmdfeat.physical.steps_ridges import drops, find_ridges, gradient, median3


def stairs(width, angle=0.0, side=200, step=0.2165, pixel=1.0):
    """A staircase that ascends along `angle` (degrees) and was levelled by its mean slope."""
    y, x = np.mgrid[:side, :side] * pixel
    way = (x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))) / width
    return step * (np.floor(way) - way + 0.5)


def ridges_of(z, pixel=(1.0, 1.0)):
    found = find_ridges(*gradient(z, pixel, 1.5), pixel)
    return found.where(found.size > 0.2 * found.size.max())


def half_plane(angle, side=101):
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return 0.65 * (x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle)) > 0.3)


@pytest.mark.parametrize("angle", [0, 20, 45, 70, 90, 130, 200, 315])
def test_a_straight_step_has_its_length_normal_and_drop(angle):
    z = half_plane(angle)
    ridges = ridges_of(z)
    slant = max(abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle))))
    assert ridges.length.sum() == pytest.approx(99 / slant, rel=0.03)
    mean = np.degrees(np.arctan2(ridges.y.mean(), ridges.x.mean()))
    assert (mean - angle + 180) % 360 - 180 == pytest.approx(0, abs=1.0)
    assert np.nanmedian(drops(z, ridges, (1.0, 1.0))) == pytest.approx(0.65, abs=1e-9)


def test_length_and_normal_are_in_nm_of_each_axis():
    y, x = np.mgrid[-100:101, -50:51] * 1.0
    z = 1.0 * (y * 1.0 + x * 2.0 > 0.3)  # ascends along 45 degrees in pixels of 1 x 2 nm
    ridges = ridges_of(z, (1.0, 2.0))
    inside = (np.abs(ridges.row - 100) < 80) & (np.abs(ridges.column - 50) < 40)
    assert ridges.length[inside].sum() == pytest.approx(159 * np.sqrt(2), rel=0.1)


def test_ridges_lie_on_the_edges_that_canny_finds():
    z = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(80, 80)), 6)
    ours = find_ridges(*gradient(z, (1.0, 1.0), 1.5), (1.0, 1.0))
    theirs = canny(z, sigma=1.5, low_threshold=0, high_threshold=0, mode="nearest")
    near = ndimage.binary_dilation(theirs, np.ones((3, 3)))
    strong = ours.where(ours.size > np.median(ours.size))
    # Not all: where ridges meet, both choose among neighbours in their own way.
    assert near[strong.row, strong.column].mean() > 0.95


def test_drops_outside_of_the_map_are_unknown():
    z = np.zeros((20, 20))
    z[:, 2:] = 1.0
    assert np.isnan(drops(z, ridges_of(z), (1.0, 1.0))).all()


def test_the_median_takes_single_pixels_away_and_keeps_edges():
    z = half_plane(0) * 1e6
    spiky = z.copy()
    spiky[30, 20] = 5e6
    assert_allclose(median3(spiky) + spiky.mean(), z, atol=1.0)
    assert (median3(np.zeros((3, 3))) == 0).all()


@pytest.mark.parametrize("width", [6.0, 15.5, 40.0])
@pytest.mark.parametrize("angle", [0, 33, 90, 250])
def test_the_wave_of_a_staircase_is_its_width_and_direction(width, angle):
    wave = find_wave(stairs(width, angle), (1.0, 1.0))
    assert 1 / np.hypot(wave.y, wave.x) == pytest.approx(width, rel=0.01)
    turn = np.degrees(np.arctan2(wave.y, wave.x)) - angle
    assert (turn + 90) % 180 - 90 == pytest.approx(0, abs=1.0)


def test_the_first_harmonic_of_a_sawtooth_has_six_over_pi_squared_of_its_power():
    # Harmonics up to a fifth of a wave per pixel: the first three of 15 px.
    share = find_wave(stairs(15.0, side=300), (1.0, 1.0)).share
    assert share == pytest.approx(1 / (1 + 1 / 4 + 1 / 9), abs=0.03)


def test_the_wave_is_in_nm_of_each_axis():
    z = stairs(15.0, side=300)
    wave = find_wave(z, (4.0, 2.0))
    assert abs(wave.x) == pytest.approx(1 / 30, rel=0.01)
    assert abs(wave.y) < 1e-6


@pytest.mark.parametrize("z", [np.zeros((64, 64)), np.random.default_rng(1).normal(size=(12, 12))])
def test_flat_and_small_maps_have_no_wave(z):
    assert np.isnan(find_wave(z, (1.0, 1.0))).all()


@pytest.mark.parametrize("angle", [0, 60, 190])
def test_terraces_slope_against_the_ascent_by_step_over_width(angle):
    z = stairs(20.0, angle)
    wave = find_wave(z, (1.0, 1.0))
    phase = wave_phase(z, (1.0, 1.0), wave)
    slope = terrace_slope(z, (1.0, 1.0), wave, phase, np.ones(z.shape, bool))
    direction = np.array([np.sin(np.radians(angle)), np.cos(np.radians(angle))])
    assert_allclose(slope, -0.2165 / 20.0 * direction, atol=1e-4)


def test_the_fitted_plane_is_that_of_least_squares():
    z = np.random.default_rng(2).normal(size=(9, 14))
    y, x = np.mgrid[:9, :14]
    basis = np.stack([np.ones(z.size), y.ravel(), x.ravel()], axis=1)
    expected = basis @ np.linalg.lstsq(basis, z.ravel(), rcond=None)[0]
    assert_allclose(fitted_plane(z).ravel(), expected, atol=1e-12)
    assert_allclose(fitted_plane(np.ones((1, 5))), 1.0)
