"""What a study does with data, seeds and starts, told by networks in name only."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from study.transfer.fakes import MATERIALS, STAGES, FakeNetwork, table, told

from tmdfeat.study import Sequential, run_transfer, transfer_study


def study(tmp_path, strategies=None, data=None, **more):
    log = tmp_path / "log"
    if strategies is None:
        strategies = {
            "imagenet": FakeNetwork(log=log),
            "sequential": Sequential(FakeNetwork(log=log)),
        }
    settings = {"stages": STAGES, "n_splits": 3, "store": tmp_path / "store", **more}
    return run_transfer(*(data or table()), strategies=strategies, **settings)


def records(tmp_path):
    """Of each run what it was, the images it was tested on, and those its start had seen."""
    store = tmp_path / "store"
    for file in sorted((store / "runs").glob("*.json")):
        record = json.loads(file.read_text())
        with np.load(store / "predictions" / f"{file.stem}.npz") as arrays:
            tested = set(arrays["position"].tolist())
        before = record["started_from"]
        path = store / "networks" / f"{before}.safetensors"
        yield record["run"], tested, None if before is None else FakeNetwork.load(path)


def test_the_table_has_one_row_for_each_strategy_stage_volume_repeat_and_fold(tmp_path):
    scores = study(tmp_path, n_new=(None, 4), repeats=2).scores
    later = 2 * 2 * 2 * 2 * 3  # strategies, stages, volumes, repeats, folds
    assert len(scores) == later + 2 * 3  # and the first stage, where nothing is new, in sequence
    assert set(scores.query("stage == 0")["strategy"]) == {"sequential"}
    assert not scores.duplicated(["strategy", "stage", "n_new", "repeat", "fold"]).any()
    assert scores.query("stage == 2")["classes"].unique().tolist() == [", ".join(MATERIALS)]


def test_strategies_and_targets_get_the_same_images_and_seeds(tmp_path):
    one, other = FakeNetwork(log=tmp_path / "one"), FakeNetwork(log=tmp_path / "other")
    strategies = {"one": one, "other": other}
    study(tmp_path, strategies, n_new=(None, 4), repeats=2, targets=("multiclass", "atoms"))
    seen = [
        sorted((fit["train"], fit["validation"], fit["seed"]) for fit in told(tmp_path / name))
        for name in strategies
    ]
    assert seen[0] == seen[1]
    assert seen[0][::2] == seen[0][1::2]  # of both targets
    assert len({seed for _, _, seed in seen[0]}) == 2 * 2 * 2 * 3


def test_sizes_say_what_was_trained_on_and_nothing_is_in_two_parts(tmp_path):
    found = study(tmp_path, n_new=(None, 5), data=table(per_group=2))
    for row in found.scores.query("strategy == 'sequential' and n_new == 5").itertuples():
        assert (row.n_new_train, row.n_test) == (5, 8 * (row.stage + 2))
    _, y, groups = table(per_group=2)
    for fit in told(tmp_path / "log"):
        assert not set(groups[fit["train"]]) & set(groups[fit["validation"]])
        assert set(y[fit["train"]]) == set(fit["classes"])


def test_each_image_is_tested_once_in_each_repeat_by_its_position_in_x(tmp_path):
    X, y, groups = table()
    X = np.vstack([X[:5], X])  # five images of a class that no stage names come first
    y, groups = np.concatenate([["ReS2"] * 5, y]), np.concatenate([[-1, -1, -2, -2, -3], groups])
    strategies = {"nearest": make_pipeline(StandardScaler(), KNeighborsClassifier(1))}
    found = study(tmp_path, strategies, (X, y, groups), stages=[list(MATERIALS)]).predictions
    assert sorted(found["position"]) == list(range(5, len(y)))
    np.testing.assert_array_equal(found["truth"], y[found["position"]])
    np.testing.assert_array_equal(found["group"], groups[found["position"]])
    shares = found[[f"probability_{name}" for name in MATERIALS]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)


def test_accuracies_are_those_of_the_predictions(tmp_path):
    found = study(tmp_path, n_new=(None, 4))
    keys = ["strategy", "stage", "n_new", "fold"]
    right = (found.predictions["truth"] == found.predictions["predicted"]).groupby(
        [found.predictions[key] for key in keys], dropna=False
    )
    expected = found.scores.set_index(keys)["accuracy"].sort_index()
    pd.testing.assert_series_equal(right.mean().sort_index(), expected, check_names=False)


def test_a_sequence_starts_from_all_images_of_the_stage_before_and_never_saw_the_tested(tmp_path):
    study(tmp_path, n_new=(None, 4), repeats=2)
    started = [(run, tested, before) for run, tested, before in records(tmp_path) if before]
    assert len(started) == 2 * 2 * 2 * 3
    for run, tested, before in started:
        assert not tested & set(before.seen_)
        assert len(before.classes_) == run["stage"] + 1
        assert len(before.ancestors_) == run["stage"] - 1


@pytest.mark.parametrize(("target", "head"), [("multiclass", "replace"), ("atoms", "keep")])
def test_heads_are_kept_where_outputs_stay_the_same(tmp_path, target, head):
    study(tmp_path, {"sequential": Sequential(FakeNetwork(log=tmp_path / "log"))}, targets=target)
    fits = told(tmp_path / "log")
    assert {fit["head"] for fit in fits if fit["before"]} == {head}
    elements = ["Mo", "S", "Se", "W"] if target == "atoms" else None
    assert {str(fit["atoms"]) for fit in fits} == {str(elements)}
    assert {fit["loss"] for fit in fits} == {"atoms" if elements else "cross_entropy"}


def test_stages_that_were_not_asked_for_in_full_are_run_as_starts_only(tmp_path):
    scores = study(tmp_path, n_new=(4,)).scores
    assert scores["n_new"].tolist() == [4] * 2 * 2 * 3
    # two strategies in two stages cut, and in full what the sequence starts from
    assert len(told(tmp_path / "log")) == 2 * 2 * 3 + 2 * 3


def test_elements_are_asked_of_any_classifier(tmp_path):
    strategies = {
        "trees": make_pipeline(StandardScaler(), KNeighborsClassifier(5)),
        "lines": make_pipeline(StandardScaler(), LogisticRegression()),
    }
    _, y, groups = table()
    easy = np.column_stack([y == material for material in MATERIALS]).astype(float)
    scores = study(tmp_path, strategies, (easy, y, groups), targets="atoms").scores
    assert scores["accuracy"].tolist() == [1.0] * 2 * 2 * 3


@pytest.mark.slow
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_it_does_not_matter_how_many_runs_are_done_at_once(tmp_path, n_jobs):
    scores = study(tmp_path, n_jobs=n_jobs, n_new=(None, 4)).scores
    (tmp_path / "again").mkdir()
    again = transfer_study(
        *table(),
        stages=STAGES,
        n_splits=3,
        n_new=(None, 4),
        strategies={"imagenet": FakeNetwork(), "sequential": Sequential(FakeNetwork())},
    )
    pd.testing.assert_frame_equal(scores.drop(columns="seconds"), again.drop(columns="seconds"))


def test_a_failing_run_is_named(tmp_path):
    class Broken(FakeNetwork):
        def fit(self, X, y, groups=None, validation_mask=None):
            raise FloatingPointError("the loss is NaN")

    with pytest.raises(FloatingPointError) as caught:
        study(tmp_path, {"scratch": Broken()})
    assert "'strategy': 'scratch'" in caught.value.__notes__[0]
