import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.surfaces import egg_crate, sine, turned_and_flipped, whole_maps
from scipy.special import ellipe

from tmdfeat.physical import compute, select
from tmdfeat.physical.slope import (
    Slopes,
    area_excess,
    rms_slope,
    rms_slope_iso7,
)
from tmdfeat.physical.slope_curvature import mean_laplacian, rms_curvature

FAMILY = select("slope")


def whole_periods(z, samples):
    """One column more than whole periods, so that forward differences see whole periods."""
    return z[:, : z.shape[1] // samples * samples - samples + 1]


def sinc(x):
    return np.sin(x) / x


@pytest.mark.parametrize("samples", [8, 16, 64])
def test_sine_slope_is_the_true_one_times_the_forward_stencil(samples):
    amplitude, pixel = 0.3, 0.5
    z = whole_periods(sine(samples, amplitude=amplitude), samples)
    k = 2 * np.pi * amplitude / (samples * pixel)
    assert rms_slope(z, pixel) == pytest.approx(k / np.sqrt(2) * sinc(np.pi / samples))


@pytest.mark.parametrize(("samples", "factor"), [(8, 0.9985), (16, 0.99997)])
def test_sine_slope_with_seven_points(samples, factor):
    z = sine(samples, side=256 + 6)  # the stencil loses three pixels at each end
    true = 2 * np.pi / samples / np.sqrt(2)
    assert rms_slope_iso7(z) == pytest.approx(true * factor, rel=5e-5)


def test_egg_crate_slope():
    z = egg_crate(64, side=257, amplitude=2.0)
    assert rms_slope(z) == pytest.approx(2 * 2 * np.pi / 64, rel=1e-3)


@pytest.mark.parametrize("amplitude", [0.01, 5.0, 100.0])
def test_sine_area_equals_the_elliptic_integral(amplitude):
    samples = 512
    z = sine(samples, side=samples + 1, amplitude=amplitude)[:4]
    k = 2 * np.pi * amplitude / samples
    assert area_excess(z) == pytest.approx(2 / np.pi * ellipe(-(k**2)) - 1, rel=1e-4)


def test_tilted_plane():
    y, x = np.mgrid[:20, :30]
    z = 0.7 * (2.0 * y) + 0.3 * (0.5 * x)
    assert rms_slope(z, (2.0, 0.5)) == pytest.approx(np.hypot(0.7, 0.3))
    assert rms_slope_iso7(z, (2.0, 0.5)) == pytest.approx(np.hypot(0.7, 0.3))
    assert area_excess(z, (2.0, 0.5)) == pytest.approx(np.sqrt(1 + 0.7**2 + 0.3**2) - 1)
    assert mean_laplacian(z, (2.0, 0.5)) == pytest.approx(0, abs=1e-12)
    assert rms_curvature(z, (2.0, 0.5)) == pytest.approx(0, abs=1e-12)


def test_area_of_one_cell_is_the_mean_of_both_cuts():
    # One corner raised by 1 over 2x2: cut through it, two triangles of area sqrt(2)/2; cut past
    # it, one flat triangle and one of area sqrt(3)/2.
    z = np.zeros((3, 3))
    z[0, 0] = 1.0
    one_cell = (np.sqrt(2) + (1 + np.sqrt(3)) / 2) / 2 - 1
    assert area_excess(z) == pytest.approx(one_cell / 4)


def test_small_slopes_have_half_their_square_as_area():
    z = np.random.default_rng(0).normal(size=(32, 32)) * 1e-9
    down, right = np.diff(z, axis=0), np.diff(z, axis=1)
    cells = (down[:, 1:] ** 2 + down[:, :-1] ** 2 + right[1:] ** 2 + right[:-1] ** 2) / 4
    assert area_excess(z) == pytest.approx(cells.mean(), rel=1e-6)


@pytest.mark.parametrize("pixel", [1.0, 0.25])
def test_paraboloid_has_the_curvature_of_its_radius(pixel):
    y, x = (np.mgrid[:15, :21] - 7) * pixel
    z = (x**2 + y**2) / (2 * 40.0)
    assert mean_laplacian(z, pixel) == pytest.approx(2 / 40)
    assert rms_curvature(z, pixel) == pytest.approx(1 / 40)


def test_sine_curvature_is_the_true_one_times_the_stencil_squared():
    samples = 16
    z = sine(samples, side=16 * samples + 2)
    true = (2 * np.pi / samples) ** 2 / np.sqrt(2) / 2
    assert rms_curvature(z) == pytest.approx(true * sinc(np.pi / samples) ** 2)


def test_slope_and_curvature_equal_surface_topography():
    Topography = pytest.importorskip("SurfaceTopography").Topography
    rng = np.random.default_rng(4)
    # A sum of profiles, since it leaves out the last row and column of differences.
    z = rng.normal(size=(30, 1)) + rng.normal(size=(1, 40))
    other = Topography(z, (30 * 2.0, 40 * 2.0), unit="nm")
    assert rms_slope(z, 2.0) == pytest.approx(other.rms_gradient())
    assert rms_curvature(z, 2.0) == pytest.approx(other.rms_curvature_from_area())


@settings(deadline=None, max_examples=60)
@given(whole_maps, st.integers(-500, 500))
def test_offset_quarter_turns_and_flips_change_nothing(z, offset):
    expected = compute(FAMILY, z)
    for same in [z + np.int32(offset), *turned_and_flipped(z)]:
        assert_allclose(compute(FAMILY, same), expected, rtol=1e-7, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(whole_maps, st.integers(-3, 3))
def test_slope_and_curvature_are_proportional_to_the_height(z, power):
    for function in (rms_slope, mean_laplacian, rms_curvature):
        assert_allclose(function(z * 2.0**power), function(z) * 2.0**power, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(whole_maps, st.integers(-50, 50), st.integers(-50, 50))
def test_a_tilt_does_not_change_the_curvature(z, down, right):
    y, x = np.mgrid[: z.shape[0], : z.shape[1]]
    assert_allclose(rms_curvature(z + down * y + right * x), rms_curvature(z), atol=1e-9)


@given(whole_maps, st.sampled_from([0.5, 4.0]))
def test_height_and_pixel_size_in_another_unit_leave_slopes_alone(z, factor):
    for function in (rms_slope, area_excess):
        assert_allclose(function(z * factor, factor), function(z, 1.0), atol=1e-9)


def test_quarter_turn_swaps_the_two_pixel_sizes():
    z = np.random.default_rng(5).normal(size=(9, 12))
    turned = compute(FAMILY, z.T, (3.0, 2.0))
    assert_allclose(turned, compute(FAMILY, z, (2.0, 3.0)), rtol=1e-9)


@pytest.mark.parametrize("size", [1e-12, 1e6])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    z = np.random.default_rng(6).normal(size=(16, 16))
    assert rms_slope(z * size) == pytest.approx(rms_slope(z) * size)
    assert area_excess(z * size) > 0
    assert np.isfinite(compute(FAMILY, z * size)).all()


def test_a_flat_map_has_no_slope_and_undefined_ratios():
    values = dict(zip([d.name for d in FAMILY], compute(FAMILY, np.full((9, 9), 0.1)), strict=True))
    assert np.isnan([values.pop("theta_skew"), values.pop("theta_kurt")]).all()
    assert_allclose(list(values.values()), 0.0, atol=0)


@pytest.mark.parametrize("shape", [(1, 8), (2, 2), (2, 9), (9, 2)])
def test_below_three_pixels_slopes_are_undefined(shape):
    z = np.random.default_rng(7).normal(size=shape)
    for descriptor in FAMILY:
        assert np.isnan(descriptor.compute(z)), descriptor.name


def test_three_by_three_is_enough_and_seven_for_seven_points():
    z = np.random.default_rng(8).normal(size=(7, 7))
    assert np.isfinite(compute(FAMILY, z)).all()
    undefined = [d.name for d, v in zip(FAMILY, compute(FAMILY, z[:3, :3]), strict=True) if v != v]
    assert undefined == ["Sdq_iso7"]


def test_prepared_slopes_give_the_same_as_the_array():
    z = np.random.default_rng(9).normal(size=(7, 7))
    assert rms_slope(Slopes(z, 2.0)) == rms_slope(z, 2.0)
