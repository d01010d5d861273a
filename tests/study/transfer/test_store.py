"""A study that was stopped goes on where it was; nothing is lost, nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from study.transfer.fakes import STAGES, FakeNetwork, table, told

from tmdfeat.study import Sequential, run_transfer, transfer_study

TESTS = Path(__file__).parents[2]
SCRIPT = """
import os, sys, time
from pathlib import Path

tests, store, log, processes = sys.argv[1:]
sys.path.insert(0, tests)
from study.transfer.fakes import FakeNetwork
from study.transfer.test_store import study

fit = FakeNetwork.fit

def slow(self, X, y, groups=None, validation_mask=None):
    fit(self, X, y, groups, validation_mask)
    time.sleep(0.1)  # told, and not kept yet
    return self

FakeNetwork.fit = slow
Path(log).with_suffix(f".{os.getpid()}").touch()
while len(list(Path(log).parent.glob("log.*"))) < int(processes):
    time.sleep(0.01)
study(store, log)
"""


class Spy(TransformerMixin, BaseEstimator):
    """Tells which images it was fitted to."""

    def __init__(self, log):
        self.log = log

    def fit(self, X, y=None):
        with open(self.log, "a") as file:
            file.write(json.dumps(X[:, 0].astype(int).tolist()) + "\n")
        return self

    def transform(self, X):
        return X


def study(store, log, data=None, names=("imagenet", "sequential"), **more):
    network = FakeNetwork(log=str(log))
    strategies = dict(zip(names, (network, Sequential(network)), strict=True))
    settings = {"stages": STAGES, "n_splits": 3, "n_new": (None, 4), **more}
    return run_transfer(*(data or table()), strategies=strategies, store=store, **settings)


def same(one, other):
    pd.testing.assert_frame_equal(one.predictions, other.predictions)
    pd.testing.assert_frame_equal(
        one.scores.drop(columns="seconds"), other.scores.drop(columns="seconds")
    )


def begin(store, log, processes=1):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(TESTS), str(store), str(log), str(processes)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def wait_for(condition, process):
    end = time.monotonic() + 300  # importing alone takes long on a busy machine
    while time.monotonic() < end:
        if condition():
            return
        assert process.poll() is None, "the study ended before it could be killed"
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise AssertionError("the study did not come that far")


@pytest.mark.slow
def test_a_killed_study_comes_to_the_same_table_and_repeats_only_what_was_cut_off(tmp_path):
    store, log = tmp_path / "store", tmp_path / "log"
    undisturbed = study(tmp_path / "other", log)
    runs = len(told(log))
    log.unlink()
    for done in (4, 11):
        process = begin(store, log)
        wait_for(lambda done=done: len(list(store.glob("runs/[!.]*.json"))) >= done, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(list(store.glob("runs/[!.]*.json"))) < runs
    same(study(store, log), undisturbed)
    assert runs <= len(told(log)) <= runs + 2  # one each that the kills cut off
    assert not list((store / "checkpoints").iterdir())


@pytest.mark.slow
def test_two_processes_share_one_store_without_doing_anything_twice(tmp_path):
    store, log = tmp_path / "store", tmp_path / "log"
    processes = [begin(store, log, 2) for _ in range(2)]
    assert [process.wait(300) for process in processes] == [0, 0]
    fits = told(log)
    runs = len(list(store.glob("runs/*.json")))
    assert len(fits) == runs
    assert len({fit["process"] for fit in fits}) == 2
    same(study(store, log), study(tmp_path / "other", tmp_path / "log2"))


def test_a_finished_study_fits_nothing_again(tmp_path):
    log = tmp_path / "log"
    first = study(tmp_path / "store", log)
    fits = len(told(log))
    same(study(tmp_path / "store", log), first)
    pd.testing.assert_frame_equal(
        study(tmp_path / "store", log).scores, first.scores
    )  # seconds too
    assert len(told(log)) == fits


def test_names_of_strategies_and_number_of_jobs_do_not_matter_to_what_is_kept(tmp_path):
    log = tmp_path / "log"
    study(tmp_path / "store", log)
    fits = len(told(log))
    again = study(tmp_path / "store", log, names=("a", "b"), n_jobs=2).scores
    assert again["strategy"].unique().tolist() == ["a", "b"]
    assert len(told(log)) == fits


def test_a_larger_study_does_only_what_is_new(tmp_path):
    log = tmp_path / "log"
    study(tmp_path / "store", log)
    fits = len(told(log))
    study(tmp_path / "store", log, n_new=(None, 4, 8))
    assert len(told(log)) - fits == 2 * 2 * 3  # one volume more in both later stages


def test_other_images_labels_groups_seeds_or_settings_are_other_runs(tmp_path):
    log = tmp_path / "log"
    X, y, groups = table()
    study(tmp_path / "store", log, n_new=(None,))
    fits = len(told(log))
    brighter = X + [[0, 1e-9]]
    for count, more in enumerate(
        [
            {"data": (brighter, y, groups)},
            {"data": (X, y, groups + 100)},
            {"random_state": 1},
            {"batch_norm": "frozen"},
        ],
        start=2,
    ):
        study(tmp_path / "store", log, n_new=(None,), **more)
        assert len(told(log)) == count * fits


def test_one_changed_image_changes_the_runs_that_see_it(tmp_path):
    log = tmp_path / "log"
    X, y, groups = table()
    study(tmp_path / "store", log, n_new=(None,))
    fits = len(told(log))
    X[np.flatnonzero(y == "MoSe2")[0], 1] += 1e-9
    study(tmp_path / "store", log, (X, y, groups), n_new=(None,))
    assert len(told(log)) - fits == 2 * 3  # those of the last stage


def test_a_lost_network_is_fitted_again_only_if_a_run_starts_from_it(tmp_path):
    store, log = tmp_path / "store", tmp_path / "log"
    first = study(store, log)
    fits = len(told(log))
    for path in (store / "networks").iterdir():
        path.unlink()
    same(study(store, log), first)
    assert len(told(log)) == fits
    lost = next(
        file
        for file in (store / "runs").iterdir()
        if (run := json.loads(file.read_text())["run"])["n_new"] == 4 and run["stage"] == 1
        and json.loads(file.read_text())["started_from"]
    )  # fmt: skip
    lost.unlink()
    same(study(store, log), first)
    assert len(told(log)) == fits + 2  # the run, and the one that it starts from


def test_a_state_that_outlived_its_run_is_dropped(tmp_path):
    store, log = tmp_path / "store", tmp_path / "log"
    study(store, log)
    finished, running = next((store / "runs").iterdir()).stem, "0" * 32
    for key in (finished, running):
        (store / "checkpoints" / key).mkdir()
    study(store, log)
    assert [path.name for path in (store / "checkpoints").iterdir()] == [running]


def test_a_record_says_what_it_was(tmp_path):
    study(tmp_path / "store", tmp_path / "log")
    records = [json.loads(file.read_text()) for file in (tmp_path / "store/runs").iterdir()]
    last = next(r for r in records if r["run"]["stage"] == 2 and r["started_from"])
    assert last["run"]["strategy"] == "sequential"
    assert "FakeNetwork(atoms=None" in last["estimator"]
    assert {"tmdfeat", "scikit-learn", "torch"} <= set(last["versions"])
    assert (tmp_path / "store/runs" / f"{last['started_from']}.json").is_file()


def test_networks_at_the_end_of_pipelines_learn_in_sequence_too(tmp_path):
    network = make_pipeline(StandardScaler(), FakeNetwork(log=tmp_path / "log"))
    X, y, groups = table()
    numbers = StandardScaler().fit(X)
    assert numbers.n_samples_seen_ == len(y)
    found = run_transfer(
        X, y, groups, stages=STAGES, n_splits=3, strategies={"sequential": Sequential(network)},
        store=tmp_path / "store",
    )  # fmt: skip
    assert len(found.scores) == 3 * 3
    ancestors = [len(fit["ancestors"]) for fit in told(tmp_path / "log")]
    assert ancestors == [0] * 3 + [1] * 3 + [2] * 3


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "store").mkdir(mode=0o500)
    with pytest.raises(PermissionError, match="store"):
        study(tmp_path / "store", tmp_path / "log")


def test_what_is_new_is_counted_anew_where_only_that_differs(tmp_path):
    X, y, groups = table(materials=("MoS2", "WS2", "WSe2"))
    keep = np.flatnonzero((y != "WSe2") | (np.arange(len(y)) >= 64))  # fewer of one class

    def counts(stages):
        table = transfer_study(
            X[keep], y[keep], groups[keep], stages=stages, n_splits=2,
            strategies={"near": KNeighborsClassifier(1)}, store=tmp_path / "store",
        )  # fmt: skip
        return table["n_new_train"].tolist()

    of_many = counts([["WS2", "WSe2"], ["MoS2"]])
    assert max(counts([["WS2", "MoS2"], ["WSe2"]])) < min(of_many)


@pytest.mark.parametrize("kind", ["runs", "predictions", "networks"])
def test_a_damaged_file_is_named_with_the_way_out(tmp_path, kind):
    store, log = tmp_path / "store", tmp_path / "log"
    study(store, log)
    for path in (store / kind).iterdir():
        path.write_bytes(path.read_bytes()[:20])
    if kind == "networks":
        for path in (store / "runs").iterdir():
            if json.loads(path.read_text())["started_from"]:
                path.unlink()
    with pytest.raises(ValueError, match=rf"{kind}.*damaged.*[Dd]elete it"):
        study(store, log)


def test_lost_predictions_are_made_again(tmp_path):
    store, log = tmp_path / "store", tmp_path / "log"
    first = study(store, log)
    fits = len(told(log))
    next((store / "predictions").iterdir()).unlink()
    same(study(store, log), first)
    assert len(told(log)) > fits


def test_steps_before_a_network_do_not_learn_from_what_chooses_the_epoch(tmp_path):
    spy = Spy(tmp_path / "spy")
    network = FakeNetwork(log=tmp_path / "log")
    X, y, groups = table()
    run_transfer(
        X, y, groups, stages=STAGES, n_splits=3,
        strategies={"sequential": Sequential(make_pipeline(spy, network))},
    )  # fmt: skip
    seen = [json.loads(line) for line in (tmp_path / "spy").read_text().splitlines()]
    assert seen == [fit["train"] for fit in told(tmp_path / "log")]
