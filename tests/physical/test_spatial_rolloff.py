import numpy as np
import pytest
from physical.spatial_surfaces import self_affine

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.physical.spatial_rolloff import fit_rolloff, rolloff_exponent, rolloff_wavelength
from tmdfeat.physical.spatial_spectrum import Spectrum


@pytest.mark.parametrize(("wavelength", "exponent"), [(40.0, 3.6), (20.0, 3.0), (100.0, 4.2)])
def test_the_model_itself_is_fitted_exactly(wavelength, exponent):
    s = Spectrum(np.random.default_rng(0).normal(size=(256, 256)))
    frequency = np.arange(1, len(s.rings) + 1) / s.side
    s.__dict__["rings"] = (1 + (wavelength * frequency) ** 2) ** (-exponent / 2)
    assert fit_rolloff(s) == pytest.approx((wavelength, exponent), rel=1e-4)


@pytest.mark.parametrize("pixel", [1.0, 2.5])
@pytest.mark.parametrize(("correlation", "hurst"), [(30.0, 0.5), (40.0, 0.8)])
def test_synthetic_roughness_has_the_bend_and_the_exponent_it_was_made_with(
    correlation, hurst, pixel
):
    fits = np.array(
        [
            fit_rolloff(
                gaussian_field(
                    (256, 256), pixel, correlation * pixel, hurst, np.random.default_rng(seed)
                ),
                pixel,
            )
            for seed in range(6)
        ]
    )
    wavelength, exponent = np.median(fits, axis=0)
    assert wavelength == pytest.approx(correlation * pixel, rel=0.15)
    assert exponent == pytest.approx(2 + 2 * hurst, abs=0.2)


def test_without_a_bend_within_the_map_both_are_undefined():
    z = self_affine(256, 0.5)
    z = z + 30 * np.std(z) * np.cos(2 * np.pi * np.arange(256) / 256)  # more long waves, not fewer
    assert np.isnan([rolloff_wavelength(z), rolloff_exponent(z)]).all()


@pytest.mark.parametrize("side", [8, 16, 31])
def test_too_small_maps_have_no_bend(side):
    z = np.random.default_rng(0).normal(size=(side, side))
    assert np.isnan(fit_rolloff(z)).all()
