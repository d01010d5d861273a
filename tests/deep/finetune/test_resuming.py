import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from deep.finetune.small import same_state, small, stripes

from tmdfeat.deep.finetune import training

TESTS = Path(__file__).parents[2]
SLOW_FIT = """
import sys, time
sys.path.insert(0, {tests!r})
from deep.finetune.small import small, stripes
from tmdfeat.deep.finetune import training
real = training.run_epoch
def slowly(*arguments):
    time.sleep(0.3)
    print("epoch", flush=True)
    return real(*arguments)
training.run_epoch = slowly
small(max_epochs=8, dropout=0.3, augment="crop", checkpoint={folder!r}).fit(*stripes(48))
"""


def epochs_run(monkeypatch):
    ran = []
    real = training.run_epoch

    def counted(*arguments):
        ran.append(arguments[-1])
        return real(*arguments)

    monkeypatch.setattr(training, "run_epoch", counted)
    return ran


def test_a_killed_fit_goes_on_and_comes_to_the_same_end(tmp_path, monkeypatch):
    script = SLOW_FIT.format(tests=str(TESTS), folder=str(tmp_path / "kept"))
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    for _ in range(4):
        assert process.stdout.readline() == "epoch\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(list((tmp_path / "kept").glob("*.safetensors"))) == 1

    settings = {"max_epochs": 8, "dropout": 0.3, "augment": "crop"}
    undisturbed = small(**settings).fit(*stripes(48))
    ran = epochs_run(monkeypatch)
    resumed = small(**settings, checkpoint=tmp_path / "kept").fit(*stripes(48))
    assert 0 < len(ran) < 8
    assert same_state(resumed, undisturbed)
    assert resumed.loss_curve_ == undisturbed.loss_curve_
    assert resumed.best_epoch_ == undisturbed.best_epoch_


def test_a_fit_that_was_finished_is_not_repeated(tmp_path, monkeypatch):
    first = small(checkpoint=tmp_path).fit(*stripes())
    ran = epochs_run(monkeypatch)
    again = small(checkpoint=str(tmp_path)).fit(*stripes())
    assert not ran
    assert same_state(first, again)


@pytest.mark.parametrize(
    "change", [{"lr": 0.02}, {"augment": None}, {"random_state": 1}, {"max_epochs": 3},
               {"select": "loss"}, {"hidden": (4,)}]
)  # fmt: skip
def test_another_fit_does_not_take_it_over(change, tmp_path, monkeypatch):
    small(checkpoint=tmp_path).fit(*stripes())
    ran = epochs_run(monkeypatch)
    small(checkpoint=tmp_path, **change).fit(*stripes())
    assert len(ran) == change.get("max_epochs", 2)


@pytest.mark.parametrize("what", ["image", "label", "held out"])
def test_other_data_does_not_take_it_over(what, tmp_path, monkeypatch):
    X, y, groups = stripes()
    small(checkpoint=tmp_path).fit(X, y, groups)
    if what == "image":
        X = X.copy()
        X[3, 20, 20] += 0.1
    if what == "label":
        y = np.where(groups == 0, "WSe2", y)
    chosen = np.isin(groups, [0, 1]) if what == "held out" else None
    ran = epochs_run(monkeypatch)
    small(checkpoint=tmp_path).fit(X, y, groups, chosen)
    assert ran


def test_a_damaged_state_is_named(tmp_path):
    small(checkpoint=tmp_path).fit(*stripes())
    [path] = tmp_path.glob("*.safetensors")
    path.write_bytes(b"not a state")
    with pytest.raises(ValueError, match=str(path.name)):
        small(checkpoint=tmp_path).fit(*stripes())


def test_writing_takes_a_small_share_of_the_time(tmp_path, monkeypatch):
    from tmdfeat.deep.finetune import resuming

    spent = []
    real = resuming.write_tensors

    def slow(*arguments):
        start = time.perf_counter()
        time.sleep(0.2)
        real(*arguments)
        spent.append(time.perf_counter() - start)

    monkeypatch.setattr(resuming, "write_tensors", slow)
    small(checkpoint=tmp_path, max_epochs=10).fit(*stripes())
    assert len(spent) <= 3, "the first, the last, and hardly one between"
