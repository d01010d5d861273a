import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from tmdfeat import HeightMap
from tmdfeat.explain import Attribution
from tmdfeat.plot import (
    plot_confusion,
    plot_confusion_counts,
    plot_maps,
    plot_scores,
    plot_shares,
)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def scores():
    rows = [
        ("latent", "accuracy", 0.6, 0.5, 0.7),
        ("latent", "f1_macro", 0.5, 0.4, 0.6),
        ("physical", "accuracy", 0.7, 0.65, 0.75),
        ("physical", "f1_macro", 0.8, 0.7, 0.9),
    ]
    return pd.DataFrame(rows, columns=["features", "metric", "mean", "low", "high"])


def test_bars_stand_at_the_means_with_intervals_from_low_to_high():
    ax = plot_scores(scores())
    bars = [bar.get_height() for group in ax.containers[1::2] for bar in group]
    assert bars == [0.6, 0.5, 0.7, 0.8]
    segments = np.concatenate([c.get_segments() for c in ax.collections])
    assert segments[:, :, 1].tolist() == [[0.5, 0.7], [0.4, 0.6], [0.65, 0.75], [0.7, 0.9]]


@pytest.mark.parametrize(
    "chance",
    [{"accuracy": 0.4, "f1_macro": 0.2, "other": 1}, pd.Series({"f1_macro": 0.2, "accuracy": 0.4})],
    ids=["dict", "series"],
)
def test_guessing_is_a_dashed_line_of_its_own_over_each_metrics_bars(chance):
    ax = plot_scores(scores(), chance=chance)
    [lines] = [c for c in ax.collections if c.get_label() == "guessing"]
    ends = np.array(lines.get_segments())
    assert ends[:, :, 1].tolist() == [[0.4, 0.4], [0.2, 0.2]]
    bars = [[bar for bars in ax.containers[1::2] for bar in [bars[i]]] for i in range(2)]
    for (left, right), mine in zip(ends[:, :, 0], bars, strict=True):
        assert left == pytest.approx(min(bar.get_x() for bar in mine))
        assert right == pytest.approx(max(bar.get_x() + bar.get_width() for bar in mine))


def test_one_number_stands_for_guessing_in_every_metric():
    ax = plot_scores(scores(), chance=0.3)
    [lines] = [c for c in ax.collections if c.get_label() == "guessing"]
    assert np.array(lines.get_segments())[:, :, 1].tolist() == [[0.3, 0.3], [0.3, 0.3]]


def test_a_metric_without_a_score_of_guessing_gets_no_line():
    ax = plot_scores(scores(), chance={"f1_macro": 0.2})
    [lines] = [c for c in ax.collections if c.get_label() == "guessing"]
    [segment] = lines.get_segments()
    assert segment[:, 0].mean() == pytest.approx(1)  # the second group of bars


def test_confusion_rows_are_the_true_classes():
    ax = plot_confusion(["a", "a", "a", "a", "b"], ["a", "b", "b", "b", "b"])
    assert [text.get_text() for text in ax.texts] == ["25", "75", "0", "100"]
    assert ax.get_ylabel().startswith("true")
    assert ax.get_xlabel() == "predicted"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a (4)", "b (1)"]


def test_confusion_shows_a_class_that_was_never_true():
    ax = plot_confusion(["a", "a"], ["a", "b"])
    assert [text.get_text() for text in ax.texts] == ["50", "50", "0", "0"]


