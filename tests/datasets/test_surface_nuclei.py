import numpy as np
import pytest
from scipy.spatial import cKDTree

from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_frame import Frame
from tmdfeat.datasets.surface_nuclei import births, scatter, sow
from tmdfeat.datasets.surface_substrate import Substrate, lay_steps

BOUNDS = (0.0, 3000.0, 0.0, 2000.0)


def frame(shape=(300, 200), pixel=10.0):
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32) * np.float32(pixel)
    return Frame(rows, columns, pixel)


def steps(substrate=None):
    return lay_steps(substrate or Substrate(), frame(), np.random.default_rng(5))


@pytest.mark.parametrize("hard_core", [0.0, 0.3, 0.5])
def test_a_hard_core_keeps_the_density_and_holds_nuclei_apart(hard_core):
    found, closest = [], []
    for seed in range(20):
        rows, columns = scatter(100.0, hard_core, BOUNDS, np.random.default_rng(seed))
        inside = (rows >= 0) & (rows < 3000) & (columns >= 0) & (columns < 2000)
        found.append(inside.sum())
        points = np.column_stack([rows, columns])
        closest.append(cKDTree(points).query(points, 2)[0][:, 1].min())
    assert np.mean(found) == pytest.approx(600, abs=4 * np.sqrt(600 / 20))
    assert min(closest) >= hard_core * 100


def test_orientations_follow_the_steps_with_the_films_spread_and_turned_fraction():
    film = Film(density=400, antiparallel=0.3, spread=4.0)
    nuclei = sow(film, steps(Substrate(azimuth=37.0)), BOUNDS, np.random.default_rng(0))
    off = (np.degrees(nuclei.angle) - 37.0 + 30) % 120 - 30
    turned = off > 30
    assert turned.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(off)))
    assert np.std(np.where(turned, off - 60, off)) == pytest.approx(4.0, rel=0.1)


@pytest.mark.parametrize("sigma", [0.0, 3.0, 10.0])
def test_the_threefold_order_is_that_of_a_normal_spread(sigma):
    film = Film(density=400, antiparallel=0.0, spread=sigma)
    angle = sow(film, steps(), BOUNDS, np.random.default_rng(0)).angle
    order = abs(np.exp(3j * angle).mean())
    assert order == pytest.approx(np.exp(-4.5 * np.radians(sigma) ** 2), abs=0.05)


def test_a_spread_of_sixty_degrees_is_no_orientation():
    film = Film(density=400, antiparallel=0.0, spread=60.0)
    angle = sow(film, steps(), BOUNDS, np.random.default_rng(0)).angle
    assert abs(np.exp(3j * angle).mean()) < 3 / np.sqrt(len(angle))


@pytest.mark.parametrize("scatter_of_widths", [0.0, 0.3])
def test_the_fraction_asked_sits_on_steps(scatter_of_widths):
    bare = steps(Substrate(meander=0.1, scatter=scatter_of_widths, terrace_width=200.0))
    film = Film(density=400, step_bias=0.4)
    nuclei = sow(film, bare, BOUNDS, np.random.default_rng(0))
    phase = bare.phase(nuclei.rows, nuclei.columns)
    pixel = 10 / 200  # in widths; the meander is known to the pixel
    on_step = np.abs(phase[:, None] - bare.edges).min(axis=1) < pixel
    assert on_step.mean() == pytest.approx(0.4 + 0.6 * 2 * pixel, abs=0.04)


@pytest.mark.parametrize(("law", "highest"), [("exponential", np.inf), ("constant", 2.0)])
def test_births_have_the_mean_asked(law, highest):
    film = Film(density=100.0, birth_law=law)
    times = births(film, 0.2, 5000, np.random.default_rng(0)) / 20.0
    assert times.mean() == pytest.approx(1.0, rel=0.05)
    assert times.min() >= 0
    assert times.max() <= highest


def test_the_sparsest_film_has_a_nucleus():
    nuclei = sow(Film(density=1e-9), steps(), (0.0, 9.0, 0.0, 9.0), np.random.default_rng(0))
    assert len(nuclei.rows) >= 1
