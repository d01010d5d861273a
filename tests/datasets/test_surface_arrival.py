import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.datasets.domains import Nuclei as OldNuclei
from tmdfeat.datasets.domains import arrival as arrival_on_a_grid
from tmdfeat.datasets.surface_arrival import arrival
from tmdfeat.datasets.surface_nuclei import Nuclei


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


def test_on_a_grid_it_is_what_the_numpy_construction_gives():
    rng = np.random.default_rng(0)
    parts = (*rng.uniform(-50, 350, (2, 60)), rng.uniform(0, 7, 60), rng.exponential(9.0, 60))
    time, domain = arrival(*grid((100, 90), 3.0), Nuclei(*parts), 1.7)
    expected, owner = arrival_on_a_grid((100, 90), 3.0, OldNuclei(*parts), 1.7)
    assert_allclose(time, expected, rtol=1e-5, atol=1e-4)
    assert (domain == owner).mean() > 0.9999


def test_the_arguments_are_not_changed():
    rows, columns = grid((20, 20))
    before = rows.copy(), columns.copy()
    arrival(rows, columns, Nuclei(*np.full((4, 1), 5.0)), 2.0)
    assert_array_equal((rows, columns), before)
