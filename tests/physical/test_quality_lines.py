import numpy as np
import pytest
from physical.spatial_surfaces import filtered_noise

from tmdfeat.physical.quality_lines import Rows, row_noise, scar_fraction
from tmdfeat.preprocess import find_scars

RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=(512, 128))


@pytest.mark.parametrize("spread", [0.05, 2.0])
def test_row_noise_is_the_deviation_of_the_offsets(spread):
    offsets = spread * np.random.default_rng(1).normal(size=(512, 1))
    y, x = np.mgrid[:512, :128]
    z = offsets + 0.01 * spread * NOISE + 0.3 * y + 0.1 * x  # a tilt does not count
    assert row_noise(z) == pytest.approx(spread, rel=0.1)


def test_row_noise_is_small_without_offsets():
    # The median of n Gaussian pixels has the deviation sqrt(pi / 2 / n).
    assert row_noise(NOISE) == pytest.approx(np.sqrt(np.pi / 2 / 128), rel=0.2)


def test_some_wrong_rows_do_not_count_as_noise():
    z = np.zeros((100, 64))
    z[::10] = 1e3
    assert row_noise(z) == 0


def test_scars_are_counted_if_long_enough():
    z = 0.1 * NOISE.copy()
    z[40, 10:60] += 5
    z[90, 100:128] -= 5
    z[200, 10:20] += 5  # too short
    assert scar_fraction(z) == pytest.approx((50 + 28) / z.size)


def test_noise_and_steps_along_the_slow_axis_are_no_scars():
    assert scar_fraction(NOISE) == 0
    z = 0.1 * NOISE
    z[250:] += 10
    assert scar_fraction(z) == 0


def test_rounding_of_equal_heights_is_no_scar():
    z = np.full((20, 40), 0.1)
    z[10:] = 1.0
    z[5, :30] = np.nextafter(0.1, 1)
    assert scar_fraction(z) == 0


def test_scars_of_one_row_are_those_of_the_levelling_room():
    z = filtered_noise(128, 2.0) + 0.01 * np.random.default_rng(2).normal(size=(128, 128))
    for row in (20, 55, 100):
        z[row, 30:80] += 3
    expected = find_scars(z, max_rows=1).mean()
    assert expected > 0
    assert scar_fraction(z) == pytest.approx(expected)


def test_two_rows_have_no_neighbours_on_both_sides():
    assert np.isnan([row_noise(NOISE[:2]), scar_fraction(NOISE[:2])]).all()


def test_flips_change_nothing():
    z = 0.1 * NOISE + 0.5 * np.random.default_rng(3).normal(size=(512, 1))
    z[40, 10:60] += 5
    for flipped in (z[::-1], z[:, ::-1]):
        assert row_noise(flipped) == pytest.approx(row_noise(z))
        assert scar_fraction(flipped) == scar_fraction(z)


def test_prepared_rows_give_the_same_as_the_array():
    assert row_noise(Rows(NOISE)) == row_noise(NOISE)
