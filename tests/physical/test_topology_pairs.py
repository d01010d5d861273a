import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_array_equal
from physical.surfaces import turned_and_flipped
from scipy import ndimage

from tmdfeat.io import read
from tmdfeat.physical.topology_pairs import islands, lakes

# Few levels, so that most neighbours are of equal height.
stepped_maps = hnp.arrays(
    np.int8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 5)
)


def heights_of(pairs, z):
    return sorted(map(tuple, np.ravel(z)[pairs].tolist()))


def gudhi_pairs(z):
    """Finite pairs of H0 and H1 of the superlevel sets, from sublevel sets of -z."""
    gudhi = pytest.importorskip("gudhi")
    cells = gudhi.CubicalComplex(top_dimensional_cells=-np.asarray(z, float))
    cells.compute_persistence(min_persistence=0)
    for dimension in (0, 1):
        pairs = -cells.persistence_intervals_in_dimension(dimension).reshape(-1, 2)
        yield sorted(map(tuple, pairs[np.isfinite(pairs).all(1)].tolist()))


def assert_equal_to_gudhi(z):
    h0, h1 = gudhi_pairs(z)
    assert heights_of(islands(z), z) == h0
    assert heights_of(lakes(z), z) == h1


@settings(deadline=None, max_examples=150)
@given(stepped_maps)
def test_pairs_equal_gudhi_with_ties(z):
    assert_equal_to_gudhi(z)


@pytest.mark.parametrize("sigma", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("shape", [(64, 64), (50, 90)])
def test_pairs_equal_gudhi_to_the_last_bit(shape, sigma):
    z = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=shape), sigma)
    assert_equal_to_gudhi(z)
    assert_equal_to_gudhi(np.round(z / z.std(), 1))


@pytest.mark.parametrize("levels", [2, 5, 40])
def test_pairs_equal_gudhi_on_plateaus(levels):
    z = ndimage.gaussian_filter(np.random.default_rng(2).normal(size=(120, 90)), 2.0)
    assert_equal_to_gudhi(np.digitize(z, np.quantile(z, np.linspace(0, 1, levels + 1)[1:-1])))


def test_pairs_equal_gudhi_on_a_real_scan(shared):
    scan = read(shared / "data" / "readers" / "di-5.di")
    assert_equal_to_gudhi(scan.z[:200, :200])


def test_egg_crate_islands_are_born_on_crests_and_die_on_passes():
    wave = -3.0 * np.cos(2 * np.pi * np.arange(65) / 16)  # crests and passes lie on pixels
    z = wave + wave[:, None]
    heights = z.ravel()[islands(z)]
    heights = heights[heights[:, 0] - heights[:, 1] > 1e-9]  # equal crests differ by rounding
    np.testing.assert_allclose(heights, [[6.0, 0.0]] * (4 * 4 - 1), atol=1e-12)


def test_a_crater_is_one_lake_and_no_island():
    y, x = np.mgrid[-20:21, -20:21]
    distance = np.maximum(np.abs(x), np.abs(y))
    z = np.exp(-((distance - 10) ** 2) / 4)
    assert heights_of(lakes(z), z) == [(1.0, np.exp(-25))]
    assert len(islands(z)) == 0


@settings(deadline=None, max_examples=40)
@given(stepped_maps)
def test_quarter_turns_and_flips_keep_all_pairs(z):
    for same in turned_and_flipped(z):
        assert heights_of(islands(same), same) == heights_of(islands(z), z)
        assert heights_of(lakes(same), same) == heights_of(lakes(z), z)


@settings(deadline=None, max_examples=40)
@given(stepped_maps)
def test_a_monotone_change_of_height_keeps_all_pairs(z):
    changed = np.exp(z.astype(float))
    assert heights_of(islands(z), changed) == heights_of(islands(changed), changed)


@pytest.mark.parametrize("z", [np.full((5, 7), 0.1), [[1.0]], [[1, 2, 3]], np.eye(1, 6)])
def test_maps_of_one_island_have_no_pairs(z):
    assert islands(z).shape == lakes(z).shape == (0, 2)


def test_order_is_that_of_the_saddles():
    z = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(40, 40)), 1.5)
    assert_array_equal(z.ravel()[islands(z)[:, 1]], np.sort(z.ravel()[islands(z)[:, 1]])[::-1])
    assert_array_equal(z.ravel()[lakes(z)[:, 0]], np.sort(z.ravel()[lakes(z)[:, 0]]))
