import copy
import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from cache.keys_of import key, vector
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from tmdfeat import PhysicalFeatures
from tmdfeat.cache import FolderCache, MemoryCache, find_cache, memory_cache


def test_memory_is_one_for_the_process():
    assert find_cache("memory") is memory_cache


def test_none_keeps_nothing():
    store = find_cache(None)
    store.put(key(0), np.zeros(3))
    assert store.get(key(0)) is None


def test_a_path_is_a_folder_made_when_needed(tmp_path):
    find_cache(tmp_path / "new" / "folder").put(key(0), vector(0))
    again = find_cache(str(tmp_path / "new" / "folder"))
    np.testing.assert_array_equal(again.get(key(0)), vector(0))
    assert again.known([()]) == {key(0).digest}


def test_caches_with_a_limit_of_their_own_are_taken_as_they_are(tmp_path):
    memory, folder = MemoryCache(limit=100), FolderCache(tmp_path, limit=100)
    assert find_cache(memory) is memory
    assert find_cache(folder).store is folder


@pytest.mark.parametrize("bad", [1, True, "", ["memory"]])
def test_anything_else_is_refused(bad):
    with pytest.raises(ValueError, match="cache must be 'memory', the path of a folder, or None"):
        find_cache(bad)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
@pytest.mark.parametrize("wrapped", [False, True])
def test_copies_of_a_folder_share_it_and_carry_the_limit(tmp_path, again, wrapped):
    cache = FolderCache(tmp_path, limit=12345)
    cache.put(key(0), vector(0))
    cache = find_cache(cache) if wrapped else cache
    copied = again(cache)
    np.testing.assert_array_equal(copied.get(key(0)), vector(0))
    assert repr(copied) == repr(cache)
    assert "12345" in repr(copied)


def test_a_pickle_of_a_folder_is_a_path_and_a_number(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(key(0), vector(0, 10_000))
    assert len(pickle.dumps(cache)) < 300
    pickle.loads(pickle.dumps(FolderCache("/proc/nowhere")))  # opened on use, not here


def test_copies_of_a_memory_are_the_same_and_pickles_are_empty():
    cache = MemoryCache(limit=10_000)
    cache.put(key(0), vector(0))
    assert copy.deepcopy(cache) is cache
    other = pickle.loads(pickle.dumps(cache))
    assert (other.limit, other.info().entries) == (10_000, 0)


def test_another_process_takes_its_own_memory():
    code = (
        "import pickle, sys; from tmdfeat.cache import memory_cache;"
        "print(pickle.loads(bytes.fromhex(sys.argv[1])) is memory_cache)"
    )
    command = [sys.executable, "-c", code, pickle.dumps(memory_cache).hex()]
    assert subprocess.run(command, capture_output=True, text=True).stdout.strip() == "True"


MAPS = np.random.default_rng(0).normal(size=(8, 8, 8))


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_clones_of_a_cross_validation_share_the_cache_that_was_given(tmp_path, kind):
    cache = MemoryCache(limit=2**20) if kind == "memory" else FolderCache(tmp_path)
    features = PhysicalFeatures(names=["Ssk"], scale="px", cache=cache)
    assert clone(features).cache is cache or kind == "folder"
    cross_val_score(make_pipeline(features, DummyClassifier()), MAPS, [0, 1] * 4, cv=4)
    entries = cache.info().entries if kind == "memory" else cache.size()[0]
    assert entries == len(MAPS)
    assert repr(cache) in repr(features)


def test_workers_are_told_what_memory_holds():
    features = PhysicalFeatures(names=["Ssk", "Sku"], scale="px", cache=MemoryCache(2**20))
    table = features.fit_transform(MAPS)
    features.cache.put(next(iter(keys_of(features))), np.array([7.0, 8.0]))
    parallel = features.set_params(n_jobs=2).transform(MAPS)
    changed = np.flatnonzero((parallel != table).any(axis=1))
    assert len(changed) == 1  # taken from the cache here, not computed there
    assert parallel[changed[0]].tolist() == [7.0, 8.0]


def keys_of(features):
    from tmdfeat.cache import make_key
    from tmdfeat.physical.rows import make_plan

    recipe = make_plan(features._descriptors(), "px", features.cache).recipe
    return [make_key(digest, recipe) for digest in features.cache.known([recipe])]


def test_rows_of_workers_are_kept_here():
    features = PhysicalFeatures(names=["Ssk"], scale="px", cache=MemoryCache(2**20), n_jobs=2)
    features.fit_transform(MAPS)
    assert features.cache.info().entries == len(MAPS)


@pytest.mark.parametrize("limit", ["20GB", -1, 2.5])
@pytest.mark.parametrize("kind", [partial(FolderCache, "features"), MemoryCache], ids=["f", "m"])
def test_limits_are_whole_numbers_of_bytes(kind, limit):
    with pytest.raises(ValueError, match="limit must be an integer of at least 0"):
        kind(limit=limit)


def test_a_folder_that_looks_like_the_cache_in_memory_is_asked_about():
    with pytest.raises(ValueError, match=r"write 'memory', or '\./Memory'"):
        find_cache("Memory")
