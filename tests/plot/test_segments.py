import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection

from tmdfeat import HeightMap
from tmdfeat.physical import Segmentation
from tmdfeat.plot import plot_segments


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def triangle_and_cut_square():
    y, x = np.mgrid[:80, :120] - 40.0
    triangle = (x > -15) & (x + np.sqrt(3) * np.abs(y) < 30)  # points along columns
    z = np.where(triangle, 0.65, 0.0)
    z[:12, 100:] = 0.65
    return Segmentation(smoothing=0).segment(z, (2.0, 1.0))


def test_outlines_lie_around_the_objects():
    found = triangle_and_cut_square()
    ax = plot_segments(found)
    whole, cut = (c.get_paths()[0].get_extents() for c in ax.collections)
    rows, columns = np.nonzero(found.labels == found.labels[40, 40])
    assert whole.bounds == pytest.approx(
        (columns.min() - 0.5, rows.min() - 0.5, np.ptp(columns) + 1, np.ptp(rows) + 1)
    )
    assert (cut.x0, cut.y1) == (99.5, 11.5)
    colors = [c.get_edgecolor()[0].tolist() for c in ax.collections]
    assert colors[0] != colors[1]


def test_the_mark_runs_from_the_centroid_to_the_corner():
    found = Segmentation(smoothing=0).segment(triangle_and_cut_square().z, 1.0)
    [mark] = plot_segments(found).lines
    x, y = mark.get_data()
    assert (x[0], y[0]) == pytest.approx((40.0, 40.0), abs=0.6)
    assert x[1] > x[0] + 5
    assert y[1] == pytest.approx(y[0], abs=0.2)


def test_it_is_drawn_where_and_over_what_is_told():
    found = triangle_and_cut_square()
    other = HeightMap(np.random.default_rng(0).normal(size=(80, 120)))
    ax = plt.subplots()[1]
    assert plot_segments(found, other, ax) is ax
    assert (ax.images[0].get_array() == other.z).all()
    assert (plot_segments(found).images[0].get_array() == found.z).all()


def test_the_title_says_how_many_and_how_much():
    found = triangle_and_cut_square()
    share = 100 * np.count_nonzero(found.z > 0.3) / (80 * 120)
    assert plot_segments(found).get_title() == f"islands: 2 on {share:.0f} % of the area"
    none = Segmentation(polarity="holes").segment(np.zeros((20, 20)))
    assert plot_segments(none).get_title() == "holes: 0 on 0 % of the area"


def test_an_image_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(80, 120\), got \(8, 8\)"):
        plot_segments(triangle_and_cut_square(), np.zeros((8, 8)))


def test_lines_between_grains_run_along_the_sides_of_pixels():
    z = np.ones((30, 40))
    z[:, 19] = 0.0  # a groove; its pixels go to the left grain
    found = Segmentation(threshold="watershed", smoothing=0).segment(z)
    ax = plot_segments(found)
    assert ax.get_title() == "grains: 2 on 100 % of the area"
    assert ax.get_xlabel() == "watershed"
    assert not ax.lines
    [borders] = [c for c in ax.collections if isinstance(c, LineCollection)]
    x, y = np.moveaxis(np.array(borders.get_segments()), -1, 0)
    assert set(x.ravel()) == {19.5}
    assert (y.min(), y.max()) == (-0.5, 29.5)
