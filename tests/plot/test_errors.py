import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_errors


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def table():
    rows = [
        ("time", "< 400", 20, 0.5, 0.3, 0.7, 0.02),
        ("time", ">= 400", 10, 0.1, 0.0, 0.4, 0.02),
        ("plane", "c", 30, 0.2, 0.1, 0.35, np.nan),
    ]
    columns = ["confounder", "level", "n", "error", "low", "high", "p_adjusted"]
    return pd.DataFrame(rows, columns=columns)


def test_each_confounder_has_its_axes_and_each_level_its_bar(table):
    time, plane = plot_errors(table)
    assert [label.get_text() for label in time.get_xticklabels()] == ["< 400", ">= 400"]
    assert time.get_title() == "time, p = 0.02"
    assert plane.get_title() == "plane, one level"
    assert time.get_ylabel() == "scans"


def test_the_misclassified_are_hatched_and_the_rest_stands_on_them(table):
    time = plot_errors(table)[0]
    hatched = [bar for bar in time.patches if bar.get_hatch()]
    plain = [bar for bar in time.patches if not bar.get_hatch()]
    assert [bar.get_height() for bar in hatched] == [10, 1]
    assert [(bar.get_y(), bar.get_height()) for bar in plain] == [(10, 10), (1, 9)]
    ends = time.collections[0].get_segments()
    assert np.allclose([segment[:, 1] for segment in ends], [[6, 14], [0, 4]])
    assert [text.get_text() for text in time.texts] == ["50 %", "10 %"]


def test_it_draws_where_it_is_told(table):
    axes = plt.subplots(2)[1]
    assert plot_errors(table.drop(columns="p_adjusted"), axes=axes) == list(axes)
    assert axes[0].get_title() == "time"
