import numpy as np
import pytest
from numpy.testing import assert_allclose
from skimage.feature import local_binary_pattern

from tmdfeat.physical import compute
from tmdfeat.physical.texture_lbp import DESCRIPTORS, RADII, Patterns, pattern_histogram

# 0 or 8 of 8 higher: 1/9 each, as the centre is the highest or lowest of nine; k in one arc:
# 8 arcs, each with probability k! (8 - k)! / 9!.
INDEPENDENT = [1 / 9, 1 / 9, 2 / 63, 1 / 63, 4 / 315, 1 / 63, 2 / 63, 1 / 9, 1 / 9]
INDEPENDENT.append(1 - sum(INDEPENDENT))
Z = np.random.default_rng(0).integers(0, 6, (23, 31))


def literal_histogram(z, r):
    counts = np.zeros(10)
    for i in range(r, z.shape[0] - r):
        for j in range(r, z.shape[1] - r):
            ring = [
                z[i - r, j - r], z[i - r, j], z[i - r, j + r], z[i, j + r],
                z[i + r, j + r], z[i + r, j], z[i + r, j - r], z[i, j - r],
            ]  # fmt: skip
            high = [neighbour >= z[i, j] for neighbour in ring]
            changes = sum(high[k] != high[k - 1] for k in range(8))
            counts[sum(high) if changes <= 2 else 9] += 1
    return counts / counts.sum()


@pytest.mark.parametrize("radius", [1, 2, 4, 11])
def test_shares_equal_those_counted_pixel_by_pixel(radius):
    assert_allclose(pattern_histogram(Z, radius), literal_histogram(Z, radius), atol=1e-15)


@pytest.mark.parametrize("radius", RADII)
def test_independent_heights(radius):
    z = np.random.default_rng(1).normal(size=(700, 700))
    assert_allclose(pattern_histogram(z, radius), INDEPENDENT, atol=0.003)
    published = [0.0317, 0.0159, 0.0127, 0.0159, 0.0317]
    assert_allclose(INDEPENDENT[2:7], published, atol=5e-5)
    assert INDEPENDENT[9] == pytest.approx(0.4476, abs=5e-5)


def test_shares_equal_scikit_image_where_its_diagonals_decide_nothing():
    # On a ramp along one axis the interpolated neighbours lie on the same side as the pixels.
    z = np.tile(np.arange(20.0) ** 2, (20, 1))
    codes = local_binary_pattern(z.astype(np.int64), 8, 1, "uniform")[1:-1, 1:-1]
    expected = np.bincount(codes.astype(int).ravel(), minlength=10) / codes.size
    assert_allclose(pattern_histogram(z, 1), expected)
    assert expected[5] == 1  # three ahead and the two beside, which are equal


def test_chessboard_fields_are_below_all_or_level_with_the_diagonals():
    board = np.indices((12, 12)).sum(axis=0) % 2
    expected = np.zeros(10)
    expected[[8, 9]] = 0.5
    assert_allclose(pattern_histogram(board, 1), expected)


def test_every_rising_function_leaves_the_patterns_alone():
    for function in (np.exp, lambda z: z**3, lambda z: 1e-12 * z - 4):
        assert_allclose(pattern_histogram(function(Z.astype(float)), 2), pattern_histogram(Z, 2))


def test_shares_sum_to_one_for_each_radius():
    values = compute(DESCRIPTORS, Z).reshape(len(RADII), 10)
    assert_allclose(values.sum(axis=1), 1)


def test_a_flat_map_is_level_with_all_neighbours():
    z = np.full((9, 9), 0.1)
    z[::2] = np.nextafter(0.1, 1)  # rounding counts as flat
    assert pattern_histogram(z)[8] == 1


def test_the_ring_must_fit_into_the_map():
    assert np.isnan(pattern_histogram(np.zeros((8, 20)), 4)).all()
    assert pattern_histogram(np.zeros((9, 9)), 4)[8] == 1
    names = [d.name for d in DESCRIPTORS if not d.fits((8, 20))]
    assert names == [f"lbp_r4_{k}" for k in [*range(9), "other"]]


def test_prepared_patterns_give_the_same_as_the_array():
    assert [d.function(Patterns(Z)) for d in DESCRIPTORS] == [d.function(Z) for d in DESCRIPTORS]
