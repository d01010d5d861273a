import numpy as np
import pytest

from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.surface_frame import lay_frame


def test_without_drift_pixels_lie_on_their_grid():
    frame = lay_frame((3, 4), 2.0, Scanner())
    rows, columns = np.mgrid[:3, :4] * 2.0
    np.testing.assert_array_equal(frame.rows, rows)
    np.testing.assert_array_equal(frame.columns, columns)
    assert frame.bounds == (0.0, 4.0, 0.0, 6.0)


def test_drift_shears_and_stretches_the_image():
    frame = lay_frame((11, 4), 2.0, Scanner(drift_rows=0.1, drift_columns=-0.2))
    assert frame.rows[-1, 0] == pytest.approx(22.0)
    assert frame.columns[-1, 0] == pytest.approx(-4.0)
    assert frame.columns[-1, 3] == pytest.approx(2.0)


def test_creep_adds_its_whole_way_and_most_of_it_at_first():
    frame = lay_frame((200, 4), 1.0, Scanner(creep=8.0))
    way = frame.rows[:, 0] - np.arange(200)
    assert way[-1] == pytest.approx(8.0, abs=0.01)
    assert way[20] == pytest.approx(8 * (1 - np.exp(-1)), abs=0.01)
    assert (np.diff(way) >= 0).all()
