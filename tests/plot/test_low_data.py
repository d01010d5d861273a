import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_low_data


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def summary(stages=(1, 2), targets=("multiclass",)):
    rows = [
        {
            "stage": stage, "added": f"class {stage}", "strategy": name, "target": target,
            "n_new_train": n, "metric": "f1_macro", "mean": mean, "low": mean - 0.1,
            "high": mean + 0.2,
        }
        for stage in stages
        for target in targets
        for name, shift in (("imagenet", 0.0), ("sequential", 0.1))
        for n, mean in ((64, 0.7 + shift), (8, 0.5 + shift))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_each_stage_has_a_panel_and_each_strategy_a_line_from_few_to_many():
    axes = plot_low_data(summary())
    assert [ax.get_title() for ax in axes] == ["+ class 1", "+ class 2"]
    for ax in axes:
        assert ax.get_xscale() == "log"
        means = [container[0].get_ydata().tolist() for container in ax.containers]
        assert means == [pytest.approx([0.5, 0.7]), pytest.approx([0.6, 0.8])]
        assert [label.get_text() for label in ax.get_xticklabels()] == ["8", "64"]


def test_bars_run_from_low_to_high():
    [ax] = plot_low_data(summary(stages=(1,)))
    [bars] = ax.containers[0][2]
    np.testing.assert_allclose(np.array(bars.get_segments())[:, :, 1], [[0.4, 0.7], [0.6, 0.9]])


def test_lines_tell_targets_and_colours_strategies():
    [ax] = plot_low_data(summary(stages=(1,), targets=("multiclass", "atoms")))
    drawn = [container[0] for container in ax.containers]
    assert [line.get_linestyle() for line in drawn] == ["-", "--", "-", "--"]
    assert [line.get_color() for line in drawn] == ["C0", "C0", "C1", "C1"]
    labels = ax.get_legend_handles_labels()[1]
    assert labels[:2] == ["imagenet, multiclass", "imagenet, atoms"]


def test_a_stage_of_one_volume_is_no_curve():
    one = summary(stages=(0,)).query("n_new_train == 64")
    axes = plot_low_data(pd.concat([one, summary(stages=(1,))]))
    assert [ax.get_title() for ax in axes] == ["+ class 1"]
    assert [ax.get_title() for ax in plot_low_data(one)] == ["+ class 0"]


def test_it_draws_where_it_is_told():
    axes = list(plt.subplots(1, 2)[1])
    assert plot_low_data(summary(), axes=axes) == axes
