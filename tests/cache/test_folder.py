import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from cache.keys_of import key, vector

from tmdfeat.cache import FolderCache
from tmdfeat.cache.database import FILE
from tmdfeat.cache.sql import VERSION


@pytest.mark.parametrize("dtype", ["<f4", "<f8", ">f4"])
def test_numbers_come_back_as_they_were_from_another_object(tmp_path, dtype):
    value = np.array([1.5, np.nan, -np.inf, 1e-30], dtype=dtype)
    FolderCache(tmp_path).put(key(0), value)
    found = FolderCache(tmp_path).get(key(0))
    assert found.dtype.newbyteorder("=") == value.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, value)
    assert not found.flags.writeable


def test_what_was_never_put_is_none(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(key(0, "a"), vector(0))
    assert cache.get(key(1, "a")) is None
    assert cache.get(key(0, "b")) is None


def test_putting_again_replaces(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(key(0), vector(0))
    cache.put(key(0), vector(1, 50))
    np.testing.assert_array_equal(cache.get(key(0)), vector(1, 50))
    assert cache.size() == (1, 200)


def damage(folder, change):
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute(change, (key(1).digest,))
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE results SET numbers = zeroblob(400) WHERE digest = ?",
        "UPDATE results SET dtype = '<i4' WHERE digest = ?",
        # What a reader without locks could meet: the place of one image, the row of another.
        "UPDATE results SET (numbers, checksum) = "
        "(SELECT numbers, checksum FROM results ORDER BY digest) WHERE digest = ?",
    ],
)
def test_a_damaged_entry_is_noticed_and_dropped(tmp_path, change):
    cache = FolderCache(tmp_path)
    cache.put(key(0), vector(0))
    cache.put(key(1), vector(1))
    damage(tmp_path, change)
    assert cache.get(key(1)) is None
    np.testing.assert_array_equal(cache.get(key(0)), vector(0))
    assert cache.size()[0] == 1


def test_what_was_used_last_survives_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("tmdfeat.cache.folder.FRESH", 0.0)
    cache = FolderCache(tmp_path, limit=4000)  # ten vectors of 400 bytes
    for i in range(10):
        cache.put(key(i), vector(i))
        time.sleep(0.002)
    cache.get(key(0))
    for i in range(10, 14):
        cache.put(key(i), vector(i))
        time.sleep(0.002)
    kept = {i for i in range(14) if cache.get(key(i)) is not None}
    assert cache.size()[1] <= 4000
    assert {0, 12, 13} <= kept
    assert not {1, 2} & kept


def test_threads_share_a_folder(tmp_path):
    cache = FolderCache(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: cache.put(key(i), vector(i)), range(40)))
        found = list(pool.map(lambda i: cache.get(key(i)), range(40)))
    for i, value in enumerate(found):
        np.testing.assert_array_equal(value, vector(i))


WRITER = """
import sys, itertools
import numpy as np
from cache.keys_of import key
from tmdfeat.cache import FolderCache
cache = FolderCache(sys.argv[1])
for i in itertools.count(int(sys.argv[2])):
    cache.put(key(i), np.full(1000, float(i)))
    print(i, flush=True)
"""
TESTS = Path(__file__).parents[1]


def writer(folder, start):
    arguments = [sys.executable, "-c", WRITER, str(folder), str(start)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=TESTS)


