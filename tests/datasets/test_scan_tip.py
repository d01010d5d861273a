import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import grey_dilation

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.scan_tip import dilate


def rough(shape=(40, 60), height=4.0, seed=0):
    return height * gaussian_field(shape, 2.0, 20.0, 0.6, np.random.default_rng(seed))


def by_scipy(z, pixel, radius):
    n = int(np.sqrt(2 * radius * np.ptp(z)) / pixel) + 1
    y, x = np.mgrid[-n : n + 1, -n : n + 1] * pixel
    tip = -(y**2 + x**2) / (2 * radius)
    return grey_dilation(z.astype(float), structure=tip, mode="constant", cval=-np.inf)


@pytest.mark.parametrize("radius", [0.5, 5.0, 40.0])
@pytest.mark.parametrize("pixel", [1.0, 3.9])
def test_it_is_the_dilation_that_scipy_computes(radius, pixel):
    z = rough()
    assert_allclose(dilate(z, pixel, radius), by_scipy(z, pixel, radius), atol=1e-5)


def test_a_dilated_surface_is_nowhere_lower():
    z = rough()
    assert (dilate(z, 1.0, 8.0) >= z).all()
    assert (dilate(z, 1.0, 8.0) > z).mean() > 0.5


def test_flat_stays_flat():
    z = np.full((20, 30), 3.25, dtype=np.float32)
    assert_array_equal(dilate(z, 1.0, 10.0), z)


def test_a_sharp_tip_changes_nothing():
    z = rough()
    assert_array_equal(dilate(z, 1.0, 0.0), z)


def test_a_spike_shows_the_tip():
    z = np.zeros((41, 41), dtype=np.float32)
    z[20, 20] = 9.0
    y, x = np.mgrid[-20:21, -20:21] * 2.0
    assert_allclose(dilate(z, 2.0, 30.0), np.maximum(9 - (x**2 + y**2) / 60, 0), atol=1e-5)


def test_a_step_is_as_high_as_before_and_its_plateau_wider_by_the_tips_reach():
    z = np.zeros((5, 200), dtype=np.float32)
    z[:, 100:] = 0.65
    seen = dilate(z, 0.5, 10.0)
    assert seen.max() - seen.min() == pytest.approx(0.65)
    wider = (seen[2, :100] > 0).sum() * 0.5
    assert wider == pytest.approx(np.sqrt(2 * 10 * 0.65), abs=0.5)
