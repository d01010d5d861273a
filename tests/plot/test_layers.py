import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_layers


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def summary():
    rows = [
        (layer, share, model, metric, mean, mean - 0.05, mean + 0.1)
        for layer, mean in (("stage4", 0.6), ("pool", 0.8))
        for share in (0.85, 0.99)
        for model in ("svc", "ridge")
        for metric in ("accuracy", "f1_macro")
    ]
    columns = ["layer", "variance", "model", "metric", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def lines_of(ax):
    return [container.lines[0] for container in ax.containers]


def test_a_line_for_each_model_and_share_goes_through_the_layers_in_their_order():
    ax = plot_layers(summary())
    lines = lines_of(ax)
    assert len(lines) == 4
    assert [label.get_text() for label in ax.get_xticklabels()] == ["stage4", "pool"]
    for line in lines:
        assert line.get_ydata().tolist() == [0.6, 0.8]
        assert np.round(line.get_xdata()).tolist() == [0, 1]
    assert len({tuple(line.get_xdata()) for line in lines}) == 4  # side by side


def test_colour_tells_the_model_and_the_line_the_share():
    lines = lines_of(plot_layers(summary()))
    assert [line.get_color() for line in lines] == ["C0", "C0", "C1", "C1"]
    assert [line.get_linestyle() for line in lines] == ["--", "-", "--", "-"]
    texts = [text.get_text() for text in plot_layers(summary()).get_legend().get_texts()]
    assert texts[:2] == ["svc, 85 % of variance", "svc, 99 % of variance"]


def test_intervals_go_from_low_to_high():
    ax = plot_layers(summary().query("model == 'svc' and variance == 0.85"))
    [bars] = ax.containers[0].lines[2]
    assert np.allclose([s[:, 1] for s in bars.get_segments()], [[0.55, 0.7], [0.75, 0.9]])


def test_another_metric_is_drawn_if_asked_for_and_an_unknown_one_refused():
    table = summary()
    table.loc[table["metric"] == "f1_macro", "mean"] -= 0.02
    assert lines_of(plot_layers(table, metric="f1_macro"))[0].get_ydata()[0] == pytest.approx(0.58)
    with pytest.raises(ValueError, match=r"\['accuracy', 'f1_macro'\], got 'mae'"):
        plot_layers(table, metric="mae")


def test_a_layer_that_lacks_a_model_leaves_a_gap():
    table = summary().query("not (layer == 'pool' and model == 'ridge')")
    assert np.isnan(lines_of(plot_layers(table))[2].get_ydata()[1])


def test_it_draws_where_told_with_guessing_as_a_line():
    _, (left, right) = plt.subplots(1, 2)
    assert plot_layers(summary(), chance=0.2, ax=right) is right
    assert not left.has_data()
    [guess] = [line for line in right.lines if line.get_label() == "guessing"]
    assert list(guess.get_ydata()) == [0.2, 0.2]
