import numpy as np
import pytest

from tmdfeat.datasets.fields import gaussian_field


def test_the_rms_is_one_but_for_wavelengths_under_two_pixels():
    fields = [
        gaussian_field((256, 300), 1.0, 15.0, 0.8, np.random.default_rng(seed)) for seed in range(8)
    ]
    seen = 1 - (1 + (0.5 * 15.0) ** 2) ** -0.8  # the density's integral up to half a wave per pixel
    assert np.mean(np.square(fields)) == pytest.approx(seen, rel=0.03)
    assert np.mean(fields) == pytest.approx(0, abs=1e-5)
    assert fields[0].shape == (256, 300)


def test_a_part_of_the_surface_is_as_rough_in_coarse_pixels_as_in_fine_ones():
    rough = [
        np.mean([np.var(gaussian_field((n, n), 512 / n, 60.0, 0.8, rng)) for _ in range(20)])
        for n, rng in ((64, np.random.default_rng(0)), (256, np.random.default_rng(1)))
    ]
    assert rough[0] == pytest.approx(rough[1], rel=0.1)


@pytest.mark.parametrize("hurst", [0.3, 0.8])
def test_the_spectrum_falls_with_twice_the_hurst_exponent_plus_two(hurst):
    field = gaussian_field((512, 512), 1.0, 100.0, hurst, np.random.default_rng(0))
    power = np.abs(np.fft.fft2(field)) ** 2
    q = np.hypot(*np.meshgrid(np.fft.fftfreq(512), np.fft.fftfreq(512), indexing="ij"))
    band = (q > 0.05) & (q < 0.4)
    slope = np.polyfit(np.log(q[band]), np.log(power[band]), 1)[0]
    assert slope == pytest.approx(-(2 + 2 * hurst), abs=0.05)
