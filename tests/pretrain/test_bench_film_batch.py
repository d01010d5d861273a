import json

import bench_film_batch
import pytest


def test_in_miniature_on_the_cpu(tmp_path):
    path = bench_film_batch.main(["--quick", "--device", "cpu", "--folder", str(tmp_path)])
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["device"] == "cpu"
    for density, times in found["batch_times_as_fast_as_numpy"].items():
        rates = [found["maps_per_second"][way][density]["median"] for way in ("batch", "numpy")]
        assert min(rates) > 0
        assert times["median"] == pytest.approx(rates[0] / rates[1], rel=0.05, abs=0.01)
    assert 0 < found["peak_memory_gib"] < 8


def test_films_differ_in_all_but_their_density():
    scans = bench_film_batch.scans_of(123, 4)
    assert {scan.recipe.film.density for scan in scans} == {123}
    assert len({scan.recipe.film.coverage for scan in scans}) == 4
    assert {scan.scan_nm for scan in scans} == {1000.0}
