import numpy as np
import pytest

from tmdfeat.datasets.fields import gaussian_field


def test_mean_is_zero_and_rms_one():
    field = gaussian_field((64, 96), 4.0, 30.0, 0.5, np.random.default_rng(0))
    assert field.shape == (64, 96)
    assert field.mean() == pytest.approx(0, abs=1e-5)
    assert field.std() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("hurst", [0.3, 0.8])
def test_the_spectrum_falls_with_twice_the_hurst_exponent_plus_two(hurst):
    field = gaussian_field((512, 512), 1.0, 100.0, hurst, np.random.default_rng(0))
    power = np.abs(np.fft.fft2(field)) ** 2
    q = np.hypot(*np.meshgrid(np.fft.fftfreq(512), np.fft.fftfreq(512), indexing="ij"))
    band = (q > 0.05) & (q < 0.4)
    slope = np.polyfit(np.log(q[band]), np.log(power[band]), 1)[0]
    assert slope == pytest.approx(-(2 + 2 * hurst), abs=0.05)
