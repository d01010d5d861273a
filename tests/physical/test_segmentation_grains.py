import numpy as np
import pytest
from scipy.spatial import cKDTree
from skimage.metrics import adapted_rand_error
from skimage.segmentation import watershed as scikit_watershed

from tmdfeat.physical import Segmentation
from tmdfeat.physical.domains import boundary_density, domain_density
from tmdfeat.physical.segmentation import smoothed
from tmdfeat.physical.segmentation_grains import groove_depth, step_relief, watershed

SIDE = 256


def voronoi(seed, cells=60, side=SIDE):
    """Which cell each pixel is in, and how far from the next one, px."""
    seeds = hard_core(np.random.default_rng(seed), cells, side)
    away, nearest = cKDTree(seeds).query(np.stack(np.mgrid[:side, :side], -1), k=2)
    return nearest[..., 0], (away[..., 1] - away[..., 0]) / 2


def hard_core(rng, cells, side):
    """Points that are all at least 16 px apart."""
    points = []
    while len(points) < cells:
        point = rng.uniform(0, side, 2)
        if all(np.hypot(*(point - other)) > 16 for other in points):
            points.append(point)
    return np.array(points)


def grooved(seed, noise=0.02):
    """A closed film of grains: grooves of 0.3 nm around cells."""
    cell, away = voronoi(seed)
    rng = np.random.default_rng(seed)
    return 0.65 - 0.3 * np.exp(-((away / 2) ** 2)) + noise * rng.normal(size=cell.shape), cell


@pytest.mark.parametrize("seed", range(4))
def test_grains_are_the_cells_between_grooves(seed):
    z, cell = grooved(seed)
    found = Segmentation(threshold="watershed").segment(z, 4.0)
    assert found.n == 60
    assert found.mask.all()
    assert found.moments.area.mean() == pytest.approx((SIDE * 4.0) ** 2 / 60)
    assert adapted_rand_error(cell + 1, found.labels)[0] < 0.03
    assert np.isnan(found.threshold)


@pytest.mark.parametrize("seed", range(3))
def test_with_its_own_minima_as_markers_scikit_image_parts_alike(seed):
    relief = -smoothed(grooved(seed, noise=0.05)[0], (1.0, 1.0))
    labels, n = watershed(relief, groove_depth(relief))
    markers = np.zeros_like(labels)
    for k in range(1, n + 1):
        markers.flat[np.where(labels == k, relief, np.inf).argmin()] = k
    theirs = scikit_watershed(relief, markers, connectivity=2)
    assert np.mean(labels == theirs) > 0.999


def test_grains_on_different_heights_are_parted_along_their_steps():
    cell, _ = voronoi(5, cells=30)
    heights = np.random.default_rng(5).permutation(30) * 0.65  # all at least a layer apart
    z = heights[cell] + 0.02 * np.random.default_rng(6).normal(size=cell.shape)
    found = Segmentation(threshold="watershed_steps", depth=0.2).segment(z)
    assert found.n == 30
    assert adapted_rand_error(cell + 1, found.labels)[0] < 0.03


def test_ridges_part_grains_of_the_map_upside_down():
    z, _ = grooved(1)
    ridged = Segmentation(threshold="watershed", polarity="holes").segment(-z)
    assert (ridged.labels == Segmentation(threshold="watershed").segment(z).labels).all()


def test_grooves_shallower_than_the_depth_part_nothing():
    z, _ = grooved(2)
    counts = [Segmentation(threshold="watershed", depth=d).segment(z).n for d in (0.1, 0.3)]
    assert counts == [60, 1]


def test_noise_without_grooves_is_hardly_parted():
    z = np.random.default_rng(7).normal(size=(SIDE, SIDE))
    assert Segmentation(threshold="watershed").segment(z).n < 40  # of some thousand maxima
    assert Segmentation(threshold="watershed").segment(np.full((40, 50), 0.1)).n == 0


def test_small_grains_are_dropped():
    z, _ = grooved(3)
    areas = Segmentation(threshold="watershed").segment(z).moments.area
    limit = np.median(areas)
    found = Segmentation(threshold="watershed", min_area=limit).segment(z)
    assert found.n == np.count_nonzero(areas >= limit)
    assert sorted(found.moments.area) == sorted(areas[areas >= limit])


def test_density_and_boundaries_of_grains_come_from_the_functions_of_domains():
    # Crossed lines of no width: 15 x 15 grains of 17 px, 14 boundaries each way.
    z = np.ones((255, 255))
    z[16:-1:17], z[:, 16:-1:17] = 0.0, 0.0
    found = Segmentation(threshold="watershed", smoothing=0).segment(z, 4.0)
    assert found.n == 225
    # Four directions see lines along the axes five percent too short.
    seen = np.pi / 2 * (1 + np.sqrt(2)) / 2 * 14 / (255 * 4.0)
    assert boundary_density(found) == pytest.approx(seen * 1000, rel=0.02)
    # Whole grains count in full, at edges by half, in corners by a quarter: 14 x 14.
    assert domain_density(found) == pytest.approx(14**2 / (254 * 4.0) ** 2 * 1e6)


def test_the_relief_of_steps_is_the_range_of_neighbours():
    z = np.random.default_rng(8).normal(size=(12, 9))
    expected = np.ptp(np.lib.stride_tricks.sliding_window_view(z, (3, 3)), axis=(2, 3))
    assert step_relief(z)[1:-1, 1:-1] == pytest.approx(expected)
