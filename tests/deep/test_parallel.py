"""The same features from several processes: joblib's own, and the workers of a dask cluster."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from deep.tiny import tiny
from deep.workers import Deadly, DeadlyToTheOnlyCopy, complaining, loads
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from tmdfeat import CNNFeatures, HeightMap
from tmdfeat.deep import Tiles, parallel
from tmdfeat.gate import check_images


def maps(n, shape=(40, 48), seed=0):
    return list(np.random.default_rng(seed).normal(size=(n, *shape)))


def assert_same(features, expected):
    assert_allclose(features, expected, rtol=1e-5, atol=1e-7)  # batches change the rounding


@pytest.mark.parametrize(
    ("n_images", "batch_size", "n_jobs", "length"),
    [
        (1000, 32, 2, 32),
        (200, 32, 2, 25),
        (64, 32, 2, 16),
        (12, 32, 2, 6),
        (2, 32, 2, 1),
        (9, 1, 2, 1),
    ],
)
def test_shares_are_many_unless_batches_became_small(n_images, batch_size, n_jobs, length):
    assert parallel._length_of_shares(n_images, batch_size, n_jobs) == length


def alone(scans, **options):
    return CNNFeatures(tiny, weights=None, cache=None, **options).fit_transform(scans)


@pytest.mark.slow
def test_two_processes_give_what_one_gives():
    scans = [*maps(11), *maps(2, (64, 64), seed=1)]
    cnn = CNNFeatures(tiny, weights=None, cache=None, n_jobs=2, batch_size=3)
    assert_same(cnn.fit_transform(scans), alone(scans))
    tiles = {"tiles": Tiles(20), "views": "d4"}
    assert_same(cnn.set_params(**tiles).transform(scans), alone(scans, **tiles))


@pytest.mark.slow
def test_what_processes_computed_is_kept_in_memory_and_not_computed_again(monkeypatch):
    scans = maps(9)
    cnn = CNNFeatures(tiny, weights=None, n_jobs=2).fit(scans)
    first = cnn.transform(scans[:6])
    shares = []
    real = parallel._take_in

    def watching(share, *arguments):
        shares.append(share)
        real(share, *arguments)

    monkeypatch.setattr(parallel, "_take_in", watching)
    again = cnn.transform(scans)
    assert sum(len(share.places) for share in shares) == 3
    assert_array_equal(again[:6], first)
    assert_same(again, alone(scans))
    assert_array_equal(cnn.set_params(n_jobs=None).transform(scans), again)


@pytest.mark.slow
def test_processes_share_a_folder(tmp_path, passed):
    scans = maps(5)
    cnn = CNNFeatures(tiny, weights=None, cache=tmp_path, n_jobs=2).fit(scans)
    together = cnn.transform(scans)
    assert_array_equal(cnn.set_params(n_jobs=None).transform(scans), together)
    assert sum(passed) == 0


def test_equal_maps_in_one_share_are_computed_once_and_all_rows_are_filled(passed):
    a, b = maps(2)
    plan, network = CNNFeatures(tiny, weights=None, cache=None)._plan()
    parcel = parallel._pack(network, plan.backbone)
    images = check_images([a, b, a, HeightMap(b), a])
    share = parallel._work(images, 10, plan, parcel, frozenset())
    assert sum(passed) == 2
    assert share.places == [0, 1]
    out = np.zeros((15, 6), dtype=np.float32)
    parallel._take_in(share, out, check_images([a] * 10 + [a, b, a, b, a]), plan, network)
    assert_same(out[10:], alone([a, b, a, b, a]))


def test_a_row_that_was_let_go_of_is_computed_here(passed):
    scans = maps(3)
    plan, network = CNNFeatures(tiny, weights=None, cache=None)._plan()
    parcel = parallel._pack(network, plan.backbone)
    known = frozenset(plan.identify(image) for image in check_images(scans[:2]))
    share = parallel._work(check_images(scans), 0, plan, parcel, known)
    assert share.places == [2]
    out = np.zeros((3, 6), dtype=np.float32)
    parallel._take_in(share, out, check_images(scans), plan, network)
    assert_same(out, alone(scans))


@pytest.mark.slow
def test_what_workers_warn_of_is_said_here_once():
    images = check_images(maps(6)).map(complaining)
    cnn = CNNFeatures(tiny, weights=None, cache=None, n_jobs=2, batch_size=1)
    with pytest.warns(UserWarning, match="scratched") as said:
        cnn.fit_transform(images)
    assert [str(each.message) for each in said] == ["a scratched map"]


@pytest.mark.slow
def test_an_error_in_a_worker_names_the_image(tmp_path):
    np.save(tmp_path / "good.npy", maps(1)[0])
    (tmp_path / "bad.npy").write_bytes(b"no numbers")
    files = [tmp_path / "good.npy"] * 1 + [tmp_path / "bad.npy"]
    with pytest.raises(ValueError, match=r"X\[1\].*bad\.npy"):
        CNNFeatures(tiny, weights=None, n_jobs=2).fit_transform(files)


@pytest.mark.slow
def test_workers_of_a_cluster_give_what_one_process_gives(cluster):
    scans = maps(12)
    with parallel_config("dask", client=cluster):
        out = CNNFeatures(tiny, weights=None, cache=None, batch_size=2).fit_transform(scans)
    assert_same(out, alone(scans))


@pytest.mark.slow
def test_each_worker_of_a_cluster_loads_the_weights_once(cluster):
    before = cluster.run(loads)
    with parallel_config("dask", client=cluster):
        cnn = CNNFeatures(tiny, weights=None, random_state=7, cache=None, batch_size=1)
        cnn.fit_transform(maps(16))
        for seed in range(1, 6):  # at once after each other
            cnn.fit_transform(maps(8, seed=seed))
    after = cluster.run(loads)
    assert [after[worker] - before[worker] for worker in before] == [1, 1]


@pytest.mark.slow
def test_a_worker_that_dies_loses_nothing(cluster, tmp_path):
    scans = maps(14)
    scans[6][0, 0] = 9
    images = check_images(scans).map(Deadly(str(tmp_path / "dead")))
    with parallel_config("dask", client=cluster):
        cnn = CNNFeatures(tiny, weights=None, cache=tmp_path / "features", batch_size=1)
        out = cnn.fit_transform(images)
    assert (tmp_path / "dead").exists()
    assert_same(out, alone(scans))


@pytest.mark.slow
@pytest.mark.parametrize("known", [0, 40])  # from 1 kB on, joblib sends what is known by itself
def test_a_worker_that_dies_with_the_only_copy_of_the_weights_loses_nothing(
    cluster, tmp_path, known
):
    scans = maps(known + 9)
    scans[-1][0, 0] = 9
    images = check_images(scans).map(DeadlyToTheOnlyCopy(str(tmp_path / "dead")))
    cnn = CNNFeatures(tiny, weights=None, batch_size=1)
    cnn.fit_transform(images[:known] if known else scans[:1])
    with parallel_config("dask", client=cluster):
        out = cnn.transform(images)
    assert (tmp_path / "dead").read_text() == "only copy"
    assert_same(out, alone(scans))


@pytest.mark.slow
def test_folds_on_a_cluster_extract_in_their_own_process(cluster):
    scans, y = maps(12), np.arange(12) % 2
    pipe = make_pipeline(CNNFeatures(tiny, weights=None), LogisticRegression())
    expected = cross_val_score(pipe, scans, y, cv=3)
    with parallel_config("dask", client=cluster):
        assert_array_equal(cross_val_score(pipe, scans, y, cv=3), expected)


KILLED = """
import os, signal, sys
import numpy as np
from deep.tiny import tiny
from tmdfeat import CNNFeatures
from tmdfeat.deep import extraction
real, count = extraction.load_engine, 0
def counting(*arguments):
    engine = real(*arguments)
    def run(greys):
        global count
        count += 1
        if count == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return engine(greys)
    return run
extraction.load_engine = counting
CNNFeatures(tiny, weights=None, cache=sys.argv[1], batch_size=2).fit_transform(np.load(sys.argv[2]))
"""


def test_a_run_that_was_killed_goes_on_where_it_was(passed, tmp_path):
    scans = maps(20)
    np.save(tmp_path / "maps.npy", scans)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "features"), str(tmp_path / "maps.npy")]
    ended = subprocess.run(command, cwd=Path(__file__).parents[1], check=False)
    assert ended.returncode == -signal.SIGKILL
    out = CNNFeatures(tiny, weights=None, cache=tmp_path / "features").fit_transform(scans)
    assert sum(passed) == 20 - 3 * 2
    assert_same(out, alone(scans))
