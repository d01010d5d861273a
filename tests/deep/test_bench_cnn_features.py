import importlib
import json
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_the_benchmark_runs_and_both_contenders_compute_the_same(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCHMARKS)
    bench = importlib.import_module("bench_cnn_features")
    found = json.loads(bench.main(["--quick", "--folder", str(tmp_path)]).read_text())
    assert found["provenance"]["commit"]
    assert found["ratio_cnn_features_to_naive_loop"]["median"] > 0
    # 8 bits and another resize apart; other weights or another network would differ by about 1
    assert found["mean_deviation_of_the_8_bit_loop"] < 0.2
