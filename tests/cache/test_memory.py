from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat.cache import MemoryCache, content_digest, memory_cache
from tmdfeat.cache.memory import OVERHEAD


def test_bytes_stay_under_the_limit_and_the_oldest_goes_first():
    entry = 800 + OVERHEAD
    cache = MemoryCache(limit=3 * entry)
    for key in range(3):
        cache.put(key, np.full(100, float(key)))
    cache.get(0)  # now 1 is the one used longest ago
    cache.put(3, np.zeros(100))
    assert cache.get(1) is None
    assert_array_equal(cache.get(0), np.zeros(100))
    info = cache.info()
    assert (info.entries, info.bytes, info.limit) == (3, 3 * entry, 3 * entry)
    assert (info.hits, info.misses) == (2, 1)


def test_a_limit_of_zero_keeps_nothing():
    cache = MemoryCache(limit=0)
    cache.put("key", np.zeros(1))
    assert cache.get("key") is None
    assert cache.info().bytes == 0


def test_putting_again_replaces_and_counts_once():
    cache = MemoryCache(limit=10_000)
    cache.put("key", np.zeros(10))
    cache.put("key", np.ones(10))
    assert_array_equal(cache.get("key"), np.ones(10))
    assert cache.info().bytes == 80 + OVERHEAD


def test_values_are_copies_that_cannot_be_written_to():
    cache = MemoryCache(limit=10_000)
    value = np.zeros(3)
    cache.put("key", value)
    value[:] = 5
    assert_array_equal(cache.get("key"), np.zeros(3))
    with pytest.raises(ValueError, match="read-only"):
        cache.get("key")[0] = 1


def test_clear_forgets_and_resets_counts():
    memory_cache.put("key", np.zeros(3))
    memory_cache.get("key")
    memory_cache.clear()
    assert memory_cache.info()[:4] == (0, 0, 0, 0)


def test_threads_can_share_a_cache():
    cache = MemoryCache(limit=20 * (80 + OVERHEAD))

    def work(seed):
        for key in np.random.default_rng(seed).integers(0, 50, size=500):
            found = cache.get(int(key))
            assert found is None or found[0] == key
            cache.put(int(key), np.full(10, float(key)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    info = cache.info()
    assert info.bytes == info.entries * (80 + OVERHEAD) <= info.limit
    assert info.hits + info.misses == 2000


def test_digest_tells_apart_content_shape_and_type_but_not_layout():
    z = np.arange(12.0).reshape(3, 4)
    other = z.copy()
    other[2, 3] = np.nextafter(11.0, 12.0)
    different = [z, other, z.reshape(4, 3), z.astype(np.float32)]
    assert len({content_digest(each) for each in different}) == 4
    assert content_digest(np.asfortranarray(z)) == content_digest(z)
    assert content_digest(np.repeat(z, 2, axis=1)[:, ::2]) == content_digest(z)
