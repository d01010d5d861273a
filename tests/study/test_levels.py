import numpy as np
import pandas as pd
import pytest

from tmdfeat.study.levels import as_levels


def test_numbers_are_parted_into_quarters():
    values = np.random.default_rng(0).permutation(np.arange(100.0))
    levels, names = as_levels(pd.Series(values))
    assert names == ["< 24.75", "24.75 to 49.5", "49.5 to 74.25", ">= 74.25"]
    assert [int((levels == name).sum()) for name in names] == [25] * 4
    assert (values[levels == "< 24.75"] < 24.75).all()


def test_edges_of_growth_times_as_in_the_published_figure():
    levels, names = as_levels(pd.Series([399, 400, 900, 1000, 5000]), [400, 800, 1000])
    assert names == ["< 400", "400 to 800", "800 to 1000", ">= 1000"]
    assert levels.tolist() == ["< 400", "400 to 800", "800 to 1000", ">= 1000", ">= 1000"]


def test_few_numbers_stay_numbers():
    levels, names = as_levels(pd.Series([1000, 900, 950, 900], dtype="Int64"))
    assert names == ["900", "950", "1000"]
    assert levels.tolist() == ["1000", "900", "950", "900"]
    assert as_levels(pd.Series([900, 950, 1000]), 2)[1] == ["< 950", ">= 950"]


def test_where_most_are_equal_they_are_a_bin():
    levels, names = as_levels(pd.Series([0.0] * 80 + list(range(1, 21))))
    assert names == ["< 1", ">= 1"]
    assert (levels == "< 1").sum() == 80
    assert as_levels(pd.Series([0.0] * 30 + list(range(1, 71))), 2)[1] == ["< 20.5", ">= 20.5"]


def test_what_is_no_number_stays_as_it_is():
    assert as_levels(pd.Series(["c", "A", "c"]))[1] == ["A", "c"]
    assert as_levels(pd.Series([True, False]))[1] == ["False", "True"]
    order = pd.Categorical(["cold", "hot"], categories=["hot", "mild", "cold"], ordered=True)
    levels, names = as_levels(pd.Series(order))
    assert names == ["hot", "cold"]
    assert levels.tolist() == ["cold", "hot"]


@pytest.mark.parametrize(
    "values",
    [[1.0, np.nan], ["a", None], pd.array([1, None], "Int64"), pd.Categorical(["a", None])],
)
def test_what_is_missing_is_a_level_of_its_own(values):
    levels, names = as_levels(pd.Series(values))
    assert levels.tolist() == names
    assert names[1] == "missing"


def test_close_edges_keep_different_names():
    names = as_levels(pd.Series([1000.0, 1001.0]), [1000.01, 1000.02])[1]
    assert names == ["< 1000.01", "1000.01 to 1000.02", ">= 1000.02"]


@pytest.mark.parametrize(
    ("column", "bins", "error", "says"),
    [
        (["a", "b"], 2, TypeError, "bins are for numbers"),
        ([1, 2], 1, ValueError, "at least 2"),
        ([1, 2], [2, 1], ValueError, "finite and rise"),
        ([1, 2], [], ValueError, "finite and rise"),
        ([1, 2], [np.nan], ValueError, "finite and rise"),
        ([1, 2], "12", TypeError, "number of bins or their edges"),
        ([1, 2], 2.5, TypeError, "number of bins or their edges"),
    ],
)
def test_it_says_what_is_wrong(column, bins, error, says):
    with pytest.raises(error, match=says):
        as_levels(pd.Series(column, name="t"), bins)
