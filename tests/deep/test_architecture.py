import functools
import pickle

import numpy as np
import pytest
import torch
from deep.tiny import Tiny, tiny
from sklearn.base import clone
from torch import nn

from tmdfeat import CNNFeatures
from tmdfeat.deep import Architecture
from tmdfeat.deep.backbones import find_backbone

SCANS = list(np.random.default_rng(0).normal(size=(3, 48, 48)))


class Grey(nn.Module):
    """The mean of the one channel that comes in."""

    def __init__(self):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(1, 2)

    def forward(self, x):
        assert x.shape[1:] == (1, 32, 32), x.shape
        return self.fc(torch.flatten(self.avgpool(x), 1))


def test_a_function_alone_wants_what_networks_trained_on_imagenet_want():
    backbone = find_backbone(tiny, None)
    assert backbone == find_backbone(Architecture(tiny), None)
    assert (backbone.size, backbone.channels) == (224, 3)
    assert backbone.mean == (0.485, 0.456, 0.406)
    assert backbone.std == (0.229, 0.224, 0.225)


def test_a_network_of_one_channel_gets_one_normalised_channel_of_its_size():
    cnn = CNNFeatures(Architecture(Grey, size=32, mean=[0.5], std=[0.25]), weights=None)
    raw = CNNFeatures(Architecture(Grey, size=32, mean=[0.0], std=[1.0]), weights=None)
    grey = raw.fit_transform(SCANS)
    assert grey.shape == (3, 1)
    assert grey.min() > 0.2  # grey values lie in 0..1
    assert grey.max() < 0.8
    np.testing.assert_allclose(cnn.fit_transform(SCANS), (grey - 0.5) / 0.25, atol=1e-5)


def test_inputs_of_other_sizes_and_normalisations_are_other_networks_in_the_cache():
    def features(**wanted):
        return CNNFeatures(Architecture(tiny, **wanted), weights=None).fit_transform(SCANS)

    first = features(size=64)
    assert not np.allclose(first, features(size=96))
    assert not np.allclose(first, features(size=64, mean=(0.0, 0.0, 0.0)))
    np.testing.assert_array_equal(first, features(size=64))


def test_it_can_be_cloned_pickled_and_searched_over():
    cnn = CNNFeatures(Architecture(functools.partial(tiny, 4), size=64), weights=None)
    expected = cnn.fit_transform(SCANS)
    np.testing.assert_array_equal(clone(cnn).fit_transform(SCANS), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(cnn)).transform(SCANS), expected)
    assert cnn.set_params(backbone=tiny).fit(SCANS).get_feature_names_out().size == 6


@pytest.mark.parametrize("wrong", [Tiny(), "resnet18", None])
def test_what_builds_no_network_is_refused(wrong):
    with pytest.raises(TypeError, match=f"function that returns.*got {type(wrong).__name__}"):
        CNNFeatures(Architecture(wrong), weights=None).fit(SCANS)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"size": 0}, "size must be an integer of at least 1, got 0"),
        ({"size": 96.0}, "size must be an integer"),
        ({"mean": (0.5,)}, r"one number for each channel.*mean=\(0.5,\)"),
        ({"mean": (), "std": ()}, "one number for each channel"),
        ({"mean": (0.5,), "std": (0.0,)}, "positive"),
    ],
)
def test_inputs_that_cannot_be_are_refused(wanted, message):
    with pytest.raises(ValueError, match=message):
        Architecture(tiny, **wanted)
