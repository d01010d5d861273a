import numpy as np
import pytest
from sklearn.model_selection import (
    GroupKFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from tmdfeat.evaluate.samples import Samples
from tmdfeat.evaluate.splits import make_folds

Y = np.tile(np.repeat(["MoS2", "WS2"], 2), 6)
GROUPS = np.repeat([f"growth {i}" for i in range(12)], 2)


def samples(y=Y, groups=GROUPS):
    return Samples(np.zeros((len(y), 1)), np.asarray(y), np.asarray(groups))


def test_each_repeat_holds_out_every_sample_once_and_keeps_groups_together():
    folds = make_folds(samples(), 3, 4, random_state=0)
    assert [(f.repeat, f.fold) for f in folds] == [(r, k) for r in range(4) for k in range(3)]
    for repeat in range(4):
        held_out = np.concatenate([f.test for f in folds if f.repeat == repeat])
        assert sorted(held_out) == list(range(24))
    for fold in folds:
        assert not set(GROUPS[fold.train]) & set(GROUPS[fold.test])
        assert set(Y[fold.test]) == {"MoS2", "WS2"}


def test_repeats_split_differently_and_the_seed_decides_how():
    def tests(seed, repeats):
        return [f.test.tolist() for f in make_folds(samples(), 3, repeats, seed)]

    assert tests(0, 2)[:3] != tests(0, 2)[3:]
    assert tests(0, 2) == tests(0, 2)
    assert tests(0, 1) == tests(0, 2)[:3]
    assert tests(1, 1) != tests(0, 1)


@pytest.mark.parametrize(
    ("cv", "n"),
    [
        (GroupKFold(4), 4),
        (LeaveOneGroupOut(), 12),
        (PredefinedSplit(np.where(np.arange(24) < 6, 0, -1)), 1),
        ([(np.arange(12), np.arange(12, 24))], 1),
    ],
)
def test_a_splitter_is_used_as_it_is(cv, n):
    assert len(make_folds(samples(), cv, 1, None)) == n


def test_a_splitter_that_ignores_groups_is_refused_by_name():
    with pytest.raises(ValueError, match=r"split 0 of repeat 0 has group 'growth \d+' on both"):
        make_folds(samples(), StratifiedKFold(3, shuffle=True, random_state=0), 1, None)


def test_a_class_with_fewer_groups_than_folds_makes_no_noise():
    y = np.where(np.isin(GROUPS, ["growth 0", "growth 1"]), "MoTe2", Y)
    folds = make_folds(samples(y), 5, 1, 0)
    assert sum("MoTe2" in y[f.test] for f in folds) == 2


@pytest.mark.parametrize(
    ("y", "groups", "cv", "repeats", "message"),
    [
        (Y, np.repeat([1, 2, 3], 8), 5, 1, r"cv=5 folds need at least 5 groups, got 3"),
        (Y, GROUPS, 1, 1, "at least 2 folds, got 1"),
        (Y, GROUPS, 3, 0, "repeats must be a whole number of at least 1, got 0"),
        (Y, GROUPS, StratifiedGroupKFold(3), 2, "repeats=2 needs a number of folds"),
        ([0, 0, 1, 1], [1, 2, 3, 4], 3, 1, "class of at least 3 samples, but the largest has 2"),
        (Y, GROUPS, [(np.arange(24), np.array([], dtype=int))], 1, "24 samples .* and 0 to test"),
        (Y, GROUPS, [(np.array([0, 1]), np.arange(2, 24))], 1, "only class 'MoS2' to train on"),
    ],
)
def test_what_cannot_be_split_is_an_error_in_words(y, groups, cv, repeats, message):
    with pytest.raises(ValueError, match=message):
        make_folds(samples(y, groups), cv, repeats, 0)
