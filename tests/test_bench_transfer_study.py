import importlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


def test_fine_tuning_is_timed_in_miniature(load, tmp_path):
    path = load("bench_finetune").main(["--quick", "--rounds", "1", "--folder", str(tmp_path)])
    [row] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    rates = {name: rate["median"] for name, rate in row["images_per_second"].items()}
    best = max(rates["usual"], rates["channels last"])
    assert row["share_of_the_faster_loop"]["median"] == pytest.approx(rates["fit"] / best, abs=0.02)


def test_the_bare_loop_learns_the_same_network(load):
    bench = load("bench_finetune")
    module, channels = bench.bare_network(bench.Case("surfacenet", 32, 4))
    ours = bench.FineTunedCNN("surfacenet", weights=None, max_epochs=1, validation_fraction=0)
    ours.fit(np.random.default_rng(0).random((5, 32, 32)), range(5))
    numbers = sum(value.size for name, value in ours.state_.items() if "running" not in name)
    both = [numbers, sum(p.numel() for p in module.parameters())]
    tracked = sum("num_batches" in name for name in ours.state_)
    assert both[0] - tracked == both[1]
    assert channels == 1


@pytest.mark.slow
def test_a_transfer_study_runs_in_miniature(load, tmp_path):
    bench = load("bench_transfer_study")
    arguments = ["--design", "quick", "--store", str(tmp_path / "store"), "--folder", str(tmp_path)]
    found = json.loads(bench.main([*arguments, "--jobs", "1"]).read_text(encoding="utf-8"))
    scores = pd.read_csv(tmp_path / "transfer_study_quick.csv")
    assert set(scores["strategy"]) == {"scratch", "frozen", "pretrained", "sequential"}
    assert found["runs"] == len(scores) == 2 * (3 * 4 + 1)
    means = {(row["strategy"], row["stage"]): row["mean"] for row in found["means"]}
    mine = scores[(scores["strategy"] == "frozen") & (scores["stage"] == 3)]
    assert means["frozen", 3] == pytest.approx(mine["f1_macro"].mean(), abs=1e-4)
