"""The benchmark of realism, once, on the smallest data it can chew."""

import json
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_waves_are_told_from_simulated_scans(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_realism as bench

    folder = tmp_path / "polyelectrolyte_afm" / "raw_data" / "1_layer"
    folder.mkdir(parents=True)
    waves = 1e-8 * np.sin(np.arange(128) / 9.0)
    for i in range(8):
        z = waves[:, None] * np.roll(waves, i) * 1e8
        np.savetxt(folder / f"PE1_{i}.txt", z, fmt="%.5e")
    found = json.loads(bench.main(tmp_path, None, tmp_path).read_text(encoding="utf-8"))
    assert (found["real_maps"], found["simulated_maps"]) == (8, 20)
    for view in bench.VIEWS:
        assert found[view]["differ_most"]
    assert found["the surface in nm"]["balanced_accuracy"] > 0.95
