from itertools import pairwise

import numpy as np
import pytest
from deep.tiny import tiny
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from skimage.util import view_as_windows

from tmdfeat import CNNFeatures, HeightMap
from tmdfeat.deep import Rendering, Tiles


@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.integers(1, 40),
    st.floats(0, 0.95),
)
def test_tiles_cover_the_map_with_at_least_the_overlap(shape, size, overlap):
    seen = np.zeros(shape, dtype=int)
    tiles = Tiles(size, overlap).cut(shape)
    for rows, columns in tiles:
        seen[rows, columns] += 1
        height, width = seen[rows, columns].shape
        assert (height, width) == (min(size, shape[0]), min(size, shape[1]))
    assert seen.min() >= 1
    for axis in (0, 1):
        starts = sorted({tile[axis].start for tile in tiles})
        side = min(size, shape[axis])
        assert np.all(np.diff(starts) <= max(1, side * (1 - overlap)) + 1)  # pixels are whole


def test_an_exact_grid_is_the_usual_one():
    z = np.arange(48.0).reshape(6, 8)
    expected = view_as_windows(z, (2, 2), step=2).reshape(-1, 2, 2)
    assert_allclose([z[tile] for tile in Tiles(2).cut(z.shape)], expected)


@pytest.mark.parametrize(("reduce", "join"), [("mean", np.mean), ("max", np.max)])
def test_features_are_those_of_the_tiles_cut_by_hand(reduce, join):
    z = np.random.default_rng(0).normal(size=(96, 64))
    whole = {"rendering": Rendering(-3, 3, unit="nm"), "weights": None, "batch_size": 5}
    windows = view_as_windows(z, (32, 32), step=16).reshape(-1, 32, 32)
    by_hand = CNNFeatures(tiny, **whole).fit_transform([nm(window) for window in windows])
    tiled = CNNFeatures(tiny, tiles=Tiles(32, overlap=0.5, reduce=reduce), **whole)
    assert len(windows) == 15
    assert_allclose(tiled.fit_transform([nm(z)])[0], join(by_hand, axis=0), rtol=1e-4, atol=1e-6)


def nm(z, pixel_size=2.0):
    return HeightMap(z, z_unit="nm", pixel_size=pixel_size)


def test_tiles_in_nm_follow_the_pixel_size():
    z = np.zeros((64, 64))
    assert Tiles(64.0, unit="nm").of(nm(z, 2.0)) == Tiles(32).of(nm(z))
    assert Tiles(64.0, unit="nm").of(nm(z, (2.0, 4.0))) == Tiles(1).cut(z.shape, 32, 16)


def test_the_pixel_size_counts_in_the_cache_where_tiles_are_in_nm(passed):
    z = np.random.default_rng(1).normal(size=(64, 64))
    cnn = CNNFeatures(tiny, weights=None, tiles=Tiles(64.0, unit="nm"))
    first, second, third = cnn.fit_transform([nm(z, 1.0), nm(z, 2.0), nm(z, 1.0)])
    assert sum(passed) == 1 + 4
    assert not np.allclose(first, second)
    assert_allclose(first, third)


def test_maps_without_pixel_size_are_refused_by_tiles_in_nm():
    with pytest.raises(ValueError, match=r"X\[0\].*pixel size.*unit='px'"):
        CNNFeatures(tiny, weights=None, tiles=Tiles(9.0, unit="nm")).transform([np.eye(9)])


def test_a_map_smaller_than_a_tile_is_one_tile():
    assert Tiles(50).cut((20, 120)) == [
        (slice(0, 20), slice(0, 50)),
        (slice(0, 20), slice(35, 85)),
        (slice(0, 20), slice(70, 120)),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 0}, "size must be an integer"),
        ({"size": 2.5}, "size must be an integer"),
        ({"size": -1.0, "unit": "nm"}, "above 0 nm"),
        ({"size": 3, "overlap": 1.0}, "overlap < 1"),
        ({"size": 3, "unit": "um"}, "unit must be one of"),
        ({"size": 3, "reduce": "sum"}, "reduce must be one of"),
    ],
)
def test_wrong_settings_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        Tiles(**change)


@pytest.mark.parametrize("side", [2, 7, 10, 32])
@pytest.mark.parametrize("overlap", [0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 0.8])
def test_neighbours_share_at_least_the_overlap(side, overlap):
    for length in range(side, 12 * side):
        columns = [tile[1] for tile in Tiles(side, overlap=overlap).cut((1, length))]
        shared = [one.stop - other.start for one, other in pairwise(columns)]
        # With tiles of few pixels steps of one pixel are the least.
        least = min(overlap * side, side - 1)
        assert all(pixels >= least - 1e-9 for pixels in shared)
