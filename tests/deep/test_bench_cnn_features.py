import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    pytest.importorskip("openvino", reason="the benchmark measures OpenVINO, too")
    # A process of its own: the benchmark starts workers, and asks for peak memory.
    folder = tmp_path_factory.mktemp("results")
    command = [sys.executable, BENCHMARKS / "bench_cnn_features.py", "--quick", "--folder", folder]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return json.loads((folder / "cnn_features.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_every_way_is_timed_from_every_source(found):
    network = found["networks"]["resnet18"]
    for source in ("memory", "PNG", "TIFF"):
        assert network[source]["naive loop"]["times_faster_than_loop"]["median"] == 1
        assert len(network[source]) >= 5
        assert all(row["ms"]["median"] > 0 for row in network[source].values())


@pytest.mark.slow
def test_all_ways_and_the_loop_compute_the_same(found):
    rows = found["deviation"]["resnet18"]
    assert rows["torch float32"]["mean_deviation"] == 0
    assert rows["openvino float32"]["mean_deviation"] < 1e-4
    # bfloat16 has 8 bits, as pictures have; another network would be off by about 1
    assert 0 < rows["torch bfloat16"]["mean_deviation"] < 0.1
    assert 0 < rows["naive loop, percentiles"]["mean_deviation"] < 0.2


@pytest.mark.slow
def test_the_results_page_shows_it(found, load):
    text = load("results_deep").speed(found)
    assert "**resnet18**, 3.63 GFLOP" in text
    assert "openvino bfloat16" in text
    assert "None" not in text


def test_operations_are_those_that_torchvision_states(load):
    limits, naive = load("limits"), load("naive")
    # torchvision.models.ResNet18_Weights states 1.814 billion multiply-adds
    assert limits.network_gflop(naive.headless("resnet18")) == pytest.approx(2 * 1.814, rel=1e-3)


def test_the_loop_reads_files_of_16_bits_and_of_floats(load, tmp_path):
    naive, bench = load("naive"), load("bench_cnn_features")
    z = np.random.default_rng(0).normal(size=(40, 40)).astype(np.float32)
    sources = ([z], *bench.write_files([z], tmp_path))
    model = torch.nn.Flatten()
    memory, png, tiff = (naive.naive_loop(model, scans) for scans in sources)
    np.testing.assert_array_equal(tiff, memory)
    assert np.abs(png - memory).max() < 0.02  # one of 255 grey values, over a deviation of 0.23


def test_ratios_are_taken_within_rounds(load):
    rounds = load("rounds")
    slow = [rounds.Seconds(2, 20), rounds.Seconds(9, 90), rounds.Seconds(4, 30)]
    fast = [rounds.Seconds(1, 5), rounds.Seconds(3, 10), rounds.Seconds(4, 10)]
    assert rounds.times_faster(slow, fast) == {"median": 2, "spread": [1, 3]}
    assert rounds.times_faster(slow, fast, of="clock") == {"median": 4, "spread": [3, 9]}


def test_files_for_the_memory_test_are_large_when_read_and_all_differ(load, tmp_path):
    from tmdfeat import read

    load("peak_memory").write_files(tmp_path / "files", 20, 64)
    files = sorted((tmp_path / "files").iterdir())
    maps = [read(path).z for path in files]
    assert {z.nbytes for z in maps} == {64 * 64 * 8}
    assert len({z.tobytes() for z in maps}) == len(files) == 20
    assert max(path.stat().st_size for path in files) < 2000


def test_both_products_multiply_the_same_matrices(load):
    products = load("limits").products(8)
    multiplied, convolved = products["float32", "product"](), products["float32", "convolution"]()
    assert multiplied.shape == (32 * 14 * 14, 8)
    torch.testing.assert_close(convolved.permute(0, 2, 3, 1).reshape(-1, 8), multiplied)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_peak_memory_is_that_of_the_process_itself(load):
    own = load("peak_memory").own_peak_mib
    kept = np.ones(32 * 2**20)  # 256 MiB
    program = f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r}); import peak_memory"
    program += "; before = peak_memory.own_peak_mib(); x = b'1' * 2**26"
    program += "; print(before, peak_memory.own_peak_mib())"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    before, after = map(float, answer.stdout.split())
    assert 55 < after - before < 75  # 64 MiB
    assert kept.nbytes / 2**20 < own()
