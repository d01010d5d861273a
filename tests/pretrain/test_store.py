import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import store
from families import FAMILIES
from numpy.testing import assert_array_equal
from store import COLUMNS, make_store, open_store
from surface import draw_surface

SCRIPTS = Path(store.__file__).parent
N, SEED, SIZE = 23, 11, 48


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    make_store(folder, N, SEED, SIZE, n_jobs=1, block=10)
    return open_store(folder)


def assert_same(one, other):
    for name in ("heights", *COLUMNS):
        assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_holds_what_is_drawn(made):
    assert len(made) == N
    assert made.heights.dtype == np.float16
    assert isinstance(made.heights, np.memmap)
    assert made.family.dtype == np.int16
    assert made.names == tuple(FAMILIES)
    for number in (0, 10, 22):
        surface = draw_surface(SIZE, SEED, number)
        assert_array_equal(made.heights[number], surface.heights)
        assert_array_equal(made.parameters[number], surface.parameters)
        assert_array_equal(made.truth[number], surface.truth)
        assert made.family[number] == surface.family
        assert made.blended[number] == surface.blended


@pytest.mark.parametrize(
    ("n_jobs", "block"), [(1, 7), (1, 100), pytest.param(2, 8, marks=pytest.mark.slow)]
)
def test_blocks_and_processes_do_not_matter(made, tmp_path, n_jobs, block):
    make_store(tmp_path, N, SEED, SIZE, n_jobs=n_jobs, block=block)
    assert_same(open_store(tmp_path), made)


def test_a_killed_run_goes_on_where_it_was(made, tmp_path, monkeypatch):
    def until_killed(size, seed, number):
        if number == 15:
            raise KeyboardInterrupt
        return draw_surface(size, seed, number)

    monkeypatch.setattr(store, "draw_surface", until_killed)
    with pytest.raises(KeyboardInterrupt):
        make_store(tmp_path, N, SEED, SIZE, n_jobs=1, block=10)
    with pytest.raises(FileNotFoundError, match="no finished store"):
        open_store(tmp_path)

    numbers = []

    def noted(size, seed, number):
        numbers.append(number)
        return draw_surface(size, seed, number)

    monkeypatch.setattr(store, "draw_surface", noted)
    make_store(tmp_path, N, SEED, SIZE, n_jobs=1, block=10)
    assert numbers == list(range(10, N))
    assert_same(open_store(tmp_path), made)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["heights.npy", "labels.npz", "plan.json"]


def test_a_finished_store_is_not_made_again(made, tmp_path, monkeypatch):
    make_store(tmp_path, N, SEED, SIZE, n_jobs=1)
    monkeypatch.setattr(store, "draw_surface", None)
    make_store(tmp_path, N, SEED, SIZE, n_jobs=1)
    assert_same(open_store(tmp_path), made)


def test_another_store_in_the_folder_is_not_overwritten(tmp_path):
    make_store(tmp_path, 2, SEED, SIZE, n_jobs=1)
    with pytest.raises(ValueError, match=r"another store: n, seed differ"):
        make_store(tmp_path, 3, SEED + 1, SIZE, n_jobs=1)


def test_drawing_needs_no_torch():
    code = (
        "import store, sys; assert 'torch' not in sys.modules and 'tmdfeat.deep' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
