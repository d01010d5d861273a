import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.study.tiling import cut_tiles, join_tiles


def scan(shape, **more):
    return HeightMap(np.arange(np.prod(shape), dtype=float).reshape(shape), **more)


def test_tiles_are_pieces_of_their_scans_and_know_their_scale():
    scans = [scan((20, 30), z_unit="nm", pixel_size=2.0, name="a"), scan((8, 8))]
    tiles, places = cut_tiles(scans, 10, 0.5)
    assert places["scan"].tolist() == [0] * 15 + [1]
    for tile, place in zip(tiles, places.itertuples(), strict=True):
        z = scans[place.scan].z
        assert_array_equal(tile.z, z[place.row : place.row + 10, place.column : place.column + 10])
    assert (tiles[0].pixel_size, tiles[0].z_unit) == ((2.0, 2.0), "nm")
    assert [tiles[1].name, tiles[15].name] == ["a tile at 0, 5", "X[1] tile at 0, 0"]
    assert np.shares_memory(tiles[3].z, scans[0].z)


@pytest.mark.parametrize("overlap", [0.0, 0.5, 0.8])
def test_shares_say_what_part_of_the_scan_is_seen_by_whom(overlap):
    _, places = cut_tiles([scan((23, 31)), scan((5, 50))], 10, overlap)
    assert places.groupby("scan")["share"].sum().tolist() == pytest.approx([1, 1])
    # Three tiles in a row, each half over the next: 3/4, 2/4 and 3/4 of a tile of two.
    _, row = cut_tiles([scan((4, 8))], 4, 0.5)
    assert row["share"].tolist() == pytest.approx([3 / 8, 2 / 8, 3 / 8])


def test_each_tile_has_the_coverage_of_its_own_mask():
    mask = np.zeros((10, 20), dtype=bool)
    mask[:, :5] = True
    _, places = cut_tiles([scan((10, 20))], 10, 0.5, [mask])
    assert places["coverage"].tolist() == [0.5, 0.0, 0.0]
    tiles_alone = cut_tiles([scan((10, 20))], 10, 0.0, [mask])[1]
    assert join_tiles(tiles_alone, tiles_alone["coverage"])[0] == mask.mean()


def test_scans_are_joined_by_area_whatever_tiles_are_asked_for():
    places = pd.DataFrame({"scan": [5, 5, 2], "share": [0.75, 0.25, 1.0]}, index=[9, 4, 7])
    assert join_tiles(places, [0.0, 1.0, 0.4]).to_dict() == pytest.approx({2: 0.4, 5: 0.25})


@pytest.mark.parametrize(
    ("masks", "says"),
    [
        ([np.ones((4, 4), bool)], "X has 2 scans, but there are 1 masks"),
        ([np.ones((4, 4), bool), np.ones((4, 5), bool)], r"masks\[1\] must be .* \(4, 4\), got"),
        ([np.ones((4, 4), bool), np.ones((4, 4))], r"masks\[1\] .* layer >= 1"),
    ],
)
def test_masks_must_fit(masks, says):
    with pytest.raises(ValueError, match=says):
        cut_tiles([scan((4, 4))] * 2, 4, 0.5, masks)


@pytest.mark.parametrize(("size", "overlap"), [(0, 0.5), (2.5, 0.5), (4, 1.0), (4, -0.1)])
def test_tiles_must_have_a_size(size, overlap):
    with pytest.raises(ValueError, match="must be"):
        cut_tiles([scan((4, 4))], size, overlap)
