import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from physical.every_map import (
    MAPS,
    PIXELS,
    check_dtypes,
    check_every_map,
    check_invariances,
    check_oblong_pixels,
    check_pickles,
    rough_maps,
)
from skimage.feature import graycomatrix, graycoprops

from tmdfeat.physical import compute, select
from tmdfeat.physical.texture_glcm import DESCRIPTORS, MEASURES, Pairs, glcm_mean, glcm_range
from tmdfeat.physical.texture_pairs import ANGLES, height_levels

FAMILY = select("texture")
Z = np.random.default_rng(0).normal(size=(90, 120)).cumsum(axis=1)


@pytest.mark.parametrize("distance", [1, 4, 16])
@pytest.mark.parametrize("name", MEASURES)
def test_mean_and_range_equal_scikit_image_on_the_same_levels(name, distance):
    matrix = graycomatrix(height_levels(Z), [distance], ANGLES, 32, symmetric=True, normed=True)
    expected = graycoprops(matrix, "ASM" if name == "asm" else name)[0]
    mean = glcm_mean(Z, measure=MEASURES[name], distance=distance)
    spread = glcm_range(Z, measure=MEASURES[name], distance=distance)
    assert mean == pytest.approx(expected.mean(), rel=1e-12, abs=1e-12)
    assert spread == pytest.approx(np.ptp(expected), rel=1e-9, abs=1e-12)


def test_a_chessboard_has_levels_11_apart_along_the_axes_and_alike_across():
    board = np.indices((20, 30)).sum(axis=0) % 2  # -1 Sq and +1 Sq: levels 10 and 21
    expected = {"contrast": 121, "dissimilarity": 11, "homogeneity": 1 - 1 / 122}
    expected |= {"energy": 0, "asm": 0, "correlation": 2, "entropy": 0}
    for name, value in expected.items():
        assert glcm_range(board, measure=MEASURES[name]) == pytest.approx(value, abs=1e-3), name


def test_stripes_differ_between_the_directions():
    stripes = np.tile([0.0, 1.0], (30, 15))
    assert glcm_mean(stripes) == pytest.approx(121 * 3 / 4)  # all but along the stripes
    assert glcm_range(stripes, measure=MEASURES["correlation"]) == pytest.approx(2, abs=1e-3)


def test_distances_are_in_nm():
    for pixel in (2.0, (4.0, 1.0)):
        steps = np.broadcast_to(pixel, 2)
        q = height_levels(Z)
        down, right = (int(8 / step) for step in steps)
        squares = [
            np.mean((q[:, right:] * 1.0 - q[:, :-right]) ** 2),
            np.mean((q[down:] * 1.0 - q[:-down]) ** 2),
        ]
        r, c = (int(np.rint(8 / step / np.sqrt(2))) for step in steps)
        squares += [
            np.mean((q[r:, c:] * 1.0 - q[:-r, :-c]) ** 2),
            np.mean((q[r:, :-c] * 1.0 - q[:-r, c:]) ** 2),
        ]
        assert glcm_mean(Z, pixel, distance=8) == pytest.approx(np.mean(squares))


@pytest.mark.parametrize(
    ("pixel", "defined"), [(5.6, True), (5.7, False), (0.05, True), (0.04, False)]
)
def test_distances_need_a_pixel_across_and_room(pixel, defined):
    values = [d.compute(Z, pixel) for d in DESCRIPTORS if "_d4_" in d.name]
    assert np.isfinite(values).all() == defined
    assert np.isnan(values).all() != defined


def test_a_flat_map_has_equal_pairs_and_no_correlation():
    for pixel in (1.0, 2.0):
        values = {name: glcm_mean(np.ones((9, 9)), pixel, m, 2.0) for name, m in MEASURES.items()}
        ones = {"homogeneity", "energy", "asm"}
        for name, value in values.items():
            expected = np.nan if name == "correlation" else float(name in ones)
            assert_allclose(value, expected, err_msg=name)


def test_an_outlier_hardly_changes_the_levels_of_the_rest():
    z = np.random.default_rng(1).normal(size=(200, 200))
    before = glcm_mean(z, measure=MEASURES["dissimilarity"])
    z[50, 50] = 30.0
    assert glcm_mean(z, measure=MEASURES["dissimilarity"]) == pytest.approx(before, rel=0.02)


def test_prepared_pairs_give_the_same_as_the_array():
    assert glcm_mean(Pairs(Z, 2.0), distance=4) == glcm_mean(Z, 2.0, distance=4)


# What follows holds for the whole family, from all its files.


@pytest.mark.parametrize("pixel_size", PIXELS, ids=str)
@pytest.mark.parametrize("name", MAPS)
def test_every_legal_map_has_finite_or_undefined_values(name, pixel_size):
    check_every_map(FAMILY, name, pixel_size)


@settings(deadline=None, max_examples=15)
@given(rough_maps)
def test_offset_factor_quarter_turns_and_flips(z):
    check_invariances(FAMILY, z)


@pytest.mark.parametrize("check", [check_oblong_pixels, check_dtypes, check_pickles])
def test_oblong_pixels_dtypes_and_pickles(check):
    check(FAMILY)


def test_a_large_rough_map_has_all_values():
    assert np.isfinite(compute(FAMILY, np.random.default_rng(2).normal(size=(140, 150)))).all()
