from pathlib import Path

import platformdirs
import pytest

from tmdfeat.deep.weights_folder import (
    locate,
    name_of_address,
    torch_folder,
    weights_files,
    weights_folder,
)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("TMDFEAT_WEIGHTS", str(tmp_path / "own"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    weights_folder().mkdir(parents=True)
    torch_folder().mkdir(parents=True)
    return tmp_path


def test_the_folder_is_what_the_environment_says(folders):
    assert weights_folder() == folders / "own"
    assert torch_folder() == folders / "torch" / "hub" / "checkpoints"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_word_it_is_the_users_folder_for_data(value, monkeypatch):
    monkeypatch.delenv("TMDFEAT_WEIGHTS", raising=False)
    if value is not None:
        monkeypatch.setenv("TMDFEAT_WEIGHTS", value)
    expected = Path(platformdirs.user_data_dir("tmdfeat", appauthor=False)) / "weights"
    assert weights_folder() == expected


def test_the_own_folder_goes_before_torchs(folders):
    assert locate("net.pth") is None
    (torch_folder() / "net.pth").touch()
    assert locate("net.pth") == torch_folder() / "net.pth"
    (weights_folder() / "net.pth").touch()
    assert locate("net.pth") == weights_folder() / "net.pth"


def test_unfinished_files_and_hashes_are_no_files_of_weights(folders):
    for name in ("a.pth", "b.pth.tar", "c.safetensors", "x/d.pt"):
        (weights_folder() / name).parent.mkdir(exist_ok=True)
        (weights_folder() / name).touch()
    for name in ("a.pth.part", "a.pth.part.etag", "a.pth.lock", "a.pth.sha256", "readme.md"):
        (weights_folder() / name).touch()
    found = [path.relative_to(weights_folder()).as_posix() for path in weights_files(folders)]
    assert found == ["a.pth", "b.pth.tar", "c.safetensors", "x/d.pt"]


def test_a_folder_that_is_not_there_has_no_files(tmp_path):
    assert weights_files(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.org/net.pth", "a.org/net.pth"),
        ("https://a.org/x/../../etc/net.pth", "a.org/x/etc/net.pth"),
        ("https://a.org/%2e%2e/%2Fnet.pth", "a.org/net.pth"),
        ("http://127.0.0.1:8000/a%20b.pth", "127.0.0.1_8000/a_b.pth"),
        ("https://a.org/get.pth?file=../7", "a.org/file_.._7/get.pth"),
        ("https://a.org/", "a.org"),
    ],
)
def test_addresses_become_paths_that_stay_in_the_folder(url, name):
    assert name_of_address(url) == name


def test_two_addresses_with_one_file_name_get_two_files():
    names = {name_of_address(f"https://a.org/{v}/model.safetensors") for v in ("v1", "v2")}
    assert len(names) == 2
