import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.datasets.surface_arrival import arrival, cover
from tmdfeat.datasets.surface_nuclei import Nuclei

K3 = 1 / (10 * (3 * np.sqrt(3) / 4) ** 1.5)  # |c30| / area^(5/2) of an equilateral triangle


def grid(shape, pixel=1.0, first=0.0):
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return rows * np.float32(pixel) + np.float32(first), columns * np.float32(pixel)


def area(truncation):
    """Of a domain after unit time: a triangle about the unit circle, corners cut off."""
    return np.sqrt(3) * (3 - max(0.0, 2 - truncation) ** 2)


def covered(births, density, t, truncation, rng):
    """Mean covered fraction, and its standard error, of random domains at time t."""
    shares = []
    for _ in range(80):
        n = rng.poisson(density * 400**2)
        rows, columns = rng.uniform(-100, 300, (2, n))
        nuclei = Nuclei(rows, columns, rng.uniform(0, 7, n), births(n))
        shares.append((arrival(*grid((200, 200)), nuclei, truncation)[0] <= t).mean())
    return np.mean(shares), np.std(shares) / np.sqrt(len(shares))


def alone(truncation, angle=0.0, birth=0.0):
    """When a domain in the middle of 200 x 200 pixels reaches them."""
    nuclei = Nuclei(*(np.array([v]) for v in (100.0, 100.0, np.radians(angle), birth)))
    return arrival(*grid((200, 200)), nuclei, truncation)[0]


def third_moment(mask):
    """Trigonality (1 for a triangle, 0 for a hexagon) and direction of a corner in degrees."""
    rows, columns = np.nonzero(mask)
    w = (columns - columns.mean()) + 1j * (rows - rows.mean())
    c30 = (w**3).sum()
    return abs(c30) / (K3 * mask.sum() ** 2.5), np.degrees(np.angle(c30)) / 3


@pytest.mark.parametrize("angle", [0.0, 25.0, 60.0, 100.0])
@pytest.mark.parametrize("truncation", [2.0, 2.5])
def test_one_nucleus_grows_a_triangle_that_points_along_its_angle(angle, truncation):
    trigonality, direction = third_moment(cover(alone(truncation, angle), 0.1))
    assert trigonality == pytest.approx(1, abs=0.02)
    assert (direction - angle + 60) % 120 - 60 == pytest.approx(0, abs=0.5)


def test_equal_speeds_grow_a_hexagon():
    time = alone(1.0, 25.0)
    mask = cover(time, 0.1)
    assert third_moment(mask)[0] < 0.02
    assert mask.sum() == pytest.approx(2 * np.sqrt(3) * time[mask].max() ** 2, rel=0.02)


def test_edges_advance_at_speed_one_and_corners_of_triangles_at_two():
    time = alone(2.0, birth=3.0)
    assert time[100, 100 + 40] == pytest.approx(3 + 40 / 2)
    assert time[100, 100 - 40] == pytest.approx(3 + 40)


def test_a_triangles_area_is_that_of_its_inscribed_circle_times_root_27_over_pi():
    assert (alone(2.0, 10.0) <= 25).sum() == pytest.approx(3 * np.sqrt(3) * 25**2, rel=0.02)


@pytest.mark.parametrize("coverage", [0.0, 0.003, 0.5, 0.9, 1.0])
def test_coverage_is_exact_to_the_pixel(coverage):
    rng = np.random.default_rng(0)
    nuclei = Nuclei(*rng.uniform(0, 200, (2, 60)), rng.uniform(0, 7, 60), rng.exponential(5.0, 60))
    time, _ = arrival(*grid((50, 77), 3.0), nuclei, 2.0)
    film = cover(time, coverage)
    assert film.sum() == round(coverage * 50 * 77)
    assert time[film].max(initial=0) <= time[~film].min(initial=np.inf)


def test_ties_do_not_spoil_the_coverage():
    assert cover(np.zeros((10, 10)), 0.37).sum() == 37


@pytest.mark.parametrize("truncation", [1.0, 1.5, 2.0])
def test_nuclei_that_are_born_at_once_cover_as_kolmogorov_and_avrami_say(truncation):
    rng, density, t = np.random.default_rng(0), 2e-3, 10.0
    mean, error = covered(np.zeros, density, t, truncation, rng)
    expected = 1 - np.exp(-density * area(truncation) * t**2)
    assert mean == pytest.approx(expected, abs=4 * error)
    assert error < 0.005


def test_nuclei_that_are_born_at_a_constant_rate_cover_as_kolmogorov_and_avrami_say():
    rng, rate, t = np.random.default_rng(1), 5e-4, 12.0
    mean, error = covered(lambda n: rng.uniform(0, t, n), rate * t, t, 2.0, rng)
    expected = 1 - np.exp(-rate * area(2.0) * t**3 / 3)
    assert mean == pytest.approx(expected, abs=4 * error)
    assert error < 0.006


@pytest.mark.parametrize("shape", [(9, 130), (100, 77)])
@pytest.mark.parametrize("n", [1, 40, 300])
@pytest.mark.parametrize("truncation", [1.0, 1.6, 3.0])
def test_each_place_belongs_to_the_nucleus_that_reaches_it_first(shape, n, truncation):
    rng = np.random.default_rng(0)
    rows, columns = grid(shape, 3.0)
    rows, columns = rows + rng.normal(0, 5, shape).astype("f4"), columns + rows * np.float32(0.1)
    nuclei = Nuclei(*rng.uniform(-50, 350, (2, n)), rng.uniform(0, 7, n), rng.exponential(9.0, n))
    time, domain = arrival(rows, columns, nuclei, truncation)
    dy, dx = rows[None] - nuclei.rows[:, None, None], columns[None] - nuclei.columns[:, None, None]
    corners = nuclei.angle[None, :, None, None] + np.radians([0, 120, 240])[:, None, None, None]
    way = np.cos(corners) * dx + np.sin(corners) * dy
    every = np.maximum((-way).max(axis=0), way.max(axis=0) / truncation)
    every += nuclei.birth[:, None, None]
    assert_allclose(time, every.min(axis=0), rtol=1e-5, atol=1e-4)
    won = np.take_along_axis(every, domain[None].astype(np.intp), axis=0)[0]
    assert_allclose(won, every.min(axis=0), rtol=1e-5, atol=1e-4)


def test_the_arguments_are_not_changed():
    rows, columns = grid((20, 20))
    before = rows.copy(), columns.copy()
    arrival(rows, columns, Nuclei(*np.full((4, 1), 5.0)), 2.0)
    assert_array_equal((rows, columns), before)
