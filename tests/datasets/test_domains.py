import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.datasets.domains import BIRTH, Nuclei, arrival, cover, sow
from tmdfeat.datasets.materials import MATERIALS, draw_growth

K3 = 1 / (10 * (3 * np.sqrt(3) / 4) ** 1.5)  # |c30| / area^(5/2) of an equilateral triangle


def one(angle=0.0, birth=0.0, at=100.0):
    return Nuclei(*(np.array([v]) for v in (at, at, np.radians(angle), birth)))


def many(n, extent, seed=0):
    rng = np.random.default_rng(seed)
    turn, birth = rng.uniform(0, 2 * np.pi, n), rng.exponential(5.0, n)
    return Nuclei(rng.uniform(0, extent, n), rng.uniform(0, extent, n), turn, birth)


def third_moment(mask):
    """Trigonality (1 for a triangle, 0 for a hexagon) and direction of a corner in degrees."""
    rows, columns = np.nonzero(mask)
    w = (columns - columns.mean()) + 1j * (rows - rows.mean())
    c30 = (w**3).sum()
    return abs(c30) / (K3 * mask.sum() ** 2.5), np.degrees(np.angle(c30)) / 3


@pytest.mark.parametrize("angle", [0.0, 25.0, 60.0, 100.0])
@pytest.mark.parametrize("truncation", [2.0, 2.5])
def test_one_nucleus_grows_a_triangle_that_points_along_its_angle(angle, truncation):
    time, _ = arrival((200, 200), 1.0, one(angle), truncation)
    trigonality, direction = third_moment(cover(time, 0.1))
    assert trigonality == pytest.approx(1, abs=0.02)
    assert (direction - angle + 60) % 120 - 60 == pytest.approx(0, abs=0.5)


def test_equal_speeds_grow_a_hexagon():
    time, _ = arrival((200, 200), 1.0, one(25.0), 1.0)
    mask = cover(time, 0.1)
    assert third_moment(mask)[0] < 0.02
    assert mask.sum() == pytest.approx(2 * np.sqrt(3) * time[mask].max() ** 2, rel=0.02)


def test_edges_advance_at_speed_one_and_corners_of_triangles_at_two():
    time, _ = arrival((200, 200), 1.0, one(angle=0.0, birth=3.0), 2.0)
    assert time[100, 100 + 40] == pytest.approx(3 + 40 / 2)
    assert time[100, 100 - 40] == pytest.approx(3 + 40)


def test_a_triangles_area_is_that_of_its_inscribed_circle_times_root_27_over_pi():
    time, _ = arrival((200, 200), 1.0, one(10.0), 2.0)
    assert (time <= 25).sum() == pytest.approx(3 * np.sqrt(3) * 25**2, rel=0.02)


@pytest.mark.parametrize("shape", [(64, 64), (50, 77), (9, 100)])
@pytest.mark.parametrize("n", [1, 5, 60, 300])
@pytest.mark.parametrize("truncation", [1.0, 1.6, 3.0])
def test_each_pixel_belongs_to_the_nucleus_that_reaches_it_first(shape, n, truncation):
    nuclei = many(n, 300.0)
    time, domain = arrival(shape, 3.0, nuclei, truncation)
    rows, columns = (np.mgrid[: shape[0], : shape[1]] * 3.0)[:, None]
    dy, dx = rows - nuclei.rows[:, None, None], columns - nuclei.columns[:, None, None]
    corners = nuclei.angle[None, :, None, None] + np.radians([0, 120, 240])[:, None, None, None]
    way = np.cos(corners) * dx + np.sin(corners) * dy
    every = np.maximum((-way).max(axis=0), way.max(axis=0) / truncation)
    every += nuclei.birth[:, None, None]
    assert_allclose(time, every.min(axis=0), rtol=1e-5, atol=1e-4)
    won = np.take_along_axis(every, domain[None], axis=0)[0]
    assert_allclose(won, every.min(axis=0), rtol=1e-5, atol=1e-4)


def test_random_triangles_cover_as_johnson_mehl_avrami_and_kolmogorov_say():
    rng, density, t = np.random.default_rng(0), 2e-3, 10.0
    uncovered = []
    for _ in range(60):
        n = rng.poisson(density * 400**2)
        points, angle = rng.uniform(-100, 300, (2, n)), rng.uniform(0, 7, n)
        time, _ = arrival((200, 200), 1.0, Nuclei(*points, angle, np.zeros(n)), 2.0)
        uncovered.append((time > t).mean())
    expected = np.exp(-density * 3 * np.sqrt(3) * t**2)
    assert np.mean(uncovered) == pytest.approx(expected, abs=4 * np.std(uncovered) / np.sqrt(60))


@pytest.mark.parametrize("coverage", [0.0, 0.003, 0.5, 0.9, 1.0])
def test_coverage_is_exact_to_the_pixel(coverage):
    time, _ = arrival((50, 77), 3.0, many(60, 200.0), 2.0)
    film = cover(time, coverage)
    assert film.sum() == round(coverage * 50 * 77)
    assert time[film].max(initial=0) <= time[~film].min(initial=np.inf)


def test_ties_do_not_spoil_the_coverage():
    assert cover(np.zeros((10, 10)), 0.37).sum() == 37


def test_nuclei_are_sown_with_the_growths_density_orientation_and_birth():
    growth = draw_growth(MATERIALS["MoS2"], np.random.default_rng(3))
    nuclei = sow(growth, (3000.0, 2000.0), np.random.default_rng(0))
    inside = (nuclei.rows >= 0) & (nuclei.rows < 3000) & (nuclei.columns >= 0)
    inside &= nuclei.columns < 2000
    expected = growth.density * 6
    assert inside.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
    off = (np.degrees(nuclei.angle) - growth.azimuth + 30) % 120 - 30
    turned = off > 30
    scatter = 4 * np.sqrt(0.25 / len(off))
    assert turned.mean() == pytest.approx(growth.antiparallel, abs=scatter)
    assert np.std(np.where(turned, off - 60, off)) == pytest.approx(growth.spread, rel=0.1)
    assert nuclei.birth.mean() == pytest.approx(BIRTH * 1000 / growth.density**0.5, rel=0.1)


def test_the_sparsest_film_has_a_nucleus():
    growth = draw_growth(MATERIALS["WSe2"], np.random.default_rng(0))
    sparse = type(growth)(**{**vars(growth), "density": 1e-9, "coverage": 0.1})
    nuclei = sow(sparse, (10.0, 10.0), np.random.default_rng(0))
    assert len(nuclei.rows) >= 1
    assert_array_equal([len(v) for v in nuclei], len(nuclei.rows))
