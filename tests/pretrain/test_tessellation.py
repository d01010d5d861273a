import numpy as np
import pytest
from grid import make_grid
from tessellation import cells

GRID = make_grid(120)


@pytest.mark.parametrize("order", [0.0, 0.5, 1.0])
def test_cells_belong_to_their_nearest_point(order):
    found = cells(GRID, np.random.default_rng(0), 15, order)
    away = np.hypot(GRID.x[..., None] - found.x, GRID.y[..., None] - found.y)
    nearest = np.sort(away, -1)
    assert found.near == pytest.approx(nearest[..., 0], abs=1e-3)
    place = np.take_along_axis(away, found.neighbour[..., None], -1)[..., 0]
    assert place == pytest.approx(nearest[..., 1], abs=1e-3)


def test_the_edge_is_the_bisector_of_two_points():
    found = cells(GRID, np.random.default_rng(1), 20, 0.3)
    own = np.stack([found.x[found.owner], found.y[found.owner]])
    other = np.stack([found.x[found.neighbour], found.y[found.neighbour]])
    normal = (other - own) / np.linalg.norm(other - own, axis=0)
    away = (((own + other) / 2 - np.stack([GRID.x, GRID.y])) * normal).sum(0)
    assert found.edge == pytest.approx(away, abs=1e-2)


@pytest.mark.parametrize("aspect", [1.0, 3.0])
def test_a_cell_has_the_area_of_its_spacing(aspect):
    found = cells(GRID, np.random.default_rng(2), 10, 0.7, aspect=aspect)
    inside = (found.x >= 0) & (found.x < 120) & (found.y >= 0) & (found.y < 120)
    assert inside.sum() == pytest.approx(144, rel=0.1)


def test_a_full_order_is_a_hexagonal_lattice():
    found = cells(GRID, np.random.default_rng(3), 12, 1.0)
    x, y = found.x, found.y
    inner = np.hypot(x - 60, y - 60) < 40
    away = np.sort(np.hypot(x[inner, None] - x, y[inner, None] - y), 1)[:, 1:8]
    side = 12 * np.sqrt(2 / np.sqrt(3))
    assert away[:, :6] == pytest.approx(side, rel=1e-3)
    assert (away[:, 6] > 1.5 * side).all()


def test_longer_cells_are_longer():
    found = cells(GRID, np.random.default_rng(4), 20, 1.0, aspect=4.0)
    ratios = []
    for k in np.unique(found.owner[40:80, 40:80]):
        row, column = np.nonzero(found.owner == k)
        if len(row) > 300:
            low, high = np.linalg.eigvalsh(np.cov(row, column))
            ratios.append(np.sqrt(high / low))
    assert np.median(ratios) == pytest.approx(4, rel=0.25)
