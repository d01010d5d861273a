import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat.datasets.instrument import PERFECT, Instrument, draw_instrument, measure


def levelled(z):
    rows, columns = np.mgrid[: z.shape[0], : z.shape[1]]
    plane = np.column_stack([rows.ravel(), columns.ravel(), np.ones(z.size)])
    fit = np.linalg.lstsq(plane, z.ravel().astype(float), rcond=None)[0]
    return z - (plane @ fit).reshape(z.shape), fit


def test_levelling_leaves_noise_and_row_offsets_of_the_size_drawn():
    instrument = Instrument(noise=0.03, row_offset=0.04, tilt_rows=8.0, tilt_columns=-5.0)
    z = measure(np.zeros((2000, 100)), instrument, np.random.default_rng(0))
    rest, fit = levelled(z)
    assert rest.std() == pytest.approx(0.05, rel=0.03)
    assert rest.mean(axis=1).std() == pytest.approx(0.04, rel=0.06)
    assert fit[0] * 1999 == pytest.approx(8.0, abs=0.02)
    assert fit[1] * 99 == pytest.approx(-5.0, abs=0.02)


def test_a_perfect_instrument_reports_the_surface():
    surface = np.random.default_rng(0).random((8, 9)).astype(np.float32)
    assert_array_equal(measure(surface, PERFECT, np.random.default_rng(0)), surface)


def test_instruments_are_drawn_within_their_ranges():
    drawn = np.array([draw_instrument(np.random.default_rng(seed)) for seed in range(200)])
    assert ((drawn[:, 0] >= 0.02) & (drawn[:, 0] <= 0.05)).all()
    assert ((drawn[:, 1] >= 0.02) & (drawn[:, 1] <= 0.1)).all()
    assert (np.abs(drawn[:, 2:]) <= 10).all()
    assert np.abs(drawn[:, 2:]).max() > 8
