from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from physical.spatial_surfaces import filtered_noise
from physical.surfaces import sine

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.physical import compute, select
from tmdfeat.physical.spatial_bands import EDGES, band_roughness, resolved_band_roughness

BANDS = select(names=[f"band_rms_{a}_{2 * a}" for a in EDGES[:-1]])


@pytest.mark.parametrize("shape", [(16, 16), (17, 31), (40, 23), (256, 256)])
@pytest.mark.parametrize("pixel", [1.0, (0.3, 2.0)])
def test_the_squares_of_all_bands_sum_to_the_variance(shape, pixel):
    z = np.random.default_rng(0).gamma(2.0, size=shape)
    edges = [0.0, *EDGES, np.inf]
    parts = [band_roughness(z, pixel, shortest=a, longest=b) for a, b in pairwise(edges)]
    assert np.sum(np.square(parts)) == pytest.approx(np.var(z))
    assert band_roughness(z, pixel) == pytest.approx(np.std(z))


@settings(deadline=None, max_examples=15)
@given(st.integers(16, 40), st.integers(16, 40), st.floats(0.01, 1e3), st.floats(0, 1e3))
def test_parseval_holds_for_any_shape_pitch_and_cut(height, width, pixel, cut):
    z = np.random.default_rng(height).normal(size=(height, width))
    low = band_roughness(z, pixel, longest=cut) if cut else 0.0
    high = band_roughness(z, pixel, shortest=cut)
    assert low**2 + high**2 == pytest.approx(np.var(z))


def test_each_wave_lies_in_its_octave():
    z = 3.0 * sine(12, side=384) + 2.0 * sine(48, side=384).T  # whole periods
    values = dict(zip([d.name for d in BANDS], compute(BANDS, z), strict=True))
    assert values["band_rms_8_16"] == pytest.approx(3 / np.sqrt(2), rel=0.01)
    assert values["band_rms_32_64"] == pytest.approx(2 / np.sqrt(2), rel=0.01)
    assert values["band_rms_16_32"] < 0.1


def test_a_band_means_the_same_at_another_pitch():
    # One surface of one wave, sampled twice.
    coarse, fine = sine(12), sine(24)
    expected = 1 / np.sqrt(2)
    for z, pixel in ((coarse, 4.0), (fine, 2.0)):
        band = resolved_band_roughness(z, pixel, shortest=32, longest=64)
        assert band == pytest.approx(expected, rel=0.01)


def test_white_noise_has_the_area_of_the_ring_of_its_waves():
    z = np.random.default_rng(1).normal(size=(512, 512))
    for a, b in ((2, 4), (4, 8), (8, 16)):
        theory = np.sqrt(np.pi * (a**-2 - b**-2))
        assert resolved_band_roughness(z, shortest=a, longest=b) == pytest.approx(theory, rel=0.03)


def test_filtered_noise_has_the_integral_of_its_gaussian():
    sigma, pixel = 4.0, 2.0
    z = filtered_noise(1024, sigma)
    width = sigma * pixel

    def beyond(wavelength):  # share of the variance at longer wavelengths
        return 1 - np.exp(-((2 * np.pi * width / wavelength) ** 2))

    for a, b in ((32, 64), (64, 128)):
        theory = np.std(z) * np.sqrt(beyond(a) - beyond(b))
        band = resolved_band_roughness(z, pixel, shortest=a, longest=b)
        assert band == pytest.approx(theory, rel=0.05)


def test_roughness_laid_on_a_plane_is_found_in_its_band():
    # The synthetic film roughness, whose density is known, over one octave of 256 nm.
    pixel, correlation, hurst = 1.0, 30.0, 0.6
    power = [
        resolved_band_roughness(
            gaussian_field((256, 256), pixel, correlation, hurst, np.random.default_rng(seed)),
            pixel,
            shortest=8,
            longest=16,
        )
        ** 2
        for seed in range(4)
    ]
    low, high = (1 + (correlation / edge) ** 2 for edge in (16, 8))
    theory = low**-hurst - high**-hurst  # of rms 1
    assert np.sqrt(np.mean(power)) == pytest.approx(np.sqrt(theory), rel=0.1)


@pytest.mark.parametrize(
    ("side", "pixel", "resolved"),
    [(256, 1.0, (2, 256)), (512, 2.0, (4, 1024)), (100, 10.0, (32, 512)), (20, 0.1, ())],
)
def test_bands_that_the_map_does_not_hold_are_undefined(side, pixel, resolved):
    z = np.random.default_rng(2).normal(size=(side, side))
    values = compute(BANDS, z, pixel)
    first, last = resolved or (np.inf, 0)
    expected = [a >= first and 2 * a <= last for a in EDGES[:-1]]
    assert (np.isfinite(values) == expected).all()


def test_the_shorter_side_and_the_coarser_pixel_decide():
    z = np.random.default_rng(3).normal(size=(32, 256))
    assert np.isfinite(resolved_band_roughness(z, shortest=16, longest=32))
    assert np.isnan(resolved_band_roughness(z, shortest=32, longest=64))
    assert np.isnan(resolved_band_roughness(z, (4.0, 1.0), shortest=4, longest=8))


def test_a_flat_map_has_no_roughness_in_the_bands_that_it_holds():
    values = compute(BANDS, np.full((256, 256), 0.1))
    assert (values[:7] == 0).all()
    assert np.isnan(values[7:]).all()
