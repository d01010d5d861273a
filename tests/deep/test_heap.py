import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tmdfeat.deep import heap
from tmdfeat.deep.heap import kept_memory

PAGES = 64 * 2**20 // 4096
MEASURE = """
import resource
from tmdfeat.deep.heap import kept_memory

def pages():
    size = 64 * 2**20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    b"x" * size
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

with kept_memory():
    pages()
    print(pages())
    with kept_memory():
        pass
    print(pages())
pages()
print(pages())
"""


@pytest.mark.skipif(not heap._is_ours_to_set(), reason="memory is not given out by glibc as usual")
def test_freed_blocks_are_used_again_inside_and_given_back_outside():
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, check=True)
    inside, still_inside, outside = map(int, done.stdout.split())
    assert inside < PAGES / 100
    assert still_inside < PAGES / 100
    assert outside > PAGES / 2


RESIDENT = """
from tmdfeat.deep.heap import kept_memory

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

before = resident()
with kept_memory():
    blocks = [b"x" * 2**20 for _ in range(200)]
    del blocks
    print(resident() - before)
print(resident() - before)
"""


@pytest.mark.skipif(not heap._is_ours_to_set(), reason="memory is not given out by glibc as usual")
def test_what_was_kept_is_given_back_at_the_end():
    done = subprocess.run([sys.executable, "-c", RESIDENT], capture_output=True, check=True)
    inside, outside = map(int, done.stdout.split())  # KiB
    assert inside > 150_000
    assert outside < 50_000


@pytest.fixture
def settings(monkeypatch):
    """What glibc is told, in turn."""
    told = []
    monkeypatch.setattr(heap, "_set", told.append)
    return told


def test_settings_come_back_after_an_error(settings):
    with pytest.raises(ZeroDivisionError), kept_memory():
        1 / 0  # noqa: B018
    assert settings == [heap.KEEPING, heap.USUAL]


def test_threads_inside_at_once_set_it_once(settings):
    def work(_):
        with kept_memory():
            return np.ones(1000).sum()

    with kept_memory(), ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert settings == [heap.KEEPING, heap.USUAL]


@pytest.mark.parametrize("name", ["MALLOC_MMAP_MAX_", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX"])
def test_who_has_chosen_settings_keeps_them(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert not heap._is_ours_to_set.__wrapped__()


def test_other_libraries_are_left_alone(monkeypatch):
    monkeypatch.setattr(heap.platform, "libc_ver", lambda: ("", ""))
    assert not heap._is_ours_to_set.__wrapped__()
