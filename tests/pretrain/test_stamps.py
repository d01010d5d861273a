import numpy as np
import pytest
from grid import make_grid
from numpy.testing import assert_array_equal
from stamps import Objects, Stamped, directions, highest, latest, places, scatter, stamp, up_to

GRID = make_grid(120)


def single(radius, angle=0.4, aspect=1.0, sides=0):
    x, y, r, a = (np.array([v]) for v in (60.3, 59.8, radius, angle))
    return Objects(x, y, r, a, aspect, sides)


def covered(found):
    return highest(found, np.ones(len(found.pixel))) > 0


@pytest.mark.parametrize("sides", [0, 3, 4, 6])
def test_round_and_straight_objects_of_one_radius_have_one_area(sides):
    area = covered(stamp(GRID, single(30.0, sides=sides))).sum()
    assert area == pytest.approx(np.pi * 30**2, rel=0.01)


@pytest.mark.parametrize("aspect", [1.5, 3, 8])
def test_an_ellipse_misses_no_pixel(aspect):
    dx, dy = GRID.x - 60.3, GRID.y - 59.8
    along, across = np.cos(0.4) * dx + np.sin(0.4) * dy, np.cos(0.4) * dy - np.sin(0.4) * dx
    inside = np.hypot(along, aspect * across) < 40
    assert (covered(stamp(GRID, single(40.0, aspect=aspect))) != inside).mean() < 1e-4


def test_depth_falls_from_the_middle_to_the_rim():
    found = stamp(GRID, single(30.0))
    out = np.hypot(GRID.x - 60.3, GRID.y - 59.8).ravel()[found.pixel] / 30
    assert found.depth == pytest.approx(1 - out, abs=1e-4)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.75])
def test_no_more_objects_come_than_the_share_takes(share):
    objects = scatter(GRID, np.random.default_rng(0), 6, share, spread=0.0)
    found = up_to(stamp(GRID, objects), share)
    last = found.owner.max()
    assert covered(found).mean() >= share
    assert covered(found.keep(found.owner < last)).mean() <= share
    assert last < len(objects) - 1  # enough of them had been scattered


def test_a_share_that_cannot_be_reached_keeps_all():
    found = up_to(stamp(GRID, single(5.0)), 0.9)
    assert covered(found).sum() > 50


def test_the_latest_object_lies_on_top_and_the_highest_wins_elsewhere():
    found = Stamped(2, np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.ones(4))
    heights = np.array([5.0, 5.0, 3.0, 3.0])
    assert_array_equal(latest(found, heights), [[5, 3], [3, 0]])
    assert_array_equal(highest(found, heights), [[5, 5], [3, 0]])


def test_clumped_places_lie_closer_to_their_neighbours():
    def nearest(clumping):
        x, y = places(GRID, np.random.default_rng(1), 300, 5, clumping)
        away = np.hypot(x[:, None] - x, y[:, None] - y) + 1e9 * np.eye(300)
        return np.median(away.min(1))

    # scattered points: half of them have a neighbour within sqrt(ln 2 / (pi density))
    assert nearest(0.0) == pytest.approx(np.sqrt(np.log(2) / np.pi * 130**2 / 300), rel=0.15)
    assert nearest(0.95) < 0.7 * nearest(0.0)


def test_a_share_of_the_directions_is_equal():
    angle = directions(np.random.default_rng(2), 4000, 0.6)
    assert abs(np.exp(1j * angle).mean()) == pytest.approx(0.6, abs=0.03)
