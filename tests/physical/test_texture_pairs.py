import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from skimage.feature import graycomatrix

from tmdfeat.physical import texture_haralick as haralick
from tmdfeat.physical.texture_pairs import ANGLES, cooccurrence, height_levels, pair_offsets

SQUARE = (1.0, 1.0)


@pytest.mark.parametrize("shape", [(40, 60), (33, 17)])
@pytest.mark.parametrize("distance", [1, 2, 3, 7, 16])
@pytest.mark.parametrize("n_levels", [2, 16, 32, 255])
def test_matrices_equal_scikit_image(shape, distance, n_levels):
    q = np.random.default_rng(distance).integers(0, n_levels, shape).astype(np.uint8)
    other = graycomatrix(q, [distance], ANGLES, levels=n_levels, symmetric=True, normed=True)
    ours = cooccurrence(q, pair_offsets(distance, SQUARE), n_levels)
    assert_allclose(ours, other[:, :, 0].transpose(2, 0, 1), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("distance", "expected"),
    [(1, (1, 1, 0.5, np.sqrt(0.5), -1, 0.5)), (2, (0, 0, 1, np.sqrt(0.5), 1, 0.5))],
)
def test_chessboard(distance, expected):
    board = (np.indices((8, 8)).sum(axis=0) % 2).astype(np.uint8)
    along_the_row = cooccurrence(board, pair_offsets(distance, SQUARE), 2)[0]
    measures = (
        haralick.contrast,
        haralick.dissimilarity,
        haralick.homogeneity,
        haralick.energy,
        haralick.correlation,
        haralick.angular_second_moment,
    )
    assert_allclose([measure(along_the_row) for measure in measures], expected)
    assert haralick.entropy(along_the_row) == pytest.approx(np.log(2))


@pytest.mark.parametrize("n", [4, 16, 32])
def test_independent_uniform_levels(n):
    q = np.random.default_rng(n).integers(0, n, (1000, 1000)).astype(np.uint8)
    p = cooccurrence(q, pair_offsets(1, SQUARE), n)
    k = np.arange(1, n)
    same_or_near = (n + 2 * np.sum((n - k) / (1 + k**2))) / n**2
    assert_allclose(haralick.contrast(p), (n**2 - 1) / 6, rtol=0.01)
    assert_allclose(haralick.dissimilarity(p), (n**2 - 1) / (3 * n), rtol=0.01)
    assert_allclose(haralick.homogeneity(p), same_or_near, rtol=0.01)
    assert_allclose(haralick.angular_second_moment(p), 1 / n**2, rtol=0.01)
    assert_allclose(haralick.energy(p), 1 / n, rtol=0.01)
    assert_allclose(haralick.correlation(p), 0, atol=0.005)
    assert_allclose(haralick.entropy(p), 2 * np.log(n), rtol=0.001)
    if n == 16:
        assert same_or_near == pytest.approx(0.16834, abs=5e-6)


@pytest.mark.parametrize("levels", [np.full((3, 3), 2, np.uint8), np.zeros((3, 3), np.int64)])
def test_levels_outside_the_matrix_are_refused(levels):
    with pytest.raises(ValueError, match="levels must be uint8 below 2"):
        cooccurrence(levels, pair_offsets(1, SQUARE), 2)


def test_one_level_has_no_correlation():
    p = cooccurrence(np.zeros((5, 5), np.uint8), pair_offsets(1, SQUARE), 2)
    assert np.isnan(haralick.correlation(p)).all()


def test_levels_divide_three_sq_on_either_side_into_32():
    z = np.random.default_rng(0).normal(size=(500, 500)) * 4 + 100
    shares = np.bincount(height_levels(z).ravel(), minlength=32) / z.size
    edges = np.linspace(-3, 3, 33)
    edges[[0, -1]] = -np.inf, np.inf
    assert_allclose(shares, np.diff(stats.norm.cdf(edges)), atol=1e-3)
    inner = np.digitize((z - z.mean()) / z.std(), np.linspace(-3, 3, 33)[1:-1])
    assert np.array_equal(height_levels(z), inner)


def test_heights_at_the_mean_belong_to_one_level_whatever_the_offset():
    z = np.array([[-1.0, 0.0, 1.0]] * 3)
    levels = [height_levels(z + offset)[0, 1] for offset in np.linspace(-7, 7, 101)]
    assert set(levels) == {16}


def test_offsets_are_whole_pixels_of_each_axis():
    assert pair_offsets(8, (4.0, 2.0)).tolist() == [[0, 4], [1, 3], [2, 0], [1, -3]]
