import numpy as np
import pytest
from scipy import ndimage

from tmdfeat.physical.blobs_particles import Particles, particle_density, pinhole_density


def rough(shape=(256, 256), seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def planted(z, diameter, height, step=51):
    """Squares of `diameter` pixels on a grid, 5 by 5 of them."""
    z = z.copy()
    for row in range(20, 256, step):
        for column in range(20, 256, step):
            z[row : row + diameter, column : column + diameter] += height
    return z


@pytest.mark.parametrize("diameter", [2, 3, 8, 16])
def test_planted_particles_and_pinholes_are_counted(diameter):
    z, area = rough(), 256 * 256 * 100 / 1e6
    assert particle_density(planted(z, diameter, 30), 10.0) * area == pytest.approx(25)
    assert pinhole_density(planted(z, diameter, -30), 10.0) * area == pytest.approx(25)
    assert pinhole_density(planted(z, diameter, 30), 10.0) == 0


def test_single_pixels_of_noise_and_wide_islands_are_none():
    assert particle_density(planted(rough(), 1, 30)) == 0
    assert particle_density(planted(rough(), 17, 30)) == 0
    assert particle_density(rough()) == pinhole_density(rough()) == 0


def test_ground_that_curves_or_steps_is_followed():
    y, x = np.mgrid[:256, :256] / 256
    for ground in (30 * x**2 + 20 * y, 100 * (x > 0.5)):
        z = planted(ground + rough(), 4, 40)
        assert particle_density(z) * 256 * 256 / 1e6 == pytest.approx(25)


def test_the_score_is_above_the_local_median_in_robust_deviations():
    z = rough((80, 96)).cumsum(axis=0)
    above = z - ndimage.median_filter(z, 11, mode="nearest")  # 80 // 16 on either side
    low, high = np.percentile(z, [0.5, 99.5])
    scale = 1.4826 * np.median(np.abs(above))
    core = Particles(z).score[8:-8, 8:-8]  # off the regions that were clipped
    difference = np.abs(core * scale - above[8:-8, 8:-8])
    assert np.median(difference) < (high - low) / 255
    assert Particles(z).score.std() == pytest.approx((above / scale).std(), rel=0.02)


def test_particles_on_perfectly_flat_ground():
    z = planted(np.zeros((256, 256)), 4, 1.0)
    assert particle_density(z) * 256 * 256 / 1e6 == pytest.approx(25)
    few = np.zeros((256, 256))
    few[100:103, 50:53] = 1.0  # less than the percentile 99.5
    assert particle_density(few) * 256 * 256 / 1e6 == pytest.approx(1)
