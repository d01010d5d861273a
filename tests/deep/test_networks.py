import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from deep.tiny import Tiny, tiny

from tmdfeat import CNNFeatures
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.devices import find_device
from tmdfeat.deep.networks import load_network


class Pausing(Tiny):
    def forward(self, x):
        out = super().forward(x)
        time.sleep(0.02)  # lets another thread in, after this one's features were taken
        return out


def test_threads_that_share_a_network_do_not_see_each_others_images():
    stacks = np.random.default_rng(0).normal(size=(4, 3, 30, 30))
    cnn = CNNFeatures(Pausing, weights=None, cache=None, batch_size=1).fit(stacks[0])
    expected = [cnn.transform(stack) for stack in stacks]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(cnn.transform, stacks))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_networks_are_loaded_once():
    backbone = find_backbone(tiny, None)
    first = load_network(backbone, None, 0)
    assert load_network(find_backbone(tiny, None), None, 0) is first
    assert load_network(backbone, None, 1) is not first


def test_the_digest_follows_every_number_of_the_weights(tmp_path):
    cnn = CNNFeatures(tiny, weights=tmp_path / "tiny.pth", device="cpu")
    state = Tiny().state_dict()
    digests = []
    for change in (0.0, 1e-6, 0.0):
        changed = {**state, "bn.running_mean": state["bn.running_mean"] + change}
        torch.save(changed, tmp_path / "tiny.pth")
        load_network.cache_clear()
        digests.append(cnn._plan()[1].digest)
    assert digests[0] == digests[2] != digests[1]


def test_auto_is_a_gpu_if_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert find_device("auto") == "cuda"
    assert find_device("cuda:1") == "cuda:1"
    with pytest.raises(ValueError, match=r"\(cpu, cuda, cuda:0, cuda:1\), got 'cuda:2'"):
        find_device("cuda:2")


def test_a_gpu_that_is_not_there_is_an_error_and_never_the_cpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert find_device("auto") == "cpu"
    with pytest.raises(ValueError, match=r"torch sees here \(cpu\), got 'cuda'"):
        CNNFeatures(tiny, weights=None, device="cuda").fit([np.zeros((4, 4))])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_gpu_and_cpu_agree():
    scans = list(np.random.default_rng(0).normal(size=(4, 64, 64)))
    on = {
        device: CNNFeatures("squeezenet1_1", weights=None, device=device).fit_transform(scans)
        for device in ("cpu", "cuda")
    }
    np.testing.assert_allclose(on["cuda"], on["cpu"], rtol=1e-4, atol=1e-5)
