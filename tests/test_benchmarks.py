"""Benchmarks rot unseen; here each runs once, on the smallest data it can chew."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
from bench_data import write_films, write_micrographs

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


def test_tmd_features(load, tmp_path):
    bench = load("bench_tmd_features")
    rng = np.random.default_rng(0)
    y = np.repeat(bench.ORDER, 20)
    frozen = (
        rng.normal(size=(100, 8)) + 4 * (y[:, None] == np.array(bench.ORDER)).repeat(2, 1)[:, :8]
    )
    np.savez(
        tmp_path / "tmd_features.npz",
        frozen=frozen,
        finetuned=frozen,
        material=y,
        sample_id=np.arange(100) // 2,
    )
    found = json.loads(bench.main(tmp_path, 1, tmp_path).read_text(encoding="utf-8"))
    svc = next(iter(found["frozen"].values()))
    assert svc["grouped by sample"]["accuracy"]["mean"] > 0.6
    assert sum(svc["authors' held-out 104"]["test_images"].values()) == 10
    assert found["distinct_rows"] == 100


@pytest.mark.slow
def test_polyelectrolyte(load, tmp_path):
    bench = load("bench_polyelectrolyte")
    write_films(tmp_path)
    found = json.loads(bench.main(tmp_path, None, 1, tmp_path).read_text(encoding="utf-8"))
    assert found["maps"] == {"1_layer": 6, "2_layers": 6, "no_layers": 6}
    assert len(found["results"]) == 2


def test_the_series_of_a_file_is_read_off_its_name(load):
    bench = load("bench_polyelectrolyte")
    assert bench._series("PE18aist3") == "aist"
    assert bench._series("PE22_1") == "PE19-22"
    assert bench._series("PE1_2") == "PE1-14"


def test_headerless_files_get_metres_and_5_micrometres(load, shared):
    bench = load("bench_polyelectrolyte")
    folder = shared / "data" / "polyelectrolyte_afm" / "raw_data" / "1_layer"
    with_header, without = bench.open_all([folder / "PE11_1.txt", folder / "PE15aist1.txt"])
    assert with_header.z_unit == without.z_unit == "nm"
    assert without.scan_size == pytest.approx((5000, 5000))
    assert with_header.scan_size == pytest.approx((5020, 5020))
    assert 1 < np.ptp(without.z) < 1000  # the file's own numbers are 0 to 3.3e-7


def test_transfer(load, tmp_path):
    write_micrographs(tmp_path / "uhcs_sem", 7)
    write_films(tmp_path / "polyelectrolyte_afm" / "raw_data")
    bench = load("bench_transfer")
    few = {"networks": ["squeezenet1_1"], "ways": ["torch float32", "torch bfloat16"]}
    path = bench.main(tmp_path, None, 1, per_class=6, folder=tmp_path, **few)
    found = json.loads(path.read_text(encoding="utf-8"))
    exact, rounded = found["steel"]["rows"]
    assert exact["mean_deviation"] == exact["largest_change_of_accuracy"] == 0
    assert 0 < rounded["mean_deviation"] < 0.1
    assert exact["accuracy"]["each picture alone"]["mean"] > 0.6  # guessing: a third
    assert [len(row["accuracy"]) for row in found["films"]["rows"]] == [2, 2]
    assert "squeezenet1_1 | torch bfloat16" in load("results_deep").transfer(found)


def test_shifted_pictures_of_one_place_are_one_field(load, tmp_path):
    write_micrographs(tmp_path, 7)
    task, about = load("transfer_tasks").steel(tmp_path)
    groups = task.splits["grouped by field of view"]
    assert [groups[start] == groups[start + 6] for start in (0, 7, 14)] == [True] * 3
    assert 3 <= about["pairs_that_overlap"] <= 6  # about one by chance
    assert len(set(groups)) == about["fields"] >= 21 - about["pairs_that_overlap"]


def test_the_first_images_of_each_class_are_taken_in_their_order(load):
    first = load("transfer_tasks").first_of_each
    labels = np.array(["b", "a", "b", "a", "b"])
    assert first(labels, 1).tolist() == [0, 1]
    assert first(labels, None).tolist() == [0, 1, 2, 3, 4]
