"""The network in the package: it is there, it is trained, and it is the default."""

import copy
import hashlib
import json
import socket
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from tmdfeat.cache import MemoryCache
from tmdfeat.deep import CNNFeatures, list_backbones
from tmdfeat.deep.networks import load_network
from tmdfeat.deep.surfacenet_backbone import LAYERS, WEIGHTS, find_surfacenet
from tmdfeat.deep.weights import find_weights


@pytest.fixture(scope="module")
def waves():
    """Two maps in closed form, so that every machine has the same."""
    row, column = np.mgrid[:224, :224] / 224
    return [np.sin(40 * row + 9 * np.cos(7 * column)), np.cos(90 * row * column) + row]


def test_its_file_is_small_and_half_precision():
    assert WEIGHTS.stat().st_size < 3e6
    numbers = safetensors.torch.load_file(WEIGHTS).values()
    assert {n.dtype for n in numbers if n.is_floating_point()} == {torch.float16}


def test_it_is_the_network_whose_training_is_on_record():
    record = Path(__file__).parents[2] / "benchmarks" / "results" / "surfacenet_training.json"
    about = json.loads(record.read_text(encoding="utf-8"))
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == about["sha256"]
    assert about["recipe"]["held_out"] == []


def test_it_is_the_default_and_says_what_is_taken(waves):
    default = CNNFeatures()
    said = CNNFeatures("surfacenet", layers=LAYERS, pooling="avg_std")
    assert default.fit_transform(waves).shape == (2, 1792)
    np.testing.assert_array_equal(default.transform(waves), said.fit_transform(waves))
    np.testing.assert_array_equal(default.get_feature_names_out(), said.get_feature_names_out())


def test_layers_and_pooling_can_be_chosen_each_alone(waves):
    assert CNNFeatures(layers=("stage1",)).fit_transform(waves).shape == (2, 64)
    assert CNNFeatures(pooling="avg").fit_transform(waves).shape == (2, 896)


def test_other_networks_keep_their_pool():
    assert len(CNNFeatures("resnet18", weights=None).get_feature_names_out()) == 512


def test_it_needs_no_internet(waves, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("asked for the internet")

    load_network.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    assert np.isfinite(CNNFeatures(cache=None).fit_transform(waves)).all()


def test_half_precision_is_loaded_to_float32():
    backbone = find_surfacenet()
    module = load_network(backbone, find_weights(backbone, "default"), 0).module
    assert {p.dtype for p in module.parameters()} == {torch.float32}
    stored = safetensors.torch.load_file(WEIGHTS)["stem.0.weight"]
    assert torch.equal(module.state_dict()["stem.0.weight"], stored.float())


def test_features_are_those_of_double_precision_to_1e_4(waves):
    # So they are on every machine, whatever its order of additions.
    cnn = CNNFeatures(cache=None)
    found = cnn.fit_transform(waves)
    backbone = find_surfacenet()
    module = load_network(backbone, find_weights(backbone, "default"), 0).module
    exact = copy.deepcopy(module).double()
    limits = [np.percentile(z.astype(np.float32), [0.5, 99.5]) for z in waves]
    grey = [np.clip((z - a) / (b - a), 0, 1) for z, (a, b) in zip(waves, limits, strict=True)]
    x = exact.stem(exact.standardised(torch.from_numpy(np.stack(grey))[:, None]))
    rows = []
    for stage in (exact.stage1, exact.stage2, exact.stage3, exact.stage4, exact.widened):
        x = stage(x)
        rows += [x.mean((2, 3)), x.flatten(2).std(2, correction=0)]
    wanted = torch.cat(rows, 1).detach().numpy()
    assert np.abs(found - wanted).max() < 1e-4 * np.abs(wanted).max()


def test_other_weights_are_another_entry_of_the_cache(waves, tmp_path):
    state = safetensors.torch.load_file(WEIGHTS)
    state["stem.0.weight"] = -state["stem.0.weight"]
    other = tmp_path / "other.safetensors"
    safetensors.torch.save_file(state, other)
    cache = MemoryCache(2**20)
    one = CNNFeatures(cache=cache).fit_transform(waves)
    two = CNNFeatures(weights=other, cache=cache).fit_transform(waves)
    assert np.abs(one - two).max() > 0.01


def test_names_of_other_networks_weights_are_refused_with_the_way_out():
    with pytest.raises(FileNotFoundError, match=r"'micronet'.*CNNFeatures\(\"resnet18\", weights"):
        CNNFeatures(weights="micronet").fit([np.zeros((8, 8))])


def test_a_misspelt_name_is_put_right():
    with pytest.raises(ValueError, match="Did you mean 'surfacenet'"):
        CNNFeatures("surfacnet").fit([np.zeros((8, 8))])


def test_it_stands_in_the_list_of_networks():
    row = list_backbones("surfacenet").iloc[0]
    assert (row["source"], row["columns"], row["size"], row["local"]) == ("tmdfeat", 512, 224, True)
    assert row["gflops"] < 0.6
    assert row["weights_MB"] < 3
