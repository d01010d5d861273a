import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdfeat.deep.finetune.inner_split import held_out

FRACTIONS = st.floats(0.01, 0.95)


def table(rows):
    y, groups = np.array(rows).T
    return y, groups


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), min_size=1, max_size=40),
    FRACTIONS,
    st.integers(0, 5),
)
def test_groups_stay_whole_and_every_class_is_still_learned(rows, fraction, seed):
    """Whatever belongs together, also groups that hold several classes."""
    y, groups = table(rows)
    chosen = held_out(y, groups, fraction, seed)
    assert chosen.shape == y.shape
    assert not set(groups[chosen]) & set(groups[~chosen])
    assert set(y[~chosen]) == set(y)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=40), FRACTIONS
)
def test_each_class_gives_its_fraction_if_it_can(rows, fraction):
    """Groups of one class: it gives enough, or all groups but one."""
    y, groups = table(rows)
    groups = 10 * y + groups
    chosen = held_out(y, groups, fraction, 0)
    for label in set(y):
        mine = y == label
        left = set(groups[mine & ~chosen])
        assert chosen[mine].sum() >= fraction * mine.sum() or len(left) == 1


def test_no_more_groups_than_needed_are_given():
    y, groups = np.repeat([0, 1], 50), np.arange(100) // 5
    chosen = held_out(y, groups, 0.1, 0)
    assert np.bincount(y[chosen]).tolist() == [5, 5]
    assert held_out(y, groups, 0.11, 0).sum() == 20


def test_one_group_per_class_gives_nothing():
    y = np.repeat([0, 1, 2], 4)
    assert not held_out(y, y, 0.5, 0).any()


def test_a_group_of_two_classes_counts_for_both():
    y = np.array([0, 1] * 10)
    chosen = held_out(y, np.arange(20) // 2, 0.1, 0)
    assert np.bincount(y[chosen]).tolist() == [1, 1]


def test_a_group_that_is_some_classs_last_stays():
    """Class 1 is in group 2 alone, so class 0 must give another of its groups."""
    y, groups = np.array([0, 0, 0, 1]), np.array([0, 1, 2, 2])
    for seed in range(20):
        chosen = held_out(y, groups, 0.9, seed)
        assert not chosen[groups == 2].any()
        assert chosen.sum() == 2


def test_one_seed_chooses_the_same_and_others_choose_others():
    y, groups = np.zeros(60, int), np.arange(60) // 3
    chosen = [held_out(y, groups, 0.1, seed) for seed in (0, 0, 1, 2, 3)]
    assert np.array_equal(chosen[0], chosen[1])
    assert len({tuple(c) for c in chosen}) > 2


def test_groups_are_chosen_alike_often():
    y, groups = np.zeros(10, int), np.arange(10)
    counts = sum(held_out(y, groups, 0.2, seed).astype(int) for seed in range(500))
    assert np.abs(counts - 100).max() < 4 * np.sqrt(500 * 0.2 * 0.8)


@pytest.mark.parametrize("per_group", [1, 20_000])
def test_many_tiles_take_no_time(per_group):
    groups = np.arange(100_000) // per_group
    y = groups % 2
    start = time.perf_counter()
    held_out(y, groups, 0.01, 0)
    assert time.perf_counter() - start < 20  # on a machine that does other things, too
