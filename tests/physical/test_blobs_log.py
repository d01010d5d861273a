import numpy as np
import pytest
from physical.test_blobs import bumps, grid
from scipy import ndimage
from skimage.feature import blob_log

from tmdfeat.physical.blobs_found import FINEST, RATIO, SCALES
from tmdfeat.physical.blobs_log import LogBlobs, log_density, log_radius, log_strength


@pytest.mark.parametrize(("sigma", "step"), [(2.0, 40), (3.7, 50), (5.0, 64), (11.0, 128)])
@pytest.mark.parametrize("sign", [1, -1])
def test_planted_bumps_are_found_with_their_size_and_height(sigma, step, sign):
    places = grid(step)
    z = bumps(sigma, places, height=3.0 * sign)
    of = "bumps" if sign > 0 else "hollows"
    found = LogBlobs(z, 2.0)
    assert sorted(map(tuple, getattr(found, of)[:, :2] / 2)) == places
    assert log_density(found, of=of) * (256 * 2) ** 2 / 1e6 == pytest.approx(len(places))
    assert log_radius(found, of=of) == pytest.approx(np.sqrt(2) * sigma * 2, rel=0.02)
    assert log_strength(found, of=of) == pytest.approx(3.0, rel=0.05)


def theirs(z, overlap=0.5):
    """scikit-image's blobs at our sigmas, rows and columns; and their radii.

    Half an Sq of height answers with its half.
    """
    finest = FINEST * min(z.shape)
    coarsest = finest * RATIO ** (SCALES - 1)
    options = {
        "num_sigma": SCALES,
        "log_scale": True,
        "overlap": overlap,
        "threshold": 0.25 * z.std(),
    }
    return blob_log(z, min_sigma=finest, max_sigma=coarsest, **options)


def test_bumps_are_those_of_skimage_where_they_are_far_apart():
    places = grid(64)
    z = bumps(5.0, places) + 0.5 * bumps(3.0, [(row + 32, column + 32) for row, column in places])
    found = LogBlobs(z).bumps
    other = theirs(z)
    assert sorted(map(tuple, found[:, :2])) == sorted(map(tuple, other[:, :2]))
    assert len(found) > 2 * len(places) - 10


@pytest.mark.parametrize("seed", range(3))
def test_bumps_of_rough_maps_are_the_strongest_of_skimages(seed):
    z = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=(128, 128)), 3)
    every = theirs(z, overlap=1.0)
    found = LogBlobs(z).bumps
    kept = {tuple(place) for place in found[:, :2]}
    assert kept <= {tuple(place) for place in every[:, :2]}
    assert 10 < len(kept) < len(every)
    for row, column, sigma in every:  # what was dropped lies on something that was kept
        away = np.hypot(found[:, 0] - row, found[:, 1] - column)
        assert (away < found[:, 2] + np.sqrt(2) * sigma).any()


def test_non_square_pixels_see_round_bumps_where_they_are_round():
    z = bumps(6.0, grid(64))[::2]
    assert len(LogBlobs(z, (2.0, 1.0)).bumps) == 16
    assert log_radius(z, (2.0, 1.0)) == pytest.approx(np.sqrt(2) * 6, rel=0.02)