def test_mean_counts_may_be_broken_and_have_answers_that_are_no_class():
    # 104 scans, five models: 1.2 of 47 were given elements that no material has (2.6 %)
    counts = pd.DataFrame(
        [[42.6, 3.2, 1.2], [3.2, 14.8, 0]], index=["MoS2", "WS2"], columns=["MoS2", "WS2", "none"]
    )
    ax = plot_confusion_counts(counts)
    assert [text.get_text() for text in ax.texts] == ["91", "7", "3", "18", "82", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["MoS2 (47)", "WS2 (18)"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["MoS2", "WS2", "none"]


def test_a_row_without_scans_is_empty_and_negative_counts_are_refused():
    counts = pd.DataFrame([[0.0, 0.0], [1.0, 1.0]], index=["a", "b"], columns=["a", "b"])
    assert [text.get_text() for text in plot_confusion_counts(counts).texts] == [
        "0",
        "0",
        "50",
        "50",
    ]
    with pytest.raises(ValueError, match="0 or more"):
        plot_confusion_counts(-counts)


def test_shares_keep_the_order_of_the_table():
    shares = pd.DataFrame(
        {"share": [0.3, 0.7], "low": [0.2, 0.6], "high": [0.4, 0.8]}, index=["latent", "physical"]
    )
    ax = plot_shares(shares)
    assert [bar.get_width() for bar in ax.patches] == [0.3, 0.7]


def test_undefined_shares_get_no_bar_but_a_word():
    shares = pd.DataFrame(np.nan, columns=["share", "low", "high"], index=["latent", "physical"])
    ax = plot_shares(shares)
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["latent", "physical"]
    assert [text.get_text() for text in ax.texts] == ["undefined", "undefined"]


def test_the_scale_bar_has_the_length_it_says():
    image = HeightMap(np.eye(100), z_unit="nm", pixel_size=(3.0, 10.0), name="a.spm")
    [ax] = plot_maps([image])
    [bar] = ax.lines
    assert [text.get_text() for text in ax.texts] == ["200 nm"]
    assert np.ptp(bar.get_xdata()) == pytest.approx(200 / 10)


def test_maps_without_scale_get_no_bar_and_nan_pixels_do_not_matter():
    z = np.arange(200.0).reshape(10, 20)
    z[0, 0] = np.nan
    [ax] = plot_maps([HeightMap(z)], titles=["t"])
    assert len(ax.lines) == 0
    assert "relative" in ax.get_xlabel()


def test_many_maps_make_rows_of_five():
    axes = plot_maps([HeightMap(np.eye(4), name=str(i)) for i in range(7)])
    assert [ax.get_title() for ax in axes] == list("0123456")


DRAW = {
    "scores": lambda ax: plot_scores(scores(), chance=0.2, ax=ax),
    "confusion": lambda ax: plot_confusion(["a", "b"], ["a", "a"], ax=ax),
    "counts": lambda ax: plot_confusion_counts(pd.DataFrame([[1.5]], ["a"], ["a"]), ax=ax),
    "shares": lambda ax: plot_shares(
        pd.DataFrame({"share": [0.7], "low": [0.6], "high": [0.8]}, index=["latent"]), ax=ax
    ),
    "maps": lambda ax: plot_maps([HeightMap(np.eye(8), pixel_size=2)], axes=[ax])[0],
}


@pytest.mark.parametrize("draw", DRAW.values(), ids=DRAW)
def test_draws_where_told_and_nowhere_else(draw):
    figure, (left, right) = plt.subplots(1, 2)
    plt.figure()  # what matplotlib would draw into, left to itself
    assert draw(right) is right
    assert right.has_data()
    assert not left.has_data()
    assert figure.axes == [left, right]
    assert plt.gcf().axes == []
    assert len(plt.get_fignums()) == 2


def test_scores_of_one_model_and_attributions_are_drawn_as_they_come():
    one = scores().query("features == 'latent'").drop(columns="features")
    assert [bar.get_height() for bar in plot_scores(one).patches] == [0.6, 0.5]
    found = Attribution(
        values=[[[1.0], [3.0]]],
        base=[0.0],
        names=("latent__a", "physical__b"),
        classes=("x",),
        output="margin",
        output_values=[[4.0]],
    )
    assert [bar.get_width() for bar in plot_shares(found).patches] == [0.25, 0.75]


def test_maps_may_be_anything_that_holds_images(tmp_path):
    np.save(tmp_path / "scan.npy", np.eye(8))
    axes = plot_maps([tmp_path / "scan.npy", np.eye(8)])
    assert [ax.get_title() for ax in axes] == ["scan.npy", ""]
