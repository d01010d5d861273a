import importlib
from pathlib import Path

import numpy as np
import pytest
import torch

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("bench_gpu")


def test_in_miniature_on_the_cpu(bench):
    found = bench.measure(bench.QUICK, "cpu")
    assert found["device"] == "cpu"
    assert all(rate["median"] > 0 for rate in found["images_per_second"].values())
    rates = {name: rate["median"] for name, rate in found["images_per_second"].items()}
    share = rates["maps to features, bfloat16"] / rates["forward only, bfloat16"]
    assert found["share_of_forward"]["median"] == pytest.approx(share, abs=0.02)
    assert 0 < found["deviation"]["mean_deviation"] < 0.1


def test_no_two_maps_are_equal(bench):
    maps = bench.different_maps(100, 16)
    assert len({np.ascontiguousarray(z).tobytes() for z in maps}) == 100


def test_without_a_gpu_it_says_so_and_writes_nothing(bench, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert bench.main(["--folder", str(tmp_path)]) is None
    assert "no CUDA GPU" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
