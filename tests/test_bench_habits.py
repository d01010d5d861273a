"""The benchmark of the published habits: once in miniature, and its table on the page."""

import importlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("bench_habits")


@pytest.mark.slow
def test_it_runs_in_miniature(bench, tmp_path):
    habits = ("none (the default)", "`start_fold=2`")
    path = bench.main(
        tmp_path / "store", scans=75, size=32, epochs=1, repeats=1, habits=habits, folder=tmp_path
    )
    results = json.loads(path.read_text(encoding="utf-8"))
    assert list(results["habits"]) == list(habits)
    lines = bench.table(results).splitlines()
    assert len(lines) == 2 + 2
    pretrained = {name: found["pretrained"] for name, found in results["habits"].items()}
    assert pretrained[habits[0]] == pretrained[habits[1]]  # sequences alone start elsewhere


def test_the_page_shows_what_was_measured(bench):
    path = ROOT / "benchmarks/results/habits.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    page = (ROOT / "docs/transfer.md").read_text(encoding="utf-8")
    assert bench.table(results) in page
