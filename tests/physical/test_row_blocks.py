"""Blocks give what whole arrays give; here formulas on whole arrays, of a map of many blocks."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.fft import dctn
from scipy.ndimage import gaussian_filter
from scipy.stats import kurtosis, lmoment, skew

from tmdfeat.physical import compute, select
from tmdfeat.physical.row_blocks import PIXELS, block_map, block_mean, row_blocks

DY, DX = 2.0, 3.0


@pytest.fixture(scope="module")
def z():
    rough = np.random.default_rng(0).normal(size=(301, 437))
    return 100.0 + gaussian_filter(rough, 2.0) * 40


def measured(z, *names):
    return compute(select(names=names), z, (DY, DX)).tolist()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3 * PIXELS), (301, 437), (3 * PIXELS, 1), (PIXELS,)])
def test_blocks_are_the_whole(shape):
    a = np.arange(np.prod(shape)).reshape(shape)
    assert_array_equal(np.concatenate([a[block] for block in row_blocks(a)]), a)


@pytest.mark.parametrize("shape", [(301, 437), (100_001,)])
def test_functions_of_blocks_are_those_of_the_whole(shape):
    a, b = np.random.default_rng(1).normal(size=(2, *shape))
    assert_array_equal(block_map(np.hypot, a, b), np.hypot(a, b))
    assert block_mean(np.hypot, a, b) == pytest.approx(np.hypot(a, b).mean(), rel=1e-13)


def test_heights(z):
    flat = z.ravel()
    names = ("Sq", "Sa", "Ssk", "Sku", "L_skew", "L_kurt", "p05")
    low, middle = np.percentile(flat, [5, 50])
    expected = [flat.std(), np.abs(flat - flat.mean()).mean(), skew(flat)]
    expected += [kurtosis(flat, fisher=False), *lmoment(flat, order=[3, 4]), low - middle]
    assert measured(z, *names) == pytest.approx(expected, rel=1e-10)


def test_slopes(z):
    down, right = np.diff(z, axis=0) / DY, np.diff(z, axis=1) / DX
    y, x = (down[:, 1:] + down[:, :-1]) / 2, (right[1:] + right[:-1]) / 2
    angle = np.degrees(np.arctan(np.hypot(y, x))).ravel()
    bend = np.diff(down, axis=0)[:, 1:-1] / DY + np.diff(right, axis=1)[1:-1] / DX
    names = ("Sdq", "theta_mean", "theta_std", "theta_skew", "theta_kurt", "curvature_rms")
    expected = [np.sqrt(np.mean(down**2) + np.mean(right**2)), angle.mean(), angle.std()]
    expected += [skew(angle), kurtosis(angle, fisher=False), np.sqrt(np.mean(bend**2)) / 2]
    assert measured(z, *names) == pytest.approx(expected, rel=1e-12)


def test_bands(z):
    power = dctn(z - z.mean(), norm="ortho") ** 2 / z.size
    rows, columns = (np.arange(n) / (n * step) for n, step in zip(z.shape, (DY, DX), strict=True))
    q = np.pi * np.hypot(rows[:, None], columns)
    passed = np.exp(-((8 * q) ** 2) / 2) - np.exp(-((16 * q) ** 2) / 2)
    expected = np.sqrt(np.sum(power * passed**2))
    assert measured(z, "dog_s8_rms") == pytest.approx([expected], rel=1e-12)
