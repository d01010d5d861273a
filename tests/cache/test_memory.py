from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from cache.keys_of import key
from numpy.testing import assert_array_equal

from tmdfeat.cache import MemoryCache, content_digest, memory_cache
from tmdfeat.cache.memory import OVERHEAD


def test_bytes_stay_under_the_limit_and_the_oldest_goes_first():
    entry = 800 + OVERHEAD
    cache = MemoryCache(limit=3 * entry)
    for i in range(3):
        cache.put(key(i), np.full(100, float(i)))
    cache.get(key(0))  # now 1 is the one used longest ago
    cache.put(key(3), np.zeros(100))
    assert cache.get(key(1)) is None
    assert_array_equal(cache.get(key(0)), np.zeros(100))
    info = cache.info()
    assert (info.entries, info.bytes, info.limit) == (3, 3 * entry, 3 * entry)
    assert (info.hits, info.misses) == (2, 1)


def test_a_limit_of_zero_keeps_nothing():
    cache = MemoryCache(limit=0)
    cache.put(key(0), np.zeros(1))
    assert cache.get(key(0)) is None
    assert cache.info().bytes == 0


def test_putting_again_replaces_and_counts_once():
    cache = MemoryCache(limit=10_000)
    cache.put(key(0), np.zeros(10))
    cache.put(key(0), np.ones(10))
    assert_array_equal(cache.get(key(0)), np.ones(10))
    assert cache.info().bytes == 80 + OVERHEAD


def test_values_are_copies_that_cannot_be_written_to():
    cache = MemoryCache(limit=10_000)
    value = np.zeros(3)
    cache.put(key(0), value)
    value[:] = 5
    assert_array_equal(cache.get(key(0)), np.zeros(3))
    with pytest.raises(ValueError, match="read-only"):
        cache.get(key(0))[0] = 1


def test_clear_forgets_and_resets_counts():
    memory_cache.put(key(0), np.zeros(3))
    memory_cache.get(key(0))
    memory_cache.clear()
    assert memory_cache.info()[:4] == (0, 0, 0, 0)


def test_threads_can_share_a_cache():
    cache = MemoryCache(limit=20 * (80 + OVERHEAD))

    def work(seed):
        for i in np.random.default_rng(seed).integers(0, 50, size=500):
            found = cache.get(key(i))
            assert found is None or found[0] == i
            cache.put(key(i), np.full(10, float(i)))

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


def test_what_lies_beside_the_heights_is_told_apart():
    z = np.ones((2, 2))
    digests = [content_digest(z), content_digest(z, 1.0), content_digest(z, (1.0, 2.0), "nm")]
    assert len(set(digests)) == 3
    assert content_digest(z.copy(), (1.0, 2.0), "nm") == digests[2]


def test_known_are_the_images_with_all_recipes():
    cache = MemoryCache(limit=10_000)
    for i, recipe in [(0, "a"), (0, "b"), (1, "a"), (2, "b")]:
        cache.put(key(i, recipe), np.zeros(3))
    digests = [key(i).digest for i in range(3)]
    assert cache.known([("a",)]) == {digests[0], digests[1]}
    assert cache.known([("a",), ("b",)]) == {digests[0]}
    assert cache.known([("a",), ("c",)]) == cache.known([]) == set()
