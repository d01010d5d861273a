"""What is measured on a map, against closed forms."""

import numpy as np
import pytest
from grid import field, make_grid, rough, stretched
from scipy.stats import norm
from surface import standardise
from truth import TRUTH, measure

GRID = make_grid(160)


def truth_of(z):
    return dict(zip(TRUTH, measure(standardise(z)), strict=True))


def gaussian_field(rng, length, angle=0.0, aspect=1.0):
    """A field of autocorrelation exp(-(r / length)²) in the mean, stretched."""
    q = stretched(GRID, angle, aspect)
    return field(GRID, rng, np.exp(-((np.pi * length * q) ** 2) / 2))


@pytest.mark.parametrize("period", [8, 16, 40])
def test_a_sine(period):
    k = 2 * np.pi / period
    found = truth_of(np.sin(k * GRID.x + 0.3))
    assert found["skewness"] == pytest.approx(0, abs=1e-3)
    assert found["log_kurtosis"] == pytest.approx(np.log(1.5), abs=1e-3)
    # a difference of neighbours is 2 sin(k / 2) of the wave, a second one 2 - 2 cos(k)
    assert found["log_slope"] == pytest.approx(np.log(2 * np.sin(k / 2)), abs=0.02)
    assert found["log_curvature"] == pytest.approx(np.log(2 - 2 * np.cos(k)), abs=0.02)
    assert found["height_q50"] == pytest.approx(0, abs=0.05)
    assert found["height_q95"] == pytest.approx(np.sqrt(2) * np.sin(0.45 * np.pi), abs=0.05)
    # sqrt(2) sin > 1 for a quarter of the period
    assert found["share_high"] == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(("period", "octave"), [(45, 1), (23, 2), (11, 3), (6, 4), (3, 5)])
def test_a_wave_lies_in_its_octave(period, octave):
    found = truth_of(np.sin(2 * np.pi / period * (0.6 * GRID.x + 0.8 * GRID.y)))
    shares = np.exp([found[f"log_band_{k}"] for k in range(1, 6)])
    assert shares.argmax() == octave - 1
    assert shares.max() > 0.9
    assert shares.sum() == pytest.approx(1, abs=0.03)  # less what is longer than all octaves


@pytest.mark.parametrize("length", [3, 6, 10])
def test_a_gaussian_field_has_its_length_and_the_moments_of_a_gaussian(length):
    rng = np.random.default_rng(0)
    found = [truth_of(gaussian_field(rng, length)) for _ in range(12)]
    mean = {name: np.mean([f[name] for f in found]) for name in TRUTH}
    assert np.exp(mean["log_correlation_length"]) == pytest.approx(length, rel=0.08)
    assert mean["log_aspect"] < 0.35
    # slopes of that autocorrelation: sqrt(2) / length in each direction
    assert np.exp(mean["log_slope"]) == pytest.approx(2 / length, rel=0.08)
    assert mean["skewness"] == pytest.approx(0, abs=0.15)
    assert np.exp(mean["log_kurtosis"]) == pytest.approx(3, abs=0.35)
    assert mean["share_high"] == pytest.approx(norm.sf(1), abs=0.02)
    assert mean["share_low"] == pytest.approx(norm.sf(1), abs=0.02)
    for q in (5, 25, 50, 75, 95):
        assert mean[f"height_q{q:02d}"] == pytest.approx(norm.ppf(q / 100), abs=0.1)


@pytest.mark.parametrize("degrees", [0, 30, 90, 135])
def test_a_stretched_field_has_its_aspect_and_direction(degrees):
    rng, angle = np.random.default_rng(1), np.radians(degrees)
    found = [truth_of(gaussian_field(rng, 5, angle, 3.0)) for _ in range(12)]
    mean = {name: np.mean([f[name] for f in found]) for name in TRUTH}
    assert np.exp(mean["log_aspect"]) == pytest.approx(3, rel=0.15)
    strength = 1 - 1 / 3
    assert mean["direction_cos2"] == pytest.approx(strength * np.cos(2 * angle), abs=0.12)
    assert mean["direction_sin2"] == pytest.approx(strength * np.sin(2 * angle), abs=0.12)


@pytest.mark.parametrize("hurst", [0.1, 0.5, 0.9])
def test_a_self_affine_field_has_its_spectral_slope(hurst):
    rng = np.random.default_rng(2)
    slopes = [truth_of(rough(GRID, rng, hurst, 1e4))["spectral_slope"] for _ in range(12)]
    assert np.mean(slopes) == pytest.approx(-2 - 2 * hurst, abs=0.15)


@pytest.mark.parametrize("period", [10, 20, 40])
def test_steps_of_a_known_density(period):
    found = truth_of((GRID.x % period < period / 2).astype(float))
    # this share of the pixels lies before a step, two standard deviations high
    steps = (320 / period - 1) / 159
    assert found["log_slope"] == pytest.approx(np.log(4 * steps) / 2, abs=1e-3)
    assert found["log_slope_kurtosis"] == pytest.approx(-np.log(steps), abs=1e-3)
    assert found["flat_share"] == pytest.approx(1 - steps, abs=1e-3)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_two_levels(share):
    z = np.zeros(160 * 160)
    z[: int(share * z.size)] = 1
    found = truth_of(np.random.default_rng(3).permutation(z).reshape(160, 160))
    pq = share * (1 - share)
    assert found["skewness"] == pytest.approx((1 - 2 * share) / np.sqrt(pq), abs=1e-3)
    assert found["log_kurtosis"] == pytest.approx(np.log(1 / pq - 3), abs=1e-3)


def test_white_noise_has_a_level_spectrum():
    rng = np.random.default_rng(6)
    slopes = [truth_of(rng.random((160, 160)))["spectral_slope"] for _ in range(12)]
    # logarithms of rings with few frequencies lie a little low, and those are the long waves
    assert np.mean(slopes) == pytest.approx(0.1, abs=0.1)


def test_summits_are_counted_once():
    z = np.cos(np.pi / 8 * (GRID.x - 8)) + np.cos(np.pi / 8 * (GRID.y - 8))
    assert truth_of(z)["log_summits"] == pytest.approx(np.log(1 / 256 + 1e-4), abs=0.02)


def test_one_wave_has_a_peak_in_its_spectrum_and_noise_has_none():
    noise = truth_of(np.random.default_rng(4).standard_normal((160, 160)))
    wave = truth_of(np.sin(0.5 * GRID.x + 0.3 * GRID.y))
    assert noise["log_spectral_peak"] < 0.4
    assert wave["log_spectral_peak"] > 2


@pytest.mark.parametrize("size", [64, 97])
def test_other_sizes_even_and_odd_are_measured_too(size):
    z = np.random.default_rng(5).standard_normal((size, size))
    assert np.isfinite(measure(standardise(z))).all()


def test_a_single_spike_is_measured():
    z = np.zeros((160, 160))
    z[80, 80] = 1
    found = measure(standardise(z))
    assert found.shape == (len(TRUTH),)
    assert np.isfinite(found).all()
