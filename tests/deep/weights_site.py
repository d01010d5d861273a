"""Fixtures for everything that looks for, downloads or lists weights: folders and a site."""

import hashlib

import pytest
import torch
import torchvision
from deep.weights_server import Site, serving

from tmdfeat.deep import download, micronet
from tmdfeat.deep.weights_sources import published

ENTRY = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty weights folder, and an empty torch home beside it."""
    monkeypatch.setenv("TMDFEAT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "weights"


@pytest.fixture(scope="session")
def state_file(tmp_path_factory):
    """A state dict of squeezenet1_1 with its hash in its name, as torchvision publishes them."""
    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("published") / "file.pth"
    torch.save(torchvision.models.squeezenet1_1(weights=None).state_dict(), path)
    return path.rename(path.with_name(f"squeezenet1_1-{_hash(path)[:8]}.pth"))


@pytest.fixture
def site(home, state_file, monkeypatch):
    """A site with that file, which torchvision's and MicroNet's addresses lead to."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download, "WAITS", (0.0, 0.0))
    with serving(Site(state_file.read_bytes())) as site:
        monkeypatch.setattr(ENTRY.value, "url", f"{site.url}/{state_file.name}")
        monkeypatch.setattr(micronet, "ADDRESS", f"{site.url}/micronet/")
        published.cache_clear()
        yield site
    published.cache_clear()


def _hash(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
