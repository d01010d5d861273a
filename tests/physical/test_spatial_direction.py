import numpy as np
import pytest
from physical.spatial_surfaces import filtered_noise, hexagonal, oblique_sine
from physical.surfaces import egg_crate

from tmdfeat.physical import compute, select
from tmdfeat.physical.spatial_direction import spectral_anisotropy, texture_direction


@pytest.mark.parametrize("angle", [0.0, 0.4, np.pi / 2, 2.5])
def test_stripes_are_anisotropic_in_every_order(angle):
    z = oblique_sine(8, angle)
    assert spectral_anisotropy(z) == pytest.approx(1, abs=0.01)
    assert spectral_anisotropy(z, order=6) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("angle", [0.0, 0.2, 0.9])
def test_a_hexagonal_pattern_is_seen_by_order_six_alone(angle):
    z = hexagonal(8, angle)
    assert spectral_anisotropy(z) == pytest.approx(0, abs=0.01)
    assert spectral_anisotropy(z, order=6) == pytest.approx(1, abs=0.01)


def test_a_square_pattern_is_seen_by_order_four_alone():
    z = egg_crate(8)
    assert spectral_anisotropy(z) == pytest.approx(0, abs=1e-9)
    assert spectral_anisotropy(z, order=6) == pytest.approx(0, abs=1e-9)
    assert spectral_anisotropy(z, order=4) == pytest.approx(1, abs=0.01)


def test_noise_is_isotropic_whatever_the_pixels():
    z = np.random.default_rng(0).normal(size=(256, 256))
    for order in (2, 6):
        assert spectral_anisotropy(z, order=order) < 0.02
        assert spectral_anisotropy(z, (3.0, 1.0), order=order) < 0.04


def test_stretched_noise_has_the_anisotropy_of_its_gaussian():
    # Density exp(-(a^2 u^2 + b^2 v^2)): the mean of cos 2 angle is (b - a) / (b + a).
    z = filtered_noise(1024, (6.0, 3.0))
    assert spectral_anisotropy(z) == pytest.approx(1 / 3, abs=0.02)


def test_the_columns_are_of_order_two_and_six():
    z = hexagonal(8) + oblique_sine(12, 0.3)
    two, six = compute(select(names=["psd_aniso2", "psd_aniso6"]), z)
    assert (two, six) == (spectral_anisotropy(z, order=2), spectral_anisotropy(z, order=6))


@pytest.mark.parametrize("degrees", [0, 30, 90, 135, 179])
def test_the_texture_direction_is_that_of_the_wave(degrees):
    found = texture_direction(oblique_sine(8, np.radians(degrees)))
    assert (found - degrees + 90) % 180 - 90 == pytest.approx(0, abs=1)


def test_turning_the_map_turns_the_texture_direction():
    z = oblique_sine(8, np.radians(30))
    assert texture_direction(np.rot90(z)) == pytest.approx(texture_direction(z) + 90)
    assert texture_direction(np.fliplr(z)) == pytest.approx(180 - texture_direction(z))


def test_the_texture_direction_of_a_flat_map_is_undefined():
    assert np.isnan(texture_direction(np.zeros((32, 32))))
