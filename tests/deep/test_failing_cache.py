"""Networks and a cache folder that fails in mid-run: features come back, told of once."""

import shutil
import warnings

import numpy as np
from deep.tiny import tiny
from full_disk import files_up_to
from numpy.testing import assert_array_equal

from tmdfeat import CNNFeatures
from tmdfeat.cache import FolderCache

MAPS = np.random.default_rng(0).normal(size=(60, 32, 32))


def features(cache):
    return CNNFeatures(tiny, weights=None, batch_size=8, cache=cache)


def test_a_disk_that_becomes_full_costs_no_features_and_is_told_once(tmp_path):
    with files_up_to(60_000), warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        table = features(tmp_path).fit_transform(MAPS)
    assert_array_equal(table, features(None).fit_transform(MAPS))
    assert len(told) == 1
    assert "is not kept" in str(told[0].message)
    assert 0 < FolderCache(tmp_path).size()[0] < len(MAPS)


def test_a_folder_that_vanishes_between_runs_is_made_anew(tmp_path):
    cnn = features(tmp_path / "cache")
    first = cnn.fit_transform(MAPS[:4])
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    assert_array_equal(cnn.transform(MAPS[:4]), first)
    assert FolderCache(tmp_path / "cache").size()[0] == 4


def test_a_limit_of_ones_own_is_kept(tmp_path):
    cache = FolderCache(tmp_path, limit=2000)
    features(cache).fit_transform(MAPS)
    assert 0 < cache.size()[1] <= 2000
