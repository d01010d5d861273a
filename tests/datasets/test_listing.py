from pathlib import Path

import pytest

from tmdfeat.datasets.listing import find_scans


@pytest.fixture
def folder(tmp_path):
    names = ["a/1.txt", "a/2.SPM", "a/deep/3.npy", "b/4.001", "b/README.txt", "b/LICENSE"]
    for name in [*names, "b/notes.docx", "b/5.ibw", ".hidden/6.txt", "a/.7.txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def names(paths, folder):
    return [Path(path).relative_to(folder).as_posix() for path in paths]


def test_scans_are_files_with_the_suffix_of_a_reader(folder):
    scans, others = find_scans(folder, "*")
    assert names(scans, folder) == ["a/1.txt", "a/2.SPM", "a/deep/3.npy", "b/4.001"]
    assert names(others, folder) == ["b/5.ibw", "b/LICENSE", "b/README.txt", "b/notes.docx"]


def test_a_suffix_in_the_pattern_is_one_of_scans(folder):
    scans, others = find_scans(folder, "*.ibw")
    assert names(scans, folder) == ["b/5.ibw"]
    assert others == []


def test_only_names_of_the_pattern_are_looked_at(folder):
    assert names(find_scans(folder, "[14]*")[0], folder) == ["a/1.txt", "b/4.001"]
