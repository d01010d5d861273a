import time

import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.film_scenes import disk, polygon
from scipy import ndimage
from skimage.measure import label, regionprops_table

from tmdfeat.physical.segmentation_hulls import convex_counts
from tmdfeat.physical.segmentation_objects import crofton_perimeters, moments

WANTED = ("area", "centroid", "area_convex", "perimeter_crofton", "inertia_tensor")


def blobs(seed, shape=(120, 90), sigma=1.5):
    z = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma)
    labels = label(z > 0.5 * z.std()).astype(np.int32)
    return labels, int(labels.max())


@pytest.mark.parametrize("sigma", [0.6, 1.5, 4.0])
def test_objects_have_the_values_of_scikit_image(sigma):
    labels, n = blobs(1, sigma=sigma)
    theirs = regionprops_table(labels, properties=WANTED)
    ours = moments(labels, n)
    assert_allclose(ours.area, theirs["area"], rtol=0)
    assert_allclose(ours.y, theirs["centroid-0"], atol=1e-9)
    assert_allclose(ours.x, theirs["centroid-1"], atol=1e-9)
    # scikit-image takes pixels for points; its tensor has the sign of a moment of rotation.
    assert_allclose(ours.xx - 1 / 12, theirs["inertia_tensor-0-0"], atol=1e-9)
    assert_allclose(ours.yy - 1 / 12, theirs["inertia_tensor-1-1"], atol=1e-9)
    assert_allclose(ours.yx, -theirs["inertia_tensor-0-1"], atol=1e-9)
    assert_allclose(crofton_perimeters(labels, n), theirs["perimeter_crofton"], atol=1e-9)
    assert convex_counts(labels, n).tolist() == theirs["area_convex"].tolist()


@pytest.mark.slow
def test_objects_take_half_the_time_of_scikit_image_or_less():
    labels, n = blobs(2, shape=(512, 512), sigma=4.0)

    def ours():
        moments(labels, n), crofton_perimeters(labels, n), convex_counts(labels, n)

    def seconds(work):
        begin = time.process_time()
        work()
        return time.process_time() - begin

    ours()  # compiled
    theirs = seconds(lambda: regionprops_table(labels, properties=WANTED))
    assert theirs > 2 * min(seconds(ours) for _ in range(3))


def test_a_rectangle_in_other_units_has_the_moments_of_a_rectangle():
    labels = np.zeros((20, 30), np.int32)
    labels[5:9, 10:20] = 1
    m = moments(labels, 1, (3.0, 0.5))
    height, width = 4 * 3.0, 10 * 0.5
    assert m.area[0] == height * width
    assert_allclose([m.y[0], m.x[0]], [6.5 * 3.0, 14.5 * 0.5])
    assert_allclose([m.yy[0], m.xx[0], m.yx[0]], [height**2 / 12, width**2 / 12, 0], atol=1e-12)


def test_edges_count_the_pixels_on_each_side_of_the_field():
    labels = np.zeros((6, 8), np.int32)
    labels[0, 2:5] = labels[3:, 7] = 1
    assert moments(labels, 1).edges.tolist() == [[3, 1, 0, 3]]


@pytest.mark.parametrize("pixel", [(1.0, 1.0), (1.0, 2.0), (1.5, 1.0)])
def test_the_perimeter_of_a_disk_is_right_in_pixels_of_any_form(pixel):
    y, x = np.mgrid[-150:151, -150:151]
    inside = (np.hypot(y * pixel[0], x * pixel[1]) <= 100).astype(np.int32)
    assert crofton_perimeters(inside, 1, pixel)[0] == pytest.approx(2 * np.pi * 100, rel=0.015)


@pytest.mark.parametrize(
    ("shape", "rim"), [(disk(90), 2 * np.pi), (polygon(4, 90, 20), 4 * 2**0.5)]
)
def test_the_perimeter_of_shapes_is_right_to_five_percent(shape, rim):
    # Four directions: exact on average over all angles, at most 5 % off for a straight line.
    found = crofton_perimeters(shape.astype(np.int32), 1)[0]
    assert found == pytest.approx(rim * 90, rel=0.052)


def test_convex_shapes_fill_their_hull_and_a_corner_does_not():
    corner = np.zeros((12, 12), np.int32)
    corner[1:11, 1] = corner[10, 1:11] = 1
    # Half of the 10 x 10 square with its diagonal.
    assert convex_counts(corner, 1).tolist() == [55]
    for convex in (np.ones((5, 7), np.int32), np.eye(6, dtype=np.int32)):
        assert convex_counts(convex, 1).tolist() == [np.count_nonzero(convex)]


def test_no_objects_give_empty_results():
    labels = np.zeros((4, 5), np.int32)
    assert moments(labels, 0).area.shape == crofton_perimeters(labels, 0).shape == (0,)
    assert convex_counts(labels, 0).shape == (0,)
