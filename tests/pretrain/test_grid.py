import numpy as np
import pytest
from grid import (
    at_share,
    band,
    directed_band,
    field,
    geometric,
    make_grid,
    maze,
    rough,
    skewed,
    smooth,
    squash,
)

GRID = make_grid(160)


def power(z):
    return np.abs(np.fft.rfft2(z)) ** 2


def test_geometric_goes_from_low_to_high_by_equal_factors():
    assert [geometric(u, 2, 32) for u in (0, 0.25, 0.5, 1)] == pytest.approx([2, 4, 8, 32])


def test_nobody_can_change_the_grid_others_draw_on():
    with pytest.raises(ValueError, match="read-only"):
        GRID.x[0, 0] = 1


@pytest.mark.parametrize("wavelength", [5, 12, 40])
def test_a_band_has_its_wavelength_and_unit_deviation(wavelength):
    z = band(GRID, np.random.default_rng(0), wavelength, 0.1)
    assert z.std() == pytest.approx(1, abs=1e-3)
    assert abs(z.mean()) < 1e-3
    p = power(z)
    assert 1 / np.average(GRID.q, weights=p) == pytest.approx(wavelength, rel=0.1)


@pytest.mark.parametrize("hurst", [0.2, 0.5, 0.9])
def test_power_of_a_rough_field_falls_with_its_exponent(hurst):
    rng = np.random.default_rng(1)
    p = sum(power(rough(GRID, rng, hurst, 1e4)) for _ in range(10))
    seen = (GRID.q > 0.03) & (GRID.q < 0.3)
    slope = np.polyfit(np.log(GRID.q[seen]), np.log(p[seen]), 1)[0]
    assert slope == pytest.approx(-2 - 2 * hurst, abs=0.1)


def test_stretched_fields_are_longer_along_their_angle():
    z = rough(GRID, np.random.default_rng(2), 0.8, 30, angle=0.0, aspect=4)
    along, across = (np.average(k**2, weights=power(z)) for k in (GRID.kx, GRID.ky))
    assert across > 4 * along


def test_focused_waves_run_along_their_angle():
    z = field(GRID, np.random.default_rng(3), directed_band(GRID, 12, 0.1, np.pi / 2, 30))
    along, across = (np.average(k**2, weights=power(z)) for k in (GRID.ky, GRID.kx))
    assert along > 10 * across


def test_a_smooth_field_has_nothing_fine():
    p = power(smooth(GRID, np.random.default_rng(4), 20))
    assert p[GRID.q > 0.25].sum() < 1e-4 * p.sum()


def test_a_maze_has_stripes_of_even_height_and_its_shift_makes_dots():
    amplitude = np.exp(-((np.log((GRID.q + 1e-6) * 12) / 0.15) ** 2) / 2)
    stripes = maze(GRID, np.random.default_rng(5), amplitude)
    # a sine has kurtosis 1.5, a Gaussian field 3
    assert (stripes**4).mean() < 2.4
    dots = maze(GRID, np.random.default_rng(5), amplitude, shift=-0.9)
    assert (dots**3).mean() > 0.3
    assert abs((stripes**3).mean()) < 0.15


@pytest.mark.parametrize("share", [0.1, 0.5, 0.93])
def test_a_level_leaves_the_share_above(share):
    z = at_share(smooth(GRID, np.random.default_rng(6), 8), share)
    assert (z > 0).mean() == pytest.approx(share, abs=1e-3)


def test_skewing_by_a_gives_the_skewness_of_a_shifted_log_normal():
    z = np.random.default_rng(7).standard_normal(400_000)
    w = np.exp(0.4**2)
    expected = (w + 2) * np.sqrt(w - 1)
    for sign in (1, -1):
        y = skewed(z, sign * 0.4)
        y = (y - y.mean()) / y.std()
        assert (y**3).mean() == pytest.approx(sign * expected, abs=0.05)
    assert skewed(z, 0.0) is z


def test_squash_is_a_step_that_never_overflows():
    assert squash(np.array([-1e6, 0.0, 1e6]), 0.1) == pytest.approx([0, 0.5, 1], abs=1e-12)
