from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.explain import Attribution

NAMES = ("latent__pca_00", "physical__Sq_nm", "latent__pca_01", "physical__Sdr")


def attribution(values, base=0.0):
    values = np.asarray(values, dtype=float)
    k = values.shape[2]
    base = np.full(k, base)
    scores = values.sum(axis=1) + base
    return Attribution(values, base, NAMES, tuple("abc"[:k]), "decision function", scores)


CANCELS = attribution([[[1.0], [0.5], [-1.0], [0.5]], [[-2.0], [1.0], [2.0], [-4.0]]])


def test_columns_of_a_block_are_summed_with_their_signs():
    block = CANCELS.by("block")
    assert block.names == ("latent", "physical")
    assert_array_equal(block.values[:, :, 0], [[0, 1], [0, -3]])
    assert_array_equal(block.output_values, CANCELS.output_values)


def test_a_block_whose_columns_cancel_has_no_share():
    share = CANCELS.share("block")
    assert share.loc["latent"].tolist() == [0, 0, 0]
    assert share.loc["physical"].tolist() == [1, 1, 1]


def test_columns_that_cancel_have_shares_of_their_own():
    sizes = np.array([1.5, 0.75, 1.5, 2.25])
    share = CANCELS.share("column")["share"]
    assert_allclose(share, sizes / sizes.sum())
    assert share.index.tolist() == list(NAMES)


def test_families_are_summed_within_their_block():
    family = CANCELS.by("family")
    assert family.names == ("latent__pca", "physical__height", "physical__slope")
    assert_array_equal(family.values[:, :, 0], [[0, 0.5, 0.5], [0, 1, -4]])
    assert_array_equal(family.by("block").values, CANCELS.by("block").values)


def test_shares_average_over_classes_after_the_absolute_value():
    found = attribution([[[1.0, -1.0], [3.0, -3.0], [0.0, 0.0], [0.0, 0.0]]])
    assert found.share("block")["share"].tolist() == [0.25, 0.75]


def test_groups_and_seed_reach_the_bootstrap():
    values = np.random.default_rng(0).normal(size=(30, 4, 2))
    found, groups = attribution(values), np.repeat(np.arange(10), 3)
    assert not found.share().equals(found.share(groups=groups))
    assert not found.share().equals(found.share(random_state=1))
    assert found.share(groups=groups).equals(found.share(groups=groups))
    assert found.share()["share"].sum() == pytest.approx(1)


def test_a_finer_level_than_ones_own_is_refused():
    with pytest.raises(ValueError, match=r"\('block',\).*by block.*got 'column'"):
        CANCELS.by("block").by("column")


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match=r"'column', 'family', 'block'.*'group'"):
        CANCELS.by("group")


def test_the_tidy_table_has_one_line_per_row_column_and_class():
    found = attribution(np.arange(24).reshape(2, 4, 3))
    tidy = found.to_frame()
    line = {"row": 1, "column": "latent__pca_01", "class": "b", "value": 19.0}
    assert len(tidy) == 24
    assert tidy.iloc[19].to_dict() == line
    assert found.by("block").to_frame().columns.tolist() == ["row", "block", "class", "value"]
    wide = tidy.pivot_table(index="row", columns="class", values="value", aggfunc="sum")
    assert_allclose(wide, found.output_values)
    assert isinstance(tidy, pd.DataFrame)


def test_additivity_is_checked_against_the_models_output():
    broken = Attribution(CANCELS.values, [0.1], NAMES, ("a",), "x", CANCELS.output_values)
    CANCELS.check_additivity()
    with pytest.raises(ArithmeticError, match=r"miss it by 1\.00e-01"):
        broken.check_additivity()


def test_classes_are_plain_values_in_errors_too():
    classes = np.array(["MoS2"])
    broken = Attribution(CANCELS.values, [0.1], NAMES, classes, "x", CANCELS.output_values)
    assert type(broken.classes[0]) is str
    with pytest.raises(ArithmeticError, match=r"for class 'MoS2' they"):
        broken.check_additivity()
    numbers = attribution(np.ones((1, 4, 2)))
    assert [type(c) for c in replace(numbers, classes=np.array([3, 7])).classes] == [int, int]


def test_nan_is_not_additive():
    values = CANCELS.values.copy()
    values[0, 0] = np.nan
    broken = Attribution(values, [0.0], NAMES, ("a",), "x", CANCELS.output_values)
    with pytest.raises(ArithmeticError):
        broken.check_additivity()


def test_names_must_match_the_values():
    with pytest.raises(ValueError, match=r"4 names, 2 classes\), got \(2, 4, 1\)"):
        Attribution(CANCELS.values, [0, 0], NAMES, ("a", "b"), "x", CANCELS.output_values)
