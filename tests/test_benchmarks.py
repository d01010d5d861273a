"""Benchmarks rot unseen; here each runs once, on the smallest data it can chew."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

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
    rng = np.random.default_rng(0)
    stems = ["PE11_1", "PE11_2", "PE15aist1", "PE15aist2", "PE19_1", "PE19_2"]
    header = "# Channel: Height\n# Width: 2.50 µm\n# Height: 2.50 µm\n# Value units: m\n"
    for label in ("1_layer", "2_layers", "no_layers"):
        (tmp_path / label).mkdir()
        for stem in stems:
            text = "" if "aist" in stem else header
            rows = [" ".join(f"{z:.4e}" for z in row) for row in rng.normal(size=(128, 128)) * 1e-9]
            path = tmp_path / label / f"{stem}.txt"
            path.write_text(text + "\n".join(rows) + "\n", encoding="utf-8")
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
