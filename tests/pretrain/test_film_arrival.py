import film_arrival
import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from tmdfeat.datasets.surface_arrival import arrival as arrival_of_one
from tmdfeat.datasets.surface_nuclei import Nuclei


def places(n, shape, rng):
    """Ragged and sheared places, 3 nm apart."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32) * np.float32(3)
    rows = rows + rng.normal(0, 4, (n, *shape)).astype(np.float32)
    return rows, columns + rows * np.float32(0.1)


def draw(n, rng):
    return Nuclei(*rng.uniform(-60, 450, (2, n)), rng.uniform(0, 7, n), rng.exponential(12.0, n))


def stacked(films):
    """Films of unequal numbers of nuclei side by side."""
    most = max(len(film.rows) for film in films)
    fills = (0, 0, 0, np.inf)
    parts = [
        [np.pad(part, (0, most - len(part)), constant_values=fill) for part in column]
        for column, fill in zip(zip(*films, strict=True), fills, strict=True)
    ]
    return film_arrival.Seeds(
        *(torch.tensor(np.array(part), dtype=torch.float32) for part in parts)
    )


@pytest.mark.parametrize("shape", [(9, 130), (100, 77), (64, 64)])
def test_arrivals_are_those_of_the_numpy_simulator(shape):
    rng = np.random.default_rng(0)
    films = [draw(n, rng) for n in (1, 40, 300, 7)]
    truncation = np.array([1.0, 1.6, 2.5, 1.2], dtype=np.float32)
    rows, columns = places(len(films), shape, rng)
    time, domain = film_arrival.arrival(
        *map(torch.from_numpy, (rows, columns)), stacked(films), torch.tensor(truncation)
    )
    for i, film in enumerate(films):
        expected, owner = arrival_of_one(rows[i], columns[i], film, truncation[i])
        assert_allclose(time[i], expected, rtol=2e-6, atol=1e-3)
        assert (domain[i].numpy() == owner).mean() > 0.999


def test_cut_into_small_pieces_it_is_the_same(monkeypatch):
    rng = np.random.default_rng(1)
    films = [draw(n, rng) for n in (90, 60)]
    rows, columns = map(torch.from_numpy, places(2, (70, 100), rng))
    seeds, truncation = stacked(films), torch.tensor([2.0, 1.0])
    whole = film_arrival.arrival(rows, columns, seeds, truncation)
    monkeypatch.setattr(film_arrival, "AT_ONCE", 200)
    for part, expected in zip(
        film_arrival.arrival(rows, columns, seeds, truncation), whole, strict=True
    ):
        assert torch.equal(part, expected)


@pytest.mark.parametrize("truncation", [1.0, 2.0])
def test_nuclei_that_are_born_at_once_cover_as_kolmogorov_and_avrami_say(truncation):
    rng, density, t, n = np.random.default_rng(0), 2e-3, 10.0, 80
    films = [
        Nuclei(*rng.uniform(-100, 300, (2, k)), rng.uniform(0, 7, k), np.zeros(k))
        for k in rng.poisson(density * 400**2, n)
    ]
    rows, columns = np.mgrid[:200, :200].astype(np.float32)
    time, _ = film_arrival.arrival(
        *(torch.from_numpy(part).expand(n, 200, 200) for part in (rows, columns)),
        stacked(films),
        torch.full((n,), truncation),
    )
    area = np.sqrt(3) * (3 - max(0.0, 2 - truncation) ** 2)
    covered = (time <= t).float().mean((1, 2)).numpy()
    error = covered.std() / np.sqrt(n)
    assert covered.mean() == pytest.approx(1 - np.exp(-density * area * t**2), abs=4 * error)
    assert error < 0.005
