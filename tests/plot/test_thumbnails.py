from itertools import permutations

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt

from tmdfeat import HeightMap
from tmdfeat.plot import plot_thumbnails, snap_to_grid


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def scene(n=12, seed=0):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 2)) * (1, 50)
    labels = rng.choice(["MoS2", "WS2"], n)
    return points, rng.normal(size=(n, 8, 10)), labels


def test_no_two_pictures_overlap():
    points, images, labels = scene(40)
    points[:20] = points[0]  # a heap
    boxes = np.array(
        [image.get_extent() for image in plot_thumbnails(points, images, labels).images]
    )
    for left, right, bottom, top in boxes:
        apart = (boxes[:, 0] >= right) | (boxes[:, 1] <= left)
        apart |= (boxes[:, 2] >= top) | (boxes[:, 3] <= bottom)
        assert apart.sum() == 39  # from all but itself


def test_lines_lead_from_the_middle_of_each_picture_to_its_true_place():
    points, images, labels = scene()
    ax = plot_thumbnails(points, images, labels)
    [lines] = [c for c in ax.collections if hasattr(c, "get_segments")]
    ends = np.array(lines.get_segments())
    boxes = np.array([image.get_extent() for image in ax.images])
    middle = np.stack([boxes[:, :2].mean(1), boxes[:, 2:].mean(1)], axis=1)
    assert ends[:, 0] == pytest.approx(middle)
    assert ends[:, 1] == pytest.approx(points)


def test_pictures_show_their_own_scans_in_frames_of_their_class():
    points, images, labels = scene()
    ax = plot_thumbnails(points, images, labels)
    for shown, scan in zip(ax.images, images, strict=True):
        assert np.array_equal(shown.get_array(), scan)
    classes = list(dict.fromkeys(labels.tolist()))
    for frame, label in zip(ax.patches, labels, strict=True):
        assert frame.get_edgecolor() == colors.to_rgba(f"C{classes.index(label)}")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == classes


def test_row_0_of_a_scan_is_on_top():
    ax = plot_thumbnails([[0, 0]], np.arange(12.0).reshape(1, 3, 4), ["MoS2"])
    [picture] = ax.images
    assert picture.origin == "upper"
    left, right, bottom, top = picture.get_extent()
    assert left < right
    assert bottom < top


def test_large_scans_are_averaged_before_they_are_drawn():
    z = np.kron(np.arange(64.0).reshape(8, 8), np.ones((32, 32)))
    [picture] = plot_thumbnails([[0, 0]], [HeightMap(z)], ["MoS2"]).images
    assert picture.get_array().shape == (64, 64)
    assert np.array_equal(
        picture.get_array(), np.kron(np.arange(64.0).reshape(8, 8), np.ones((8, 8)))
    )


def test_the_sum_of_squared_moves_in_cells_is_the_smallest_there_is():
    points = scene(4)[0]
    snapped = snap_to_grid(points, cells=2)
    size = np.ptp(points, axis=0) / 2
    cost = np.sum(((snapped - points) / size) ** 2)
    every = [
        np.sum(((snapped[list(order)] - points) / size) ** 2) for order in permutations(range(4))
    ]
    assert cost == pytest.approx(min(every))


def test_points_that_lie_in_cells_of_their_own_go_to_the_middle_of_them():
    points = np.array([[0.0, 0.0], [10.0, 4.0], [9.0, 0.5], [1.0, 3.5]])
    assert snap_to_grid(points, 2).tolist() == [[2.5, 1.0], [7.5, 3.0], [7.5, 1.0], [2.5, 3.0]]


def test_too_few_cells_and_missing_labels_are_refused():
    points, images, labels = scene()
    with pytest.raises(ValueError, match="12 scans do not fit into 3 times 3 cells"):
        plot_thumbnails(points, images, labels, cells=3)
    with pytest.raises(ValueError, match="got 11 for 12"):
        plot_thumbnails(points, images, labels[1:])
    with pytest.raises(ValueError, match=r"shape \(12, 2\)"):
        plot_thumbnails(points[1:], images, labels)


def test_draws_where_told():
    left, right = plt.subplots(1, 2)[1]
    assert plot_thumbnails(*scene(3), ax=right) is right
    assert not left.has_data()