def write_and_kill(folder, start, count):
    """Let a process write entries until it has told of `count`, then kill it in mid-write."""
    with writer(folder, start) as process:
        told = [int(process.stdout.readline()) for _ in range(count)]
        os.kill(process.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    return told


def test_nothing_that_was_put_is_lost_when_processes_are_killed(tmp_path):
    told = write_and_kill(tmp_path, 0, 20) + write_and_kill(tmp_path, 1000, 20)
    cache = FolderCache(tmp_path)
    for i in told:
        np.testing.assert_array_equal(cache.get(key(i)), np.full(1000, float(i)))


def test_processes_start_on_one_new_folder_and_write_at_a_time(tmp_path):
    starts = (0, 1000, 2000, 3000)
    all_of_them = [writer(tmp_path / "new", start) for start in starts]
    told = [int(process.stdout.readline()) for _ in range(20) for process in all_of_them]
    for process in all_of_them:
        process.kill()
        process.communicate()
    cache = FolderCache(tmp_path / "new")
    assert len(told) == 80
    assert all(cache.get(key(i))[0] == i for i in told)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_opens_its_own_connection(tmp_path):
    cache = FolderCache(tmp_path)
    cache.put(key(0), vector(0))
    database = cache._database
    here = database._connection()
    database._local.owner = -1  # as a child process finds it
    assert database._connection() is not here
    np.testing.assert_array_equal(cache.get(key(0)), vector(0))
    here.execute("SELECT 1")  # the parent's is still open


def test_known_are_the_images_with_all_recipes(tmp_path):
    cache = FolderCache(tmp_path)
    for i, recipe in [(0, "a"), (0, "b"), (1, "a"), (2, "b")]:
        cache.put(key(i, recipe), vector(i))
    digests = [key(i).digest for i in range(3)]
    assert cache.known([("a",)]) == {digests[0], digests[1]}
    assert cache.known([("a",), ("b",)]) == {digests[0]}
    assert cache.known([("a",), ("c",)]) == cache.known([]) == set()


# ---- what is in it, and clearing


def test_recipes_say_what_is_kept(tmp_path):
    cache = FolderCache(tmp_path)
    before = time.time()
    for i in range(3):
        cache.put(key(i, "deep", ("resnet18", 2)), vector(i))
    cache.put(key(0, "physical"), vector(0, 10))
    deep, physical = cache.recipes()
    assert deep[:4] == (1, "('deep', ('resnet18', 2))", 3, 1200)
    assert physical[:4] == (2, "('physical',)", 1, 40)
    assert before <= deep.first_used <= deep.last_used <= physical.last_used <= time.time()


def test_clear_forgets_everything_and_gives_the_disk_back(tmp_path):
    cache = FolderCache(tmp_path)
    for i in range(50):
        cache.put(key(i), vector(i, 2000))
    assert cache.clear() == 50
    assert cache.size() == (0, 0)
    assert cache.recipes() == []
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 100_000
    cache.put(key(1), vector(1))
    np.testing.assert_array_equal(cache.get(key(1)), vector(1))


def test_clear_takes_one_recipe_or_what_was_long_unused(tmp_path):
    cache = FolderCache(tmp_path)
    for i in range(4):
        cache.put(key(i, "a"), vector(i))
        cache.put(key(i, "b"), vector(i))
    assert cache.clear(recipe=1) == 4
    assert [info.recipe for info in cache.recipes()] == ["('b',)"]
    with sqlite3.connect(tmp_path / FILE) as connection:
        change = "UPDATE results SET used = used - 3600 WHERE digest = ?"
        connection.execute(change, (key(2).digest,))
    connection.close()
    assert cache.clear(unused_for=1800) == 1
    assert cache.known([("b",)]) == {key(i).digest for i in (0, 1, 3)}


# ---- files of other versions, and of none


def test_tables_of_the_first_version_are_made_anew(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(
            "CREATE TABLE results (key BLOB PRIMARY KEY, dtype TEXT, numbers BLOB, checksum BLOB,"
            " used REAL) WITHOUT ROWID"
        )
        connection.execute("INSERT INTO results VALUES (x'00', '<f4', x'00', x'00', 0)")
    connection.close()
    cache = FolderCache(tmp_path)
    assert cache.size() == (0, 0)
    cache.put(key(0), vector(0))
    np.testing.assert_array_equal(FolderCache(tmp_path).get(key(0)), vector(0))


def test_tables_of_a_newer_version_are_left_alone(tmp_path):
    FolderCache(tmp_path).put(key(0), vector(0))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(OSError, match=r"a newer tmdfeat wrote .*another folder"):
        FolderCache(tmp_path).get(key(0))
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT COUNT(*) FROM results").fetchone() == (1,)
    connection.close()


def test_a_file_that_is_no_database_is_said_in_words(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(OSError, match=r"delete the file"):
        FolderCache(tmp_path).check()


def test_a_file_in_place_of_the_folder_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"cannot make the cache folder: .*file.* another folder"):
        FolderCache(tmp_path / "file").check()
