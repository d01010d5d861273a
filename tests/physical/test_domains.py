import numpy as np
import pytest
from numpy.testing import assert_allclose
from physical.film_scenes import disk, dots, polygon

from tmdfeat.physical import Film, Segmentation
from tmdfeat.physical.domains import (
    boundary_density,
    coverage,
    domain_count,
    domain_density,
    phase_valley,
)
from tmdfeat.physical.domains_height import island_height, island_heights, island_volume
from tmdfeat.physical.domains_holes import (
    hole_circularity,
    hole_density,
    hole_diameter,
    hole_trigonality,
)
from tmdfeat.physical.domains_layers import layer_fraction, layer_fraction_0, layer_fraction_1
from tmdfeat.physical.domains_places import clark_evans, nearest_neighbour
from tmdfeat.physical.domains_shape import (
    aspect_ratio,
    circularity,
    solidity,
    triangularity,
    trigonality,
)
from tmdfeat.physical.domains_size import (
    diameter_variation,
    mean_diameter,
    median_diameter,
    weighted_diameter,
)

EXACT = Segmentation(smoothing=0, min_area=0)


def exact(z, pixel_size=1.0):
    return EXACT.segment(1.0 * z, pixel_size)


def three_squares():
    z = np.zeros((100, 100))
    z[10:20, 10:20] = z[40:60, 40:60] = z[65:95, 60:90] = 1.0  # sides 10, 20 and 30
    return z


@pytest.mark.parametrize("share", [0.1, 0.35, 0.5, 0.8])
def test_coverage_is_the_share_of_the_upper_level(share):
    z = np.zeros((100, 100))
    z[:, : round(100 * share)] = 0.65
    z += 0.02 * np.random.default_rng(0).normal(size=z.shape)
    assert coverage(z, 4.0) == pytest.approx(share, abs=0.01)


def test_boolean_model_of_disks_has_the_coverage_and_boundary_of_its_closed_forms():
    # rho a and 2 pi r rho exp(-rho a) of a Poisson process of disks.
    rng, side, radius, number = np.random.default_rng(1), 700, 9, 1000
    margin = 2 * radius
    rho = number / (side + 2 * margin) ** 2
    z = dots(rng.uniform(-margin, side + margin, (number, 2)), side, radius)
    found = exact(z)
    exponent = rho * np.pi * radius**2
    assert coverage(found) == pytest.approx(1 - np.exp(-exponent), abs=0.02)
    outline = 2 * np.pi * radius * rho * np.exp(-exponent)
    assert boundary_density(found) == pytest.approx(1000 * outline, rel=0.05)


def test_boundaries_are_counted_in_nm_and_not_at_the_edge_of_the_map():
    z = np.zeros((90, 90))
    z[:, 45:] = 1.0
    # A straight line along an axis: four directions find pi/8 (1 + sqrt 2) of it.
    expected = np.pi / 8 * (1 + np.sqrt(2)) / (89 * 4.0) * 1000
    assert boundary_density(exact(z, 4.0)) == pytest.approx(expected, rel=1e-6)
    assert boundary_density(exact(z, (2.0, 4.0))) == pytest.approx(1000 / 356, rel=0.08)


@pytest.mark.parametrize(
    ("z", "low", "high"),
    [
        (np.random.default_rng(2).random((200, 200)), 0.9, 1.3),  # uniform
        (np.random.default_rng(3).normal(size=(200, 200)), 1.2, 3.0),  # one peak
        (np.repeat([0.0, 1.0], 20000).reshape(200, 200), 0.0, 0.0),  # two levels
    ],
    ids=["uniform", "gaussian", "two levels"],
)
def test_the_valley_tells_two_levels_from_one(z, low, high):
    assert low <= phase_valley(z) <= high


def test_counts_and_densities_of_planted_islands():
    assert domain_count(exact(three_squares())) == 3
    assert domain_density(exact(three_squares(), 10.0)) == pytest.approx(3 / 0.99**2)


def test_diameters_are_those_of_circles_as_large_as_the_squares():
    found = exact(three_squares(), 2.0)
    d = 2 * np.array([10, 20, 30]) * 2 / np.sqrt(np.pi)
    assert mean_diameter(found) == pytest.approx(d.mean())
    assert median_diameter(found) == pytest.approx(d[1])
    assert diameter_variation(found) == pytest.approx(np.sqrt(200 / 3) / 20)
    assert weighted_diameter(found) == pytest.approx((d**3).sum() / (d**2).sum())


# Circularity and Rosin's triangularity of the exact shapes, and trigonality.
SHAPES = {
    "triangle": (3, 0.6046, 1.0, 1.0),
    "square": (4, np.pi / 4, 0.75, 0.0),
    "hexagon": (6, 0.9069, 0.694, 0.0),
}


@pytest.mark.parametrize("turn", [5.0, 21.0, 40.0])
@pytest.mark.parametrize("name", SHAPES)
def test_regular_polygons_have_their_shapes(name, turn):
    corners, round_, rosin, three = SHAPES[name]
    found = exact(polygon(corners, 110, turn))
    # Four directions measure a straight edge up to 5 % wrong.
    assert circularity(found) == pytest.approx(round_, rel=0.08)
    assert triangularity(found) == pytest.approx(rosin, abs=0.01)
    assert trigonality(found) == pytest.approx(three, abs=0.01)
    assert solidity(found) == pytest.approx(1, abs=0.02)
    assert aspect_ratio(found) == pytest.approx(1, abs=0.01)


