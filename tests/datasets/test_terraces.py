import numpy as np
import pytest
from numpy.testing import assert_allclose

from tmdfeat.datasets.terraces import STEP_HEIGHT, terraces


def test_the_step_is_a_sixth_of_the_c_axis_of_sapphire():
    assert pytest.approx(1.299 / 6, abs=1e-4) == STEP_HEIGHT  # c = 12.99 Å


def test_steps_are_one_width_apart_along_the_columns():
    z = terraces((3, 200), pixel=2.0, width=50.0, azimuth=0.0, phase=0.0)
    assert_allclose(z, np.tile(STEP_HEIGHT * np.repeat(np.arange(8), 25), (3, 1)), rtol=1e-6)


def test_ninety_degrees_ascend_along_the_rows():
    across = terraces((40, 30), pixel=2.0, width=20.0, azimuth=90.0, phase=0.25)
    along = terraces((30, 40), pixel=2.0, width=20.0, azimuth=0.0, phase=0.25)
    assert_allclose(across, along.T)


@pytest.mark.parametrize("azimuth", [0.0, 30.0, 200.0, 315.0])
def test_the_mean_slope_is_the_miscut(azimuth):
    z = terraces((300, 300), pixel=4.0, width=60.0, azimuth=azimuth, phase=0.3)
    rows, columns = np.mgrid[:300, :300] * 4.0
    plane = np.column_stack([rows.ravel(), columns.ravel(), np.ones(z.size)])
    slope = np.linalg.lstsq(plane, z.ravel().astype(float), rcond=None)[0][:2]
    expected = (
        STEP_HEIGHT / 60 * np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    )
    assert_allclose(slope, expected, atol=0.01 * STEP_HEIGHT / 60)


def test_the_phase_shifts_the_steps_by_widths():
    z = terraces((1, 10), pixel=10.0, width=50.0, azimuth=0.0, phase=0.4)
    assert_allclose(z[0] / STEP_HEIGHT, [0, 0, 0, 1, 1, 1, 1, 1, 2, 2], rtol=1e-6)
