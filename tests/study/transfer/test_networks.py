"""The same with networks that learn: a convolution each, on small simulated scans."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from deep.tiny import tiny
from sklearn.pipeline import make_pipeline
from study.transfer.test_store import TESTS, same, wait_for

from tmdfeat import FineTunedCNN
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.deep import Rendering
from tmdfeat.preprocess import Level
from tmdfeat.study import Sequential, run_transfer, transfer_strategies

STAGES = [["MoS2", "WS2"], ["WSe2"]]
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from study.transfer.test_networks import study
study(sys.argv[2], max_epochs=30)
"""


@pytest.fixture(scope="module")
def scans():
    return make_tmd_afm(24, materials=("MoS2", "WS2", "WSe2"), size=32, random_state=0)


def network(max_epochs=2, **more):
    settings = {"weights": None, "rendering": Rendering(size=32), "batch_size": 8, "hidden": (5,)}
    return FineTunedCNN(tiny, max_epochs=max_epochs, **settings, **more)


def study(store, scans=None, max_epochs=2, strategies=None, **more):
    if scans is None:
        scans = make_tmd_afm(24, materials=("MoS2", "WS2", "WSe2"), size=32, random_state=0)
    if strategies is None:
        net = network(max_epochs)
        strategies = {"scratch": net, "sequential": Sequential(net)}
    return run_transfer(
        scans.images, scans.target, np.arange(24), stages=STAGES, strategies=strategies,
        store=store, **{"n_splits": 2, "n_new": (None, 2), "validation_fraction": 0.2, **more},
    )  # fmt: skip


@pytest.mark.parametrize("target", ["multiclass", "atoms"])
def test_a_sequence_of_networks_runs_through_both_targets(tmp_path, scans, target):
    found = study(tmp_path, scans, targets=target)
    assert len(found.scores) == 2 * 2 * 2 + 2
    assert found.scores["epochs"].tolist() == [2] * 10
    shares = found.predictions.filter(like="probability_")
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-5)
    for file in (tmp_path / "runs").iterdir():
        record = json.loads(file.read_text())
        if record["run"]["stage"] == 1 and record["run"]["strategy"] == "sequential":
            before = FineTunedCNN.load(
                tmp_path / "networks" / f"{record['started_from']}.safetensors", backbone=tiny
            )
            assert before.classes_.tolist() == STAGES[0]
            elements = ("Mo", "S", "Se", "W") if target == "atoms" else ("MoS2", "WS2")
            assert before.outputs_ == elements


def test_a_step_before_the_network_is_part_of_the_strategy(tmp_path, scans):
    pipe = make_pipeline(Level(), network())
    found = study(tmp_path, scans, strategies={"sequential": Sequential(pipe)})
    assert len(found.scores) == 2 + 2 * 2
    assert found.scores["n_validation"].min() >= 1


def test_the_published_habits_reach_the_networks(tmp_path, scans):
    data = make_tmd_afm(45, materials=("MoS2", "WS2", "WSe2"), size=32, random_state=0)
    found = run_transfer(
        data.images, data.target, np.arange(45), stages=STAGES, n_splits=3, paper=True,
        strategies={"scratch": network(), "sequential": Sequential(network())}, store=tmp_path,
    )  # fmt: skip
    assert found.predictions.groupby(["strategy", "stage", "fold"])["position"].apply(
        lambda held_out: tuple(held_out)
    ).groupby("stage").nunique().tolist() == [1, 1]
    recipes = {json.loads(file.read_text())["estimator"] for file in (tmp_path / "runs").iterdir()}
    assert all("batch_norm='paper'" in text and "select='paper'" in text for text in recipes)


def test_the_usual_strategies_run(tmp_path, scans):
    net = FineTunedCNN(
        "surfacenet", max_epochs=1, rendering=Rendering(size=32), batch_size=8, random_state=0
    )
    found = study(tmp_path, scans, strategies=transfer_strategies(net), n_new=(2,))
    assert found.scores["strategy"].unique().tolist() == [
        "scratch", "frozen", "imagenet", "sequential", "surfacenet",
    ]  # fmt: skip
    assert found.scores["n_train"].nunique() == 1
    # With surfacenet as the network, two of them are the same, and done once.
    twins = [found.scores.query("strategy == @name") for name in ("imagenet", "surfacenet")]
    pd.testing.assert_frame_equal(
        *(t.drop(columns="strategy").reset_index(drop=True) for t in twins)
    )


@pytest.mark.slow
def test_a_study_killed_in_the_middle_of_a_fit_comes_to_the_same_table(tmp_path, scans):
    undisturbed = study(tmp_path / "other", scans, max_epochs=30)
    store = tmp_path / "store"
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(TESTS), str(store)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    wait_for(
        lambda: (
            len(list(store.glob("runs/[!.]*.json"))) >= 2
            and list(store.glob("checkpoints/*/*.safetensors"))
        ),
        process,
    )
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert list(store.glob("checkpoints/*/*.safetensors"))
    same(study(store, scans, max_epochs=30), undisturbed)
    assert not list((store / "checkpoints").iterdir())
