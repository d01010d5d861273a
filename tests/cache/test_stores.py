import pytest

from tmdfeat.cache import FolderCache, find_cache, memory_cache


def test_memory_is_one_for_the_process():
    assert find_cache("memory") is memory_cache


def test_none_keeps_nothing():
    import numpy as np

    store = find_cache(None)
    store.put(b"k", np.zeros(3))
    assert store.get(b"k") is None


def test_a_path_is_a_folder_made_when_needed(tmp_path):
    store = find_cache(tmp_path / "new" / "folder")
    assert isinstance(store, FolderCache)
    assert store is find_cache(str(tmp_path / "new" / "folder"))


@pytest.mark.parametrize("bad", [1, True, "", ["memory"]])
def test_anything_else_is_refused(bad):
    with pytest.raises(ValueError, match="cache must be 'memory', the path of a folder, or None"):
        find_cache(bad)
