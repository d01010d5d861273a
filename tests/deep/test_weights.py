import hashlib
import urllib.error

import numpy as np
import pytest
import torch
import torchvision
from deep.tiny import Tiny, tiny

from tmdfeat import CNNFeatures
from tmdfeat.deep import WeightsUnavailable
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.weights import HASH_IN_NAME, find_weights

SCANS = list(np.random.default_rng(0).normal(size=(2, 30, 30)))


@pytest.fixture
def checkpoints(tmp_path, monkeypatch):
    """An empty torch home, and no internet."""

    def no_internet(url, dst, hash_prefix=None, progress=True):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", no_internet)
    return tmp_path / "hub" / "checkpoints"


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A state dict of squeezenet1_1 as if torchvision published it: its hash in its name."""
    torch.manual_seed(1)
    path = tmp_path / "file.pth"
    torch.save(torchvision.models.squeezenet1_1(weights=None).state_dict(), path)
    prefix = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    named = path.rename(tmp_path / f"squeezenet1_1-{prefix}.pth")
    entry = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1
    monkeypatch.setattr(entry.value, "url", f"https://example.org/models/{named.name}")
    return named


def test_missing_weights_without_internet_say_what_and_where(checkpoints):
    with pytest.raises(WeightsUnavailable) as caught:
        CNNFeatures().fit(SCANS)
    message = str(caught.value)
    for part in (
        "resnet18-f37072fd.pth",
        "f37072fd",
        "https://download.pytorch.org/models/resnet18-f37072fd.pth",
        str(checkpoints),
        "TORCH_HOME",
        "weights='path/to/resnet18-f37072fd.pth'",
        "no route to host",
    ):
        assert part in message


def test_missing_weights_are_downloaded_once_and_checked(checkpoints, published, monkeypatch):
    calls = []

    def download(url, dst, hash_prefix=None, progress=True):
        calls.append((url.rsplit("/", 1)[-1], hash_prefix))
        with open(dst, "wb") as file:
            file.write(published.read_bytes())

    monkeypatch.setattr(torch.hub, "download_url_to_file", download)
    for _ in range(2):
        CNNFeatures("squeezenet1_1").fit_transform(SCANS)
    assert calls == [(published.name, published.stem.split("-")[1])]


def test_a_file_put_into_the_folder_is_used(checkpoints, published):
    checkpoints.mkdir(parents=True)
    expected = CNNFeatures("squeezenet1_1", weights=published).fit_transform(SCANS)
    published.rename(checkpoints / published.name)
    for weights in ("default", "IMAGENET1K_V1", "SqueezeNet1_1_Weights.IMAGENET1K_V1"):
        cnn = CNNFeatures("squeezenet1_1", weights=weights, cache=None)
        np.testing.assert_array_equal(cnn.fit_transform(SCANS), expected)


def test_a_file_in_the_folder_that_contradicts_its_name_is_noticed(checkpoints, published):
    checkpoints.mkdir(parents=True)
    whole = published.read_bytes()
    (checkpoints / published.name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=f"{published.name} is damaged.*begins with.*Delete it"):
        CNNFeatures("squeezenet1_1").fit(SCANS)


def test_a_download_with_the_wrong_hash_is_refused(checkpoints, monkeypatch):
    def corrupted(url, dst, hash_prefix=None, progress=True):
        raise RuntimeError(f'invalid hash value (expected "{hash_prefix}", got "0000")')

    monkeypatch.setattr(torch.hub, "download_url_to_file", corrupted)
    with pytest.raises(WeightsUnavailable, match="invalid hash value"):
        CNNFeatures().fit(SCANS)


def test_names_are_known_without_weights(checkpoints):
    assert len(CNNFeatures().get_feature_names_out()) == 512


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ("IMAGENET1K_V7", ValueError, r"\['IMAGENET1K_V1'\].*'IMAGENET1K_V7'"),
        ("ResNet50_Weights.IMAGENET1K_V2", ValueError, "neither such a name nor a file"),
        ("nowhere.pth", FileNotFoundError, "nowhere.pth"),
        ("some/folder/file", FileNotFoundError, "file"),
        (3, TypeError, "a path or None, got int"),
    ],
)
def test_weights_that_are_nothing_known_are_refused(weights, error, message):
    with pytest.raises(error, match=message):
        find_weights(find_backbone("resnet18", weights), weights)


def test_a_directory_is_no_file_of_weights(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        find_weights(find_backbone("resnet18", None), tmp_path)


def test_every_published_file_names_its_hash():
    # The way the hash is read from the name relies on it.
    for name in torchvision.models.list_models(module=torchvision.models):
        for entry in torchvision.models.get_model_weights(name):
            assert HASH_IN_NAME.search(entry.url.rsplit("/", 1)[-1]), entry.url


def test_factories_load_paths(tmp_path):
    torch.save(Tiny().state_dict(), tmp_path / "tiny.pth")
    found = find_weights(find_backbone(tiny, None), str(tmp_path / "tiny.pth"))
    assert found.path == tmp_path / "tiny.pth"