def test_circularity_is_right_on_average_over_all_turns():
    turns = np.linspace(0, 90, 13)[:-1]
    values = [circularity(exact(polygon(4, 110, turn))) for turn in turns]
    assert np.mean(values) == pytest.approx(np.pi / 4, rel=0.02)


def test_disks_have_the_shape_of_disks():
    found = exact(disk(100))
    assert circularity(found) == pytest.approx(1, abs=0.02)
    assert triangularity(found) == pytest.approx(108 / (16 * np.pi**2), abs=0.005)  # 0.684
    assert trigonality(found) == pytest.approx(0, abs=1e-6)


def test_shapes_do_not_depend_on_the_form_of_pixels():
    whole, squeezed = polygon(3, 110, 90.0), polygon(3, 110, 90.0)[::2]
    for measure in (triangularity, trigonality, solidity, aspect_ratio):
        expected = measure(exact(whole, (1.0, 1.0)))
        assert measure(exact(squeezed, (2.0, 1.0))) == pytest.approx(expected, abs=0.02)
    # The four directions of oblong pixels are no longer evenly spread.
    assert circularity(exact(squeezed, (2.0, 1.0))) == pytest.approx(0.6046, rel=0.15)


def test_a_rectangle_has_the_aspect_ratio_of_its_sides():
    z = np.zeros((60, 60))
    z[5:35, 10:22] = 1.0
    assert aspect_ratio(exact(z)) == pytest.approx(30 / 12)
    assert aspect_ratio(exact(z, (1.0, 2.5))) == pytest.approx(1)


def test_shapes_leave_out_what_the_edge_cuts():
    z = three_squares()
    z[:, 97:] = 1.0
    assert aspect_ratio(exact(z)) == pytest.approx(1)
    half = np.zeros((40, 40))
    half[:, 20:] = 1.0
    assert np.isnan(aspect_ratio(exact(half)))


def lattice(side, spacing, triangular=False):
    rows = np.arange(spacing / 2, side, spacing * (np.sqrt(3) / 2 if triangular else 1))
    points = []
    for i, row in enumerate(rows):
        shift = spacing / 2 * (i % 2) if triangular else 0
        points += [(row, column + shift) for column in np.arange(spacing / 2, side, spacing)]
    return [(r, c) for r, c in points if max(r, c) < side - 2]


@pytest.mark.parametrize(
    ("triangular", "expected"), [(False, 2.0), (True, 2.149)], ids=["square", "triangular"]
)
def test_lattices_have_their_clark_evans_ratio(triangular, expected):
    spacing, side = 20, 1000
    z = dots(lattice(side, spacing, triangular), side, radius=2)
    found = exact(z, 3.0)
    assert nearest_neighbour(found) == pytest.approx(3.0 * spacing, rel=0.03)
    # The correction for the edge is that of random points: too much by 1/sqrt(n).
    assert clark_evans(found) == pytest.approx(expected, rel=0.04)


def test_random_points_have_clark_evans_ratio_one():
    rng, side = np.random.default_rng(4), 500
    values = []
    for _ in range(12):
        z = np.zeros((side, side))
        z[rng.integers(side, size=60), rng.integers(side, size=60)] = 1.0
        values.append(clark_evans(exact(z)))
    assert np.mean(values) == pytest.approx(1, abs=0.06)


def test_island_heights_and_volumes_are_those_planted_on_a_slope():
    z = np.add.outer(np.zeros(100), 0.0005 * np.arange(100))
    z[10:30, 10:30] += 0.6
    z[60:80, 50:70] += 0.8
    found = exact(z, 5.0)
    assert_allclose(np.sort(island_heights(found)), [0.6, 0.8], atol=1e-3)
    assert island_height(found) == pytest.approx(0.7, abs=1e-3)
    assert island_volume(found) == pytest.approx(0.7 * 100**2, rel=1e-3)


def test_layers_are_snapped_to_the_thickness_of_the_film():
    z = np.zeros((100, 100))
    z[10:90, 10:60] = 0.65
    z[20:60, 20:40] = 1.3
    z[25:35, 25:35] = 2.6
    z -= 0.02 * np.random.default_rng(5).normal(size=z.shape)
    found = Film(z, 4.0)
    shares = [layer_fraction(found, layers) for layers in range(4)]
    assert shares == pytest.approx([0.6, 0.32, 0.07, 0.01], abs=0.005)


def test_a_map_of_one_level_is_all_ground():
    noise = np.random.default_rng(6).normal(size=(80, 80))
    for z in (np.full((80, 80), 0.1), noise):
        assert (layer_fraction_0(z), layer_fraction_1(z)) == (1.0, 0.0)


def test_holes_are_described_as_islands_are():
    z = 1.0 - polygon(3, 60, 40.0) * 1.0
    found = Film(z, 2.0)
    assert hole_trigonality(found) == pytest.approx(1, abs=0.03)
    assert hole_circularity(found) == pytest.approx(0.6046, rel=0.1)
    assert hole_density(found) == pytest.approx(1e6 / (256 * 2.0) ** 2)
    area = 3 * np.sqrt(3) / 4 * 120**2
    assert hole_diameter(found) == pytest.approx(np.sqrt(4 * area / np.pi), rel=0.02)
