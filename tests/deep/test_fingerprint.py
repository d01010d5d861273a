import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from tmdfeat.deep import Architecture, CNNFeatures
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.fingerprint import fingerprint

SCANS = np.random.default_rng(0).normal(size=(2, 16, 16))


class Amplified(nn.Module):
    def __init__(self, gain):
        super().__init__()
        self.gain = gain
        self.avgpool = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.avgpool(self._amplified(x))

    def _amplified(self, x):
        return x * self.gain


class Unsaved(nn.Module):
    def __init__(self, gain):
        super().__init__()
        self.register_buffer("gain", torch.tensor(gain), persistent=False)
        self.avgpool = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.avgpool(x * self.gain)


@pytest.mark.parametrize("network", [Amplified, Unsaved])
def test_networks_of_equal_weights_and_other_settings_share_no_features(network):
    def features(value, cache="memory"):
        wanted = Architecture(partial(network, value), size=16)
        return CNNFeatures(wanted, weights=None, cache=cache).fit_transform(SCANS)

    features(1.0)
    np.testing.assert_array_equal(features(3.0), features(3.0, cache=None))


def test_a_network_that_rescales_its_input_differs_from_one_that_does_not():
    one, other = (build_seeded(find_backbone("googlenet", None), 0) for _ in range(2))
    other.transform_input = True
    assert fingerprint(one) != fingerprint(other)


def test_code_that_forward_calls_counts(monkeypatch):
    before = fingerprint(build_seeded(find_backbone(partial(Amplified, 2.0), None), 0))
    monkeypatch.setattr(Amplified, "_amplified", lambda self, x: x + self.gain)
    assert fingerprint(build_seeded(find_backbone(partial(Amplified, 2.0), None), 0)) != before


SCRIPT = """
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.fingerprint import fingerprint
print([fingerprint(build_seeded(find_backbone(n, None), 0)) for n in ("squeezenet1_1", "swin_t")])
"""


def test_fingerprints_are_alike_in_every_process():
    def printed(seed):
        command = [sys.executable, "-c", SCRIPT]
        environment = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert printed("1") == printed("2")
