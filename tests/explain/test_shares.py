import numpy as np
import pytest
from numpy.testing import assert_allclose

from tmdfeat.explain.shares import shares


def test_shares_are_the_means_over_their_sum():
    share, _, _ = shares(np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 8.0]]))
    assert_allclose(share, [1 / 3, 2 / 3])


def test_the_interval_is_a_point_where_all_rows_are_alike():
    share, low, high = shares(np.tile([1.0, 3.0], (20, 1)))
    assert_allclose([share, low, high], np.tile([0.25, 0.75], (3, 1)))


def test_the_interval_covers_the_true_share_about_95_times_of_100():
    rng = np.random.default_rng(0)
    means = np.array([1.0, 3.0])  # of exponentials, so the true share is 1/4
    hits = 0
    for _ in range(200):
        _, low, high = shares(rng.exponential(means, size=(50, 2)))
        hits += low[0] <= 0.25 <= high[0]
    assert 0.88 <= hits / 200 <= 0.99  # binomial scatter is 0.015


def test_the_interval_of_whole_groups_is_wider_by_the_root_of_their_size():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(40), 9)
    sizes = rng.exponential([1.0, 1.0], size=(40, 2))[group]  # rows of a group are copies
    _, low, high = shares(sizes)
    _, low_groups, high_groups = shares(sizes, group)
    assert_allclose((high_groups - low_groups) / (high - low), 3, rtol=0.15)


def test_rows_without_attribution_do_no_harm():
    share, low, high = shares(np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]]))
    assert_allclose([share, low, high], 0.5)


def test_the_same_seed_gives_the_same_interval():
    sizes = np.random.default_rng(0).random((20, 2))
    assert_allclose(shares(sizes, random_state=3), shares(sizes, random_state=3))
    assert not np.array_equal(shares(sizes, random_state=3), shares(sizes, random_state=4))


def test_without_any_attribution_shares_are_undefined_and_that_is_said():
    with pytest.warns(UserWarning, match="depends on no column"):
        found = shares(np.zeros((3, 2)))
    assert_allclose(found, np.full((3, 2), np.nan))


def test_groups_of_another_length_are_an_error():
    with pytest.raises(ValueError, match=r"3 rows explained, got shape \(2,\)"):
        shares(np.ones((3, 2)), ["a", "b"])
