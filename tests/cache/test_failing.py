"""Folders that cannot be written, from the start or in mid-run: no results are lost."""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from cache.keys_of import key, vector
from full_disk import files_up_to

from tmdfeat import PhysicalFeatures
from tmdfeat.cache import FolderCache, find_cache
from tmdfeat.cache.database import FILE

MAPS = np.random.default_rng(0).normal(size=(6, 16, 16))


def features(cache):
    return PhysicalFeatures(names=["Ssk", "Sku"], scale="px", cache=cache)


def collected(run):
    """What a function returns, and the texts of its warnings."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        return run(), [str(warning.message) for warning in seen]


@pytest.fixture
def small_files():
    with files_up_to(40_000):
        yield


@pytest.fixture
def locked():
    """A folder with one result in it that this process may read but not write."""
    if not hasattr(os, "geteuid"):
        pytest.skip("folders have no such permissions on this system")
    folder = Path(tempfile.mkdtemp())
    kept = features(folder).fit_transform(MAPS[:2])
    find_cache(folder).store._database._connection().close()
    find_cache.__globals__["shared_folder"].cache_clear()
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # permissions do not hold root back
    yield folder, kept
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def fill(cache):
    for i in range(20):
        cache.put(key(i), vector(i, 1000))
    return [i for i in range(20) if cache.get(key(i)) is not None]


def test_a_file_that_may_not_grow_is_told_once_and_what_was_kept_is_served(tmp_path, small_files):
    cache = find_cache(tmp_path)
    found, told = collected(lambda: fill(cache))
    assert 0 < len(found) < 20
    assert len(told) == 1
    assert "not kept" in told[0]
    assert "another folder" in told[0]
    np.testing.assert_array_equal(cache.get(key(0)), vector(0, 1000))


def test_a_full_database_is_told_once(tmp_path):
    cache = find_cache(tmp_path)
    cache.store._database.rows("PRAGMA max_page_count = 12")
    found, told = collected(lambda: fill(cache))
    assert 0 < len(found) < 20
    assert len(told) == 1
    assert "full" in told[0]


def test_the_next_run_tries_again(tmp_path):
    cache = find_cache(tmp_path)
    cache.store._database.rows("PRAGMA max_page_count = 12")
    with pytest.warns(UserWarning, match="full"):
        fill(cache)
    assert len(fill(find_cache(tmp_path))) == 20


def test_reading_that_fails_is_told_once_and_nothing_is_found(tmp_path):
    cache = find_cache(tmp_path)
    cache.put(key(0), vector(0))
    cache.store._database.change("DROP TABLE results")
    found, told = collected(lambda: [cache.get(key(0)), cache.known([()]), cache.put(key(1), MAPS)])
    assert found == [None, set(), None]
    assert len(told) == 1


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_features_come_back_from_a_full_disk_with_one_warning(tmp_path, small_files, n_jobs):
    wide = PhysicalFeatures("height", scale="px", cache=tmp_path, n_jobs=n_jobs)
    maps = np.random.default_rng(1).normal(size=(150, 8, 8))
    table, told = collected(lambda: wide.fit_transform(maps))
    expected = PhysicalFeatures("height", scale="px", cache=None).fit_transform(maps)
    np.testing.assert_array_equal(table, expected)
    assert len(told) == 1, told


@pytest.mark.parametrize("filled", [False, True])
def test_a_disk_that_is_full_from_the_start_is_told_once(tmp_path, filled):
    if filled:
        features(tmp_path).fit_transform(MAPS[:2])
        find_cache.__globals__["shared_folder"].cache_clear()
    with files_up_to(10):
        cache = find_cache(tmp_path)
        table, told = collected(lambda: features(cache.store).fit_transform(MAPS))
    np.testing.assert_array_equal(table, features(None).fit_transform(MAPS))
    assert len(told) == 1
    assert FolderCache(tmp_path).size()[0] == (2 if filled else 0)


def test_a_folder_that_is_deleted_in_mid_run_costs_nothing_and_is_made_anew(tmp_path):
    folder = tmp_path / "cache"
    first = features(folder).fit_transform(MAPS)
    shutil.rmtree(folder, ignore_errors=True)
    np.testing.assert_array_equal(features(folder).fit_transform(MAPS), first)
    assert FolderCache(folder).size()[0] == len(MAPS)


def test_a_folder_that_may_only_be_read_serves_what_is_in_it(locked):
    folder, kept = locked
    table, told = collected(lambda: features(folder).fit_transform(MAPS[:2]))
    np.testing.assert_array_equal(table, kept)
    assert told == []  # nothing is lost
    table, told = collected(lambda: features(folder).fit_transform(MAPS))
    np.testing.assert_array_equal(table, features(None).fit_transform(MAPS))
    assert len(told) == 1
    assert "readonly" in told[0]


def test_a_folder_that_may_not_be_written_and_holds_nothing_is_an_error(locked):
    folder, _ = locked
    with pytest.raises(OSError, match=r"cannot make the cache folder: .*Permission denied"):
        features(folder / "new").fit_transform(MAPS)


def test_an_empty_folder_that_may_not_be_written_is_an_error(locked, monkeypatch):
    monkeypatch.setattr("tmdfeat.cache.database.FILE", "other.sqlite")
    with pytest.raises(OSError, match=r"is writing permitted there.*another folder"):
        features(FolderCache(locked[0])).fit_transform(MAPS)


KILLED = """
import os, sys
from cache.test_failing import MAPS, features
from tmdfeat.physical import rows
compute, left = rows.compute, [3]
def dying(*arguments):
    if not left[0]:
        os.kill(os.getpid(), 9)
    left[0] -= 1
    return compute(*arguments)
rows.compute = dying
features(sys.argv[1]).fit_transform(MAPS)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on this system")
def test_after_a_kill_only_what_was_missing_is_computed(tmp_path, monkeypatch):
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    assert subprocess.run(command, cwd=Path(__file__).parents[1]).returncode == -9
    assert FolderCache(tmp_path).size()[0] == 3
    from tmdfeat.physical import rows

    calls, compute = [], rows.compute
    monkeypatch.setattr(rows, "compute", lambda *a: calls.append(1) or compute(*a))
    table = features(tmp_path).fit_transform(MAPS)
    assert len(calls) == len(MAPS) - 3
    np.testing.assert_array_equal(table, features(None).fit_transform(MAPS))


def test_the_file_is_where_the_page_says(tmp_path):
    FolderCache(tmp_path).check()
    assert (tmp_path / FILE).exists()
