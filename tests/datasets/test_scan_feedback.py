import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import lfilter

from tmdfeat.datasets.scan_feedback import follow

Z = np.random.default_rng(0).normal(size=(6, 50)).astype(np.float32)


def test_a_feedback_without_lag_reports_what_is_there():
    assert_array_equal(follow(Z, 0.0, np.inf), Z)


def test_the_lag_is_a_first_order_filter():
    gain = 1 - np.exp(-1 / 1.7)
    start = (1 - gain) * Z[:, :1]
    expected = lfilter([gain], [1, gain - 1], Z, axis=1, zi=start)[0]
    assert_allclose(follow(Z, 1.7, np.inf), expected, atol=1e-6)


def test_after_the_time_constant_a_step_is_seen_but_for_one_part_in_e():
    z = np.zeros((1, 100), dtype=np.float32)
    z[:, 10:] = 1.0
    assert follow(z, 5.0, np.inf)[0, 14] == pytest.approx(1 - np.exp(-1), abs=1e-5)


def test_the_tip_falls_no_faster_than_it_may_and_rises_at_once():
    z = np.zeros((1, 10), dtype=np.float32)
    z[0, 3] = 1.0
    assert_allclose(follow(z, 0.0, 0.4), [[0, 0, 0, 1, 0.6, 0.2, 0, 0, 0, 0]], atol=1e-6)
