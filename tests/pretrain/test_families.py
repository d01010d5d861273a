"""Each family: what it promises of its three numbers."""

from itertools import product

import numpy as np
import pytest
from families import FAMILIES
from grid import linear, make_grid
from scipy import ndimage
from surface import standardise
from truth import TRUTH, measure

GRID = make_grid(96)
every_family = pytest.mark.parametrize("name", FAMILIES)


def drawn(name, u, seed=0, grid=GRID):
    return FAMILIES[name](grid, np.array(u, float), np.random.default_rng(seed))


def described(z):
    """Truth, and how well slopes keep to 1, 2, 3, 4 or 6 directions; the best of the last three."""
    z = standardise(z)
    gy, gx = np.gradient(ndimage.gaussian_filter(z, 1))
    steep, angle = np.hypot(gx, gy), np.arctan2(gy, gx)
    kept = [abs((steep * np.exp(1j * n * angle)).sum()) / steep.sum() for n in (1, 2, 3, 4, 6)]
    return np.array([*measure(z), *kept, max(kept[2:])])


def descriptions(name, u, n, grid=GRID):
    return np.stack([described(drawn(name, u, seed, grid)) for seed in range(n)])


@every_family
def test_finite_and_not_flat_at_the_extremes(name):
    for number, u in enumerate(product((0.0, 0.999999), repeat=3)):
        z = drawn(name, u, number)
        assert z.shape == (96, 96)
        assert np.isfinite(z).all()
        assert z.std() > 1e-3 * np.abs(z).max()


@every_family
def test_equal_chance_draws_equal_surfaces_and_other_chance_others(name):
    first, again, other = (drawn(name, (0.4, 0.5, 0.6), seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@every_family
def test_says_what_it_stands_for(name):
    assert len(FAMILIES[name].__doc__.split()) > 5


@pytest.mark.slow
@every_family
def test_larger_scales_have_larger_structures(name):
    small, large = (descriptions(name, (u, 0.5, 0.5), 6).mean(0) for u in (0.1, 0.9))
    gentler = (small - large)[TRUTH.index("log_slope")]
    longer = (large - small)[TRUTH.index("log_correlation_length")]
    if name == "dendrites":  # arms keep their distance: small ones fill up, large ones are sparse
        longer = -longer
    assert max(gentler, longer) > 0.15


@pytest.mark.slow
@pytest.mark.parametrize("which", [1, 2])
@every_family
def test_amount_and_kind_can_be_seen(name, which):
    if (name, which) == ("dendrites", 2):
        pytest.skip("whether few crowded crystals are parallel shows in no mean over the map")
    low, high = [0.4, 0.5, 0.5], [0.4, 0.5, 0.5]
    low[which], high[which] = 0.02, 0.98
    low, high = (descriptions(name, u, 8, make_grid(160)) for u in (low, high))
    spread = np.sqrt((low.var(0) + high.var(0)) / 2) + 0.02
    assert (np.abs(low.mean(0) - high.mean(0)) / spread).max() > 1.2


@pytest.mark.parametrize("u", [0.1, 0.5, 0.9])
def test_disks_cover_their_share(u):
    z = drawn("disks", (0.2, u, 0.0), grid=make_grid(160))
    share, one = linear(u, 0.05, 0.75), np.pi * 5**2 / 160**2
    assert share <= (z > 0).mean() <= share + one


@pytest.mark.parametrize("name", ["triangles", "hexagons", "squares"])
@pytest.mark.parametrize("u", [0.1, 0.5, 0.9])
def test_crystals_cover_their_share(name, u):
    z = drawn(name, (0.7, u, 0.5), grid=make_grid(160))
    # the rim loses half a pixel, the last crystal comes whole
    assert (z > 0.5).mean() == pytest.approx(linear(u, 0.05, 0.75), abs=0.06)


@pytest.mark.parametrize(("name", "low", "high"), [("labyrinth", 0.2, 0.8), ("spinodal", 0.1, 0.9)])
@pytest.mark.parametrize("u", [0.0, 0.4, 1.0])
def test_phases_take_their_share(name, low, high, u):
    z = drawn(name, (0.5, u, 0.3))
    assert (z > 0.5).mean() == pytest.approx(linear(u, low, high), abs=0.03)


def test_layers_of_a_film_lie_on_each_other():
    z = drawn("layered_film", (0.6, 0.5, 0.9), grid=make_grid(160))
    share = linear(0.5, 0.2, 0.95)
    assert (z > 0.5).mean() == pytest.approx(share, abs=0.03)
    assert (z > 1.5).mean() < 0.7 * share


@pytest.mark.parametrize("u", [0.3, 0.5, 0.7])
def test_terraces_have_the_density_of_steps_that_their_width_says(u):
    grid = make_grid(160)
    z = drawn("terraces", (u, 0.0, 0.0), grid=grid)
    window = np.outer(np.hanning(160), np.hanning(160))
    power = np.abs(np.fft.rfft2(z * window)) ** 2 * (grid.q > 0.02)
    assert grid.q.flat[power.argmax()] == pytest.approx(1 / (5 * 9**u), abs=0.6 / 160)
