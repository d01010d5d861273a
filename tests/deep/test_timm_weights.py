import hashlib

import numpy as np
import pytest
import safetensors.torch
import torch

from tmdfeat import CNNFeatures
from tmdfeat.deep import WeightsUnavailable
from tmdfeat.deep.timm_weights import timm_source

timm = pytest.importorskip("timm", reason="an extra: pip install 'tmdfeat[timm]'")

NAME = "timm/test_vit.r160_in1k"
SCANS = list(np.random.default_rng(0).normal(size=(2, 40, 40)))


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Empty folders of weights, and no internet."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TMDFEAT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr("tmdfeat.deep.weights.download", refuse)
    return tmp_path


def refuse(url, path, wanted):
    raise OSError("no route to host")


@pytest.fixture
def published(folders):
    """A file as if timm published it."""
    torch.manual_seed(5)
    path = folders / "model.safetensors"
    safetensors.torch.save_file(timm.create_model("test_vit").state_dict(), path)
    return path


def test_weights_are_published_by_their_tag():
    source = timm_source(NAME)
    assert source.url == f"https://huggingface.co/{NAME}/resolve/main/model.safetensors"
    assert source.file == f"{NAME}.safetensors"


def test_missing_weights_without_internet_say_what_and_where(folders):
    with pytest.raises(WeightsUnavailable) as caught:
        CNNFeatures(NAME).fit(SCANS)
    message = str(caught.value)
    for part in (
        "test_vit.r160_in1k.safetensors",
        str(folders / "weights"),
        f"https://huggingface.co/{NAME}/resolve/main/model.safetensors",
        "no route to host",
        "weights='path/to/",
    ):
        assert part in message


def test_missing_weights_are_downloaded_once(published, folders, monkeypatch):
    calls = []

    def copy(url, path, wanted):
        calls.append(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(published.read_bytes())

    monkeypatch.setattr("tmdfeat.deep.weights.download", copy)
    expected = CNNFeatures(NAME, weights=published, cache=None).fit_transform(SCANS)
    for _ in range(2):
        np.testing.assert_array_equal(CNNFeatures(NAME).fit_transform(SCANS), expected)
    assert calls == [timm_source(NAME).url]


def hugging_face(folder, published):
    """Put a file where Hugging Face's library does: named by its hash, and linked to."""
    repository = folder / "hub" / "models--timm--test_vit.r160_in1k"
    for part in ("refs", "snapshots/c0ffee", "blobs"):
        (repository / part).mkdir(parents=True)
    (repository / "refs" / "main").write_text("c0ffee")
    blob = repository / "blobs" / hashlib.sha256(published.read_bytes()).hexdigest()
    blob.write_bytes(published.read_bytes())
    (repository / "snapshots" / "c0ffee" / "model.safetensors").symlink_to(blob)
    return blob


def test_a_file_that_timm_itself_has_downloaded_is_used(published, folders):
    hugging_face(folders, published)
    expected = CNNFeatures(NAME, weights=published, cache=None).fit_transform(SCANS)
    np.testing.assert_array_equal(CNNFeatures(NAME, cache=None).fit_transform(SCANS), expected)


def test_a_damaged_file_of_timms_own_is_noticed(published, folders):
    blob = hugging_face(folders, published)
    content = bytearray(blob.read_bytes())
    content[-1] ^= 1
    blob.write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.safetensors is damaged"):
        CNNFeatures(NAME).fit(SCANS)


def test_networks_without_published_weights_say_so():
    with pytest.raises(ValueError, match=r"publishes no weights for 'test_vit4.*weights=None"):
        CNNFeatures("timm/test_vit4").fit(SCANS)


def test_weights_that_are_nothing_known_are_refused():
    with pytest.raises(FileNotFoundError, match="IMAGENET1K_V1"):
        CNNFeatures(NAME, weights="IMAGENET1K_V1").fit(SCANS)
