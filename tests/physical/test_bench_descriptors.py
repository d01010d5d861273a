"""The benchmark of the descriptors runs, and both sides of each pair agree."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# Numbers of ours and of the other library that follow different definitions.
LOOSE = {
    "LBP histogram": 1.0,
    "Sk, Spk, Svk, Smr1, Smr2": 0.05,
    "Vmp, Vmc, Vvc, Vvv": 0.05,
    "Sal, Str": 0.1,
}


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("bench_descriptors")


@pytest.mark.slow
def test_descriptors(bench, tmp_path):
    path = bench.main(tmp_path, sizes=(48, 96), rounds=1, folder=tmp_path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["maps"] == "5 synthetic scans of (96, 96)"
    for name, pair in found["pairs"].items():
        assert pair["largest_difference"] <= LOOSE.get(name, 1e-9), name
        assert pair["ours_ms"] > 0
        assert pair["theirs_ms"] > 0
    assert set(found["growth"]) > {"height", "paper", "default set"}


def test_maps_are_mirrored_to_any_size(bench):
    z = np.random.default_rng(0).normal(size=(20, 30))
    assert np.abs(bench.mirrored(z, 16) - z[:16, :16]).max() < 0.01
    large = bench.mirrored(z, 45)
    assert np.abs(large[20:40, 30:] - z[::-1, :14:-1]).max() < 0.01
    assert len(np.unique(large)) == 45**2
