import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.preprocess import find_scars, remove_scars


def terraces(shape=(128, 160), noise=0.05, seed=0):
    """Oblique steps of 1 and a triangular island of 3, with white noise."""
    row, column = np.mgrid[: shape[0], : shape[1]]
    island = (row > 40) & (row < 112) & (np.abs(column - 80) < (row - 40) * 0.577)
    rng = np.random.default_rng(seed)
    return np.floor((row + 0.4 * column) / 25) + 3.0 * island + noise * rng.normal(size=shape)


def plant(z, seed=0, n=12):
    """Scars of 1 to 4 rows and 30 to 90 pixels, up and down, on rows 6 apart."""
    rng = np.random.default_rng(seed)
    truth, scarred = np.zeros(z.shape, bool), z.copy()
    for k in range(n):
        top, left = 5 + 10 * k, rng.integers(0, 60)
        where = np.s_[top : top + 1 + k % 4, left : left + rng.integers(30, 90)]
        truth[where] = True
        scarred[where] += (-1) ** k * 6.0
    return scarred, truth


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("seed", range(4))
def test_planted_scars_are_found_and_little_else(seed, noise):
    scarred, truth = plant(terraces(noise=noise, seed=seed), seed)
    found = find_scars(scarred)
    assert np.count_nonzero(found & truth) / np.count_nonzero(truth) > 0.97
    assert np.count_nonzero(found & truth) / np.count_nonzero(found) > 0.99


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.3])
def test_clean_terraces_are_left_alone(noise):
    z = terraces(noise=noise)
    assert not find_scars(z).any()
    assert_array_equal(remove_scars(z), z)


def test_removal_brings_back_what_lay_under_the_scars():
    row, column = np.mgrid[:128, :160]
    plane = 0.3 * row - 0.2 * column
    scarred, truth = plant(plane)
    found = find_scars(scarred)
    assert_array_equal(found, truth)
    assert_allclose(remove_scars(scarred), plane, atol=1e-12)


def test_only_marked_pixels_change():
    scarred, _ = plant(terraces())
    changed = remove_scars(scarred) != scarred
    assert not (changed & ~find_scars(scarred)).any()


def test_touching_scars_of_either_sign_are_bridged():
    z = np.zeros((20, 40))
    z[8, 5:35], z[9, 5:35] = 5.0, -5.0
    z += np.arange(20.0)[:, None]
    assert_allclose(remove_scars(z), np.arange(20.0)[:, None] + np.zeros(40), atol=1e-12)


@pytest.mark.parametrize(("rows", "found"), [(1, True), (4, True), (5, False)])
def test_what_covers_more_rows_than_a_scar_is_no_scar(rows, found):
    z = np.zeros((40, 60))
    z[10 : 10 + rows, 10:50] = 4.0
    assert find_scars(z).any() == found


@pytest.mark.parametrize(("length", "found"), [(15, False), (16, True), (40, True)])
def test_what_is_shorter_than_min_length_is_no_scar(length, found):
    z = np.zeros((40, 40))
    z[10, :length] = 4.0
    assert find_scars(z).sum() == (length if found else 0)


def test_runs_do_not_continue_into_the_next_row():
    z = np.zeros((40, 40))
    z[10, 30:], z[11, :10] = 4.0, 4.0  # 20 pixels in memory, 10 and 10 on the map
    assert not find_scars(z).any()


def test_the_first_and_last_row_are_never_marked():
    z = np.zeros((10, 40))
    z[0], z[-1] = 5.0, 5.0
    assert not find_scars(z).any()


def test_the_unit_does_not_matter():
    scarred, _ = plant(terraces())
    assert_array_equal(find_scars(scarred * 1e-9), find_scars(scarred))


def test_missing_pixels_stay_missing_and_do_not_hide_other_scars():
    z = np.zeros((30, 60))
    z[10, 5:50], z[20, 5:50] = 4.0, 4.0
    z[2, 3], z[9, 20] = np.nan, np.nan
    cleaned = remove_scars(z)
    assert_array_equal(np.isnan(cleaned), np.isnan(z))
    assert not cleaned[20].any()
    assert_array_equal(np.flatnonzero(cleaned[10]), np.arange(5, 21))  # 15 are too few


@pytest.mark.parametrize("shape", [(1, 30), (2, 30), (3, 2), (30, 1), (3, 3)])
def test_maps_too_small_for_scars_pass(shape):
    z = np.random.default_rng(0).normal(size=shape)
    assert_array_equal(remove_scars(z), z)


def test_the_input_is_not_modified():
    z, _ = plant(terraces())
    before = z.copy()
    z.flags.writeable = False
    remove_scars(z)
    assert_array_equal(z, before)


def test_integers_are_taken():
    z = np.zeros((30, 60), np.uint16)
    z[10, 5:50] = 400
    assert not remove_scars(z).any()


@pytest.mark.parametrize(
    "wrong", [{"threshold": 0.0}, {"threshold": np.nan}, {"min_length": 0}, {"max_rows": 1.5}]
)
def test_parameters_out_of_range_are_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        find_scars(np.zeros((5, 5)), **wrong)
