import re
import sqlite3
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from tmdfeat import PhysicalFeatures
from tmdfeat.cache import FolderCache, make_key
from tmdfeat.cache.database import FILE
from tmdfeat.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["cache", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """Features of two kinds, three of 400 bytes and two of 16; the latter unused for two days."""
    cache = FolderCache(tmp_path)
    digest = "d" * 64
    for i in range(3):
        recipe = ("deep", ("resnet18", digest), "layer4", None, b"\xab\xcd" * 8)
        cache.put(make_key(bytes([i]), recipe), np.zeros(100, np.float32))
    maps = np.random.default_rng(0).normal(size=(2, 8, 8))
    PhysicalFeatures(names=["Ssk", "Sku"], scale="px", cache=tmp_path).fit_transform(maps)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE results SET used = used - 2 * 86400 WHERE recipe = 2")
    connection.close()
    return tmp_path


def test_info_says_how_much_there_is_of_what_and_when_it_was_used(folder):
    result = run("info", folder)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "5 results, 1.2 KiB" in lines[0]
    assert "limit: 2.0 GiB" in lines[1]
    today, before = (
        time.strftime("%Y-%m-%d", time.localtime(time.time() - d)) for d in (0, 172800)
    )
    assert re.search(f"used last: {today} .*longest: {before}", lines[2])
    deep, physical = (re.split(r"  +", line.strip()) for line in lines[-2:])
    assert deep[:2] == ["1", "3   1.2 KiB"] or deep[:3] == ["1", "3", "1.2 KiB"]
    assert deep[-1] == "deep (resnet18, dddddddd) layer4 None abcdabcd"
    assert physical[-1].startswith("physical (Ssk, Sku) px")
    assert before in physical[-2]


def test_info_of_many_descriptors_stays_one_line(tmp_path):
    maps = np.random.default_rng(0).normal(size=(1, 8, 8))
    PhysicalFeatures("height", scale="px", cache=tmp_path).fit_transform(maps)
    line = run("info", tmp_path).output.splitlines()[-1]
    assert len(line) < 160
    assert re.search(r"physical Sq\.\.\.\w+ \(\d\d\) px", line)


def test_info_of_an_emptied_folder(folder):
    run("clear", folder)
    result = run("info", folder)
    assert result.exit_code == 0
    assert "0 results, 0 B" in result.output


def test_a_recipe_with_numbers_that_have_names_is_shown_as_it_is(tmp_path):
    FolderCache(tmp_path).put(make_key(b"i", ("a", float("inf"))), np.zeros(1))
    assert run("info", tmp_path).output.rstrip().endswith("('a', inf)")


def left(folder):
    return {info.number: info.entries for info in FolderCache(folder).recipes()}


@pytest.mark.parametrize(
    ("options", "dropped", "stays"),
    [
        ([], 5, {}),
        (["--recipe", 1], 3, {2: 2}),
        (["--older-than", 1], 2, {1: 3}),
        (["--older-than", 3], 0, {1: 3, 2: 2}),
        (["--recipe", 1, "--older-than", 1], 0, {1: 3, 2: 2}),
    ],
)
def test_clear_drops_what_was_asked_for(folder, options, dropped, stays):
    result = run("clear", folder, *options)
    assert result.exit_code == 0
    assert f"dropped {dropped} results, {5 - dropped} are left" in result.output
    assert left(folder) == stays


def test_clear_of_an_unknown_recipe_says_which_there_are(folder):
    result = run("clear", folder, "--recipe", 7)
    assert result.exit_code == 1
    assert re.search(r"no recipe 7 .*\[1, 2\]", result.output)
    assert left(folder) == {1: 3, 2: 2}


@pytest.mark.parametrize("command", ["info", "clear"])
def test_a_folder_without_a_cache_is_said_so_and_left_alone(tmp_path, command):
    result = run(command, tmp_path / "nothing")
    assert result.exit_code == 1
    assert "holds no kept features" in result.output
    assert not (tmp_path / "nothing").exists()


def test_a_file_that_is_no_cache_is_told_in_words(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    result = run("info", tmp_path)
    assert result.exit_code == 1
    assert "not a database" in result.output
