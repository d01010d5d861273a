import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tmdfeat.cache import FolderCache
from tmdfeat.cache.folder import FILE


def vector(i, n=100):
    return np.random.default_rng(i).normal(size=n).astype(np.float32)


@pytest.mark.parametrize("dtype", ["<f4", "<f8", ">f4"])
def test_numbers_come_back_as_they_were_from_another_object(tmp_path, dtype):
    value = np.array([1.5, np.nan, -np.inf, 1e-30], dtype=dtype)
    FolderCache(tmp_path).put(b"k", value)
    found = FolderCache(tmp_path).get(b"k")
    assert found.dtype.newbyteorder("=") == value.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, value)
    assert not found.flags.writeable


def test_what_was_never_put_is_none(tmp_path):
    assert FolderCache(tmp_path).get(b"k") is None


def test_a_damaged_entry_is_noticed_and_dropped(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(b"good", vector(0))
    cache.put(b"bad", vector(1))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE results SET numbers = zeroblob(400) WHERE key = ?", (b"bad",))
    connection.close()
    assert cache.get(b"bad") is None
    np.testing.assert_array_equal(cache.get(b"good"), vector(0))
    assert cache.size()[0] == 1


def test_what_was_used_last_survives_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("tmdfeat.cache.folder.FRESH", 0.0)
    cache = FolderCache(tmp_path, limit=4000)  # ten vectors of 400 bytes
    for i in range(10):
        cache.put(bytes([i]), vector(i))
        time.sleep(0.002)
    cache.get(bytes([0]))
    for i in range(10, 14):
        cache.put(bytes([i]), vector(i))
        time.sleep(0.002)
    kept = {i for i in range(14) if cache.get(bytes([i])) is not None}
    assert cache.size()[1] <= 4000
    assert {0, 12, 13} <= kept
    assert not {1, 2} & kept


def test_a_file_that_is_no_database_is_said_in_words(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(OSError, match=r"delete the file"):
        FolderCache(tmp_path)


def test_threads_share_a_folder(tmp_path):
    cache = FolderCache(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: cache.put(bytes([i]), vector(i)), range(40)))
        found = list(pool.map(lambda i: cache.get(bytes([i])), range(40)))
    for i, value in enumerate(found):
        np.testing.assert_array_equal(value, vector(i))


WRITER = """
import sys, itertools
import numpy as np
from tmdfeat.cache import FolderCache
cache = FolderCache(sys.argv[1])
for i in itertools.count(int(sys.argv[2])):
    cache.put(i.to_bytes(4, "big"), np.full(1000, float(i)))
    print(i, flush=True)
"""


def write_and_kill(folder, start, count):
    """Let a process write entries until it has told of `count`, then kill it in mid-write."""
    arguments = [sys.executable, "-c", WRITER, str(folder), str(start)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        told = [int(process.stdout.readline()) for _ in range(count)]
        os.kill(process.pid, signal.SIGKILL)
    return told


def test_nothing_that_was_put_is_lost_when_processes_are_killed(tmp_path):
    told = write_and_kill(tmp_path, 0, 20) + write_and_kill(tmp_path, 1000, 20)
    cache = FolderCache(tmp_path)
    for i in told:
        np.testing.assert_array_equal(cache.get(i.to_bytes(4, "big")), np.full(1000, float(i)))


def test_two_processes_write_at_a_time(tmp_path):
    arguments = [sys.executable, "-c", WRITER, str(tmp_path)]
    both = [
        subprocess.Popen([*arguments, start], stdout=subprocess.PIPE, text=True)
        for start in ("0", "1000")
    ]
    told = [int(process.stdout.readline()) for _ in range(30) for process in both]
    for process in both:
        process.kill()
        process.communicate()
    cache = FolderCache(tmp_path)
    assert all(cache.get(i.to_bytes(4, "big"))[0] == i for i in told)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_opens_its_own_connection(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(b"k", vector(0))
    here = cache._connection()
    cache._local.owner = -1  # as a child process finds it
    assert cache._connection() is not here
    np.testing.assert_array_equal(cache.get(b"k"), vector(0))


def test_clear_forgets_everything(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(b"k", vector(0))
    cache.clear()
    assert cache.size() == (0, 0)
