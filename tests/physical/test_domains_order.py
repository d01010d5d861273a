import numpy as np
import pytest
from physical.film_scenes import polygon

from tmdfeat.physical import Film, Segmentation
from tmdfeat.physical.domains_order import (
    domain_orientation,
    domain_step_angle,
    is_single,
    order_parameter,
    psi3,
    psi6,
    single_orientation,
)

EXACT = Segmentation(smoothing=0, min_area=0)


def triangles(turns, radius=16):
    """One triangle per angle, in a row of tiles."""
    tiles = [polygon(3, radius, turn, side=45) for turn in turns]
    return 1.0 * np.concatenate(tiles, axis=1)


@pytest.mark.parametrize("turn", [0.0, 13.0, 47.0])
def test_parallel_and_opposite_triangles(turn):
    same = EXACT.segment(triangles([turn, turn + 120, turn + 240, turn]))
    assert psi6(same) == pytest.approx(1, abs=0.02)
    assert psi3(same) == pytest.approx(1, abs=0.02)
    assert single_orientation(same) == pytest.approx(1, abs=0.01)
    mixed = EXACT.segment(triangles([turn, turn + 60, turn, turn + 180]))
    assert psi6(mixed) == pytest.approx(1, abs=0.02)
    assert psi3(mixed) == 0
    for found in (same, mixed):
        away = (domain_orientation(found) - turn + 30) % 60 - 30
        assert away == pytest.approx(0, abs=0.5)


def test_three_to_one_is_the_order_of_its_counts():
    found = EXACT.segment(triangles([0.0] * 9 + [60.0] * 3))
    m = (9 - 3) / 12
    assert psi3(found) == pytest.approx(np.sqrt((12 * m**2 - 1) / 11), abs=0.02)
    assert single_orientation(found) == pytest.approx((1 + psi3(found)) / 2)


def test_the_square_of_the_order_of_random_angles_is_zero_on_average():
    rng = np.random.default_rng(0)
    angles = rng.uniform(0, 120, (4000, 5))
    # Before it is cut at zero: the mean over many small samples has no bias.
    m2 = np.abs(np.exp(3j * np.radians(angles)).mean(axis=1)) ** 2
    assert np.mean((5 * m2 - 1) / 4) == pytest.approx(0, abs=0.01)
    unbiased = [order_parameter(a, 3) ** 2 for a in angles]
    assert np.mean(unbiased) == pytest.approx(np.mean(np.maximum(0, (5 * m2 - 1) / 4)))


def test_spread_lowers_the_order_by_the_gaussian_factor():
    spread = np.radians(5.0)
    angles = np.random.default_rng(1).normal(30.0, 5.0, 20_000)
    assert order_parameter(angles, 6) == pytest.approx(np.exp(-18 * spread**2), abs=0.01)
    assert order_parameter(angles, 3) == pytest.approx(np.exp(-4.5 * spread**2), abs=0.01)


def test_one_domain_has_no_order_but_an_orientation():
    found = EXACT.segment(triangles([20.0]))
    assert np.isnan([psi6(found), psi3(found), single_orientation(found)]).all()
    assert domain_orientation(found) == pytest.approx(20.0, abs=0.7)


def test_hexagons_merged_and_cut_domains_take_no_part():
    tiles = np.zeros((90, 180), bool)
    tiles[:45, :45] = polygon(3, 16, 20.0, 45)
    tiles[:45, 90:135] = polygon(6, 16, 20.0, 45)
    star = polygon(3, 20, 0.0, 45) | polygon(3, 20, 60.0, 45)
    tiles[45:, 45:90] = star
    tiles[45:, 150:] = polygon(3, 20, 20.0, 45)[:, :30]
    found = EXACT.segment(1.0 * tiles)
    assert found.n >= 4
    assert is_single(found).sum() == 1
    assert found.table["x"][is_single(found)].tolist() == pytest.approx([22.0], abs=1.0)


@pytest.mark.parametrize("between", [0.0, 10.0, 30.0, 50.0])
def test_the_angle_to_the_steps_lies_between_0_and_30(between):
    side, azimuth = 256, 25.0
    y, x = np.mgrid[:side, :side]
    way = (x * np.cos(np.radians(azimuth)) + y * np.sin(np.radians(azimuth))) / 16.0
    z = 0.2165 * (np.floor(way) - way) + 0.65 * polygon(3, 60, azimuth + between, side)
    assert domain_step_angle(Film(z, 4.0)) == pytest.approx(min(between, 60 - between), abs=1.5)
