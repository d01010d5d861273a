import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.neighbors import KNeighborsClassifier
from study.transfer.fakes import STAGES, FakeNetwork, table

from tmdfeat.plot import plot_low_data, plot_modalities
from tmdfeat.study import (
    Sequential,
    compare_transfer,
    modality_tables,
    summarize_transfer,
    transfer_study,
)


@pytest.fixture(scope="module")
def scores():
    strategies = {"imagenet": FakeNetwork(), "sequential": Sequential(FakeNetwork())}
    return transfer_study(
        *table(), stages=STAGES, strategies=strategies, n_new=(None, 4), n_splits=3, repeats=2
    )


def made_up():
    """Two strategies in three folds, the second better by 0.1, 0.2 and 0.3."""
    rows = [
        {
            "strategy": name, "target": "multiclass", "stage": 1, "classes": "a, b, c",
            "added": "c", "n_new": pd.NA, "repeat": 0, "fold": fold, "n_train": 80, "n_test": 20,
            "n_new_train": 8 + fold, "n_new_validation": 1,
            "f1_macro": 0.5 + better * (fold + 1) / 10,
            "train_f1_macro": 1.0, "validation_f1_macro": 0.75,
        }
        for better, name in enumerate(("old", "new"))
        for fold in range(3)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"n_new": "Int64"})


def test_every_strategy_stage_and_volume_has_a_mean(scores):
    summary = summarize_transfer(scores, metric="accuracy")
    assert len(summary) == 2 * 2 * 2 + 1
    assert (summary["n_folds"] == 6).all()
    row = summary.query("strategy == 'sequential' and stage == 2 and n_new == 4").iloc[0]
    mine = scores.query("strategy == 'sequential' and stage == 2 and n_new == 4")
    assert row["mean"] == pytest.approx(mine["accuracy"].mean())
    assert row["n_new_train"] == 4


def test_differences_are_those_of_the_same_folds_with_the_corrected_interval():
    row = compare_transfer(made_up(), "old").iloc[0]
    # 0.1, 0.2, 0.3: mean 0.2, standard deviation 0.1; Nadeau and Bengio's variance
    half = stats.t.ppf(0.975, 2) * 0.1 * np.sqrt(1 / 3 + 20 / 80)
    assert (row["strategy"], row["baseline"]) == ("new", "old")
    assert (row["mean"], row["high"] - row["mean"]) == pytest.approx((0.2, half))


def test_targets_can_be_compared_too():
    twice = pd.concat([made_up(), made_up().assign(target="atoms")])
    twice.loc[twice["target"] == "atoms", "f1_macro"] += 0.05
    found = compare_transfer(twice, "multiclass", by="target")
    assert found["mean"].tolist() == pytest.approx([0.05, 0.05])
    assert found["strategy"].tolist() == ["old", "new"]


def test_stages_that_the_reference_did_not_run_are_left_out(scores):
    found = compare_transfer(scores, "imagenet")
    assert found["stage"].tolist() == [1, 1, 2, 2]
    with pytest.raises(ValueError, match="reference must be one of"):
        compare_transfer(scores, "frozen")


def test_bars_count_all_images_of_the_added_class_and_spread_as_published():
    panels = modality_tables(made_up())
    assert list(panels) == ["3 classes: + c"]
    bars = panels["3 classes: + c"].set_index(["series", "split"])
    assert set(bars["n_new"]) == {10}  # 8, 9 or 10 to learn from, and one that validates
    assert bars.loc["new", "test"][["mean", "std"]].tolist() == pytest.approx(
        [0.7, np.std([0.6, 0.7, 0.8])]
    )
    assert bars.loc["old", "train"]["mean"] == 1.0


def test_tables_feed_the_figures(scores):
    axes = plot_modalities(modality_tables(scores))
    titles = [ax.get_title() for ax in axes]
    assert titles == ["2 classes: + MoS2, WS2", "3 classes: + WSe2", "4 classes: + MoSe2"]
    curves = plot_low_data(summarize_transfer(scores))
    assert [ax.get_title() for ax in curves] == ["+ WSe2", "+ MoSe2"]
    labels = curves[-1].get_legend_handles_labels()[1]
    assert labels == ["imagenet", "sequential"]


def test_volumes_of_one_size_stay_apart():
    X, y, _ = table(20, 1, ("MoS2", "WS2", "WSe2"))
    scores = transfer_study(
        X, y, np.arange(60), stages=[["MoS2", "WS2"], ["WSe2"]], n_new=(None, 14),
        strategies={"near": KNeighborsClassifier(1)},
    )  # fmt: skip
    [bars] = modality_tables(scores).values()
    assert list(dict.fromkeys(bars["n_new"])) == ["16 (all)", "16 (14 to train on)"]
    [ax] = plot_modalities({"stage": bars})
    assert [text.get_text() for text in ax.get_xticklabels()] == ["16 (all)", "16 (14 to train on)"]
