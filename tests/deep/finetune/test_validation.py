import warnings

import numpy as np
import pandas as pd
import pytest
from deep.finetune.small import small, small_regressor, stripes

from tmdfeat.deep.finetune.validation import choose_validation

Y = np.repeat([0, 1], 6)
GROUPS = np.repeat(["a", "b", "c", "d", "e", "f"], 2)


def test_the_mask_that_is_given_counts():
    mask = np.isin(GROUPS, ["a", "d"])
    assert choose_validation(Y, GROUPS, mask, 0.1, 0).tolist() == mask.tolist()
    assert choose_validation(Y, None, pd.Series(mask), 0.1, 0).tolist() == mask.tolist()
    assert choose_validation(Y, None, mask.tolist(), 0.1, 0).tolist() == mask.tolist()


def test_nobody_is_held_out_for_a_fraction_of_zero():
    assert not choose_validation(Y, None, None, 0, 0).any()


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, pd.Categorical])
def test_groups_may_be_named_and_come_in_any_container(kind):
    chosen = choose_validation(Y, kind(GROUPS), None, 0.1, 0)
    assert chosen.sum() == 4
    assert not set(GROUPS[chosen]) & set(GROUPS[~chosen])


def test_names_of_groups_do_not_matter():
    numbers = pd.factorize(GROUPS)[0]
    named = choose_validation(Y, GROUPS, None, 0.1, 0)
    assert np.array_equal(named, choose_validation(Y, 100 - numbers, None, 0.1, 0))


@pytest.mark.parametrize(
    ("groups", "mask", "message"),
    [
        (GROUPS[:5], None, "inconsistent numbers of samples"),
        ([None, *GROUPS[1:]], None, "groups has 1 missing"),
        (np.c_[GROUPS, GROUPS], None, r"groups must be 1-D, .* got shape \(12, 2\)"),
        (None, np.zeros(5, bool), r"12 booleans.*shape \(5,\)"),
        (None, np.arange(12), "dtype int64"),
        (None, np.ones(12, bool), "leaves 2 class"),
        (None, Y == 1, "leaves 1 class"),
        (GROUPS, np.arange(12) % 2 == 0, "puts group 'a' on both sides"),
        (Y, None, "at least two groups, got 2 groups in all"),
    ],
)
def test_what_does_not_fit_is_refused(groups, mask, message):
    with pytest.raises(ValueError, match=message):
        choose_validation(Y, groups, mask, 0.1, 0)


@pytest.mark.parametrize("make", [small, small_regressor])
def test_the_warning_of_missing_groups_points_at_the_users_line(make):
    X, _, _ = stripes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make().fit(X, Y.repeat(2))
    [warning] = caught
    assert "Use fit(X, y, groups=...)" in str(warning.message)
    assert warning.filename == __file__


def test_a_class_may_be_absent_among_those_that_choose():
    X, y, groups = stripes(36)
    chosen = np.isin(groups, [0, 3])  # one material alone
    assert len(set(y[chosen])) == 1
    cnn = small().fit(X, y, groups, validation_mask=chosen)
    assert cnn.history_["validation_score"].between(0, 1).all()
    assert len(cnn.classes_) == 3


def test_a_single_image_may_choose():
    X, y, _ = stripes()
    chosen = np.arange(24) == 3
    cnn = small_regressor().fit(X, np.arange(24.0), validation_mask=chosen)
    assert cnn.history_["validation_score"].isna().all()  # there is no R² of one value
    assert cnn.best_epoch_ == cnn.history_["validation_loss"].idxmin() + 1
    assert small().fit(X, y, validation_mask=chosen).history_["validation_loss"].notna().all()


def test_patience_without_images_that_choose_is_refused():
    X, y, groups = stripes()
    with pytest.raises(ValueError, match="patience needs images"):
        small(patience=2, validation_fraction=0).fit(X, y, groups)
    with pytest.raises(ValueError, match="select='last' knows none"):
        small(patience=2, select="last").fit(X, y, groups)
