import hashlib
import shutil
from types import SimpleNamespace

import pytest
import torch
from deep.tiny import Tiny

from tmdfeat.deep import weights_import
from tmdfeat.deep.weights_hashes import record_hash, recorded_hash
from tmdfeat.deep.weights_import import import_folder, import_weights


@pytest.fixture
def tiny_file(tmp_path):
    path = tmp_path / "stick" / "tiny.pth"
    path.parent.mkdir()
    torch.save(Tiny().state_dict(), path)
    return path


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_published_files_are_verified_by_their_name(home, site, state_file):
    imported = import_weights(state_file)
    assert imported == (home / state_file.name, True)
    assert imported.path.read_bytes() == state_file.read_bytes()
    assert site.asked == []


def test_a_file_of_another_name_is_imported_as_what_it_is(home, site, state_file, tmp_path):
    path = shutil.copy(state_file, tmp_path / "model.pth")
    imported = import_weights(path, "squeezenet1_1/IMAGENET1K_V1")
    assert imported == (home / state_file.name, True)


def test_a_file_that_is_not_what_it_is_said_to_be_is_refused(home, site, tiny_file):
    with pytest.raises(ValueError, match=r"tiny.pth is damaged or another file"):
        import_weights(tiny_file, "squeezenet1_1")
    assert not home.exists()


def test_files_without_a_published_hash_get_one_recorded(home, tiny_file):
    imported = import_weights(tiny_file)
    assert imported == (home / "tiny.pth", False)
    assert recorded_hash(imported.path) == digest(tiny_file)
    assert names(home) == ["tiny.pth", "tiny.pth.sha256"]


def test_a_hash_beside_the_file_is_checked(home, tiny_file):
    record_hash(tiny_file, digest(tiny_file))
    assert import_weights(tiny_file).verified
    record_hash(tiny_file, "0" * 64)
    with pytest.raises(ValueError, match="should begin with 0000"):
        import_weights(tiny_file)


def test_a_file_is_found_by_the_address_it_is_from(home, tiny_file):
    url = f"https://example.org/v1/net.pth#sha256={digest(tiny_file)}"
    assert import_weights(tiny_file, url) == (home / "example.org" / "v1" / "net.pth", True)


def test_a_micronet_file_of_another_name_gets_its_own(home, tiny_file):
    imported = import_weights(tiny_file, "resnet18/micronet")
    assert imported.path.name == "resnet18_pretrained_microscopynet_v1.0.pth.tar"
    assert not imported.verified


def test_whole_pickled_networks_are_refused(home, tmp_path):
    torch.save(Tiny(), tmp_path / "network.pth")
    with pytest.raises(ValueError, match=r"network.pth is no plain state dict"):
        import_weights(tmp_path / "network.pth")
    assert not home.exists()


def test_error_pages_are_refused(home, tmp_path):
    (tmp_path / "net.pth").write_text("<html>Not found</html>")
    with pytest.raises(ValueError, match=r"net.pth is no file of weights"):
        import_weights(tmp_path / "net.pth")


def test_a_file_that_is_not_there_is_said(home, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file '.*nowhere.pth' to import"):
        import_weights(tmp_path / "nowhere.pth")


def test_a_disk_that_is_full_leaves_no_half_file(home, tiny_file, monkeypatch):
    def full(_origin, target):
        target.write_bytes(b"PK\x03\x04 half")
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(weights_import, "shutil", SimpleNamespace(copyfile=full))
    with pytest.raises(OSError, match="No space left"):
        import_weights(tiny_file)
    assert names(home) == []


def test_a_copy_that_differs_is_noticed(home, tiny_file, monkeypatch):
    def flaky(origin, target):
        target.write_bytes(origin.read_bytes()[:-1] + b"!")

    monkeypatch.setattr(weights_import, "shutil", SimpleNamespace(copyfile=flaky))
    with pytest.raises(ValueError, match="damaged"):
        import_weights(tiny_file)
    assert names(home) == []


def test_folders_are_imported_whole(home, site, state_file, tiny_file):
    shutil.copy(state_file, tiny_file.parent)
    (tiny_file.parent / "readme.txt").write_text("what this is")
    verified = {
        imported.path.name: imported.verified for imported in import_folder(tiny_file.parent)
    }
    assert verified == {state_file.name: True, "tiny.pth": False}


def test_folders_without_weights_are_refused(home, tmp_path):
    with pytest.raises(ValueError, match="no files of weights"):
        import_folder(tmp_path)
