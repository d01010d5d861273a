"""What a worker unpacks is the network that was packed."""

import torch
from torch import nn
from torchvision.models import squeezenet1_1

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.networks import load_network
from tmdfeat.deep.parallel import _pack, unpacked
from tmdfeat.deep.weights import find_weights


class Masked(nn.Module):
    """With numbers from its seed that no state dict holds."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mask", torch.rand(3, 1, 1), persistent=False)
        self.avgpool = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.avgpool(x * self.mask)


def channels_last():
    return nn.Sequential(nn.Conv2d(3, 4, 3)).to(memory_format=torch.channels_last)


def assert_arrives(backbone, weights=None, seed=0):
    network = load_network(backbone, weights, seed)
    arrived = unpacked(_pack(network, backbone))
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        torch.testing.assert_close(arrived.module(images), network.module(images), rtol=0, atol=0)
    return arrived


def test_numbers_of_the_seed_that_are_no_weights_arrive():
    assert_arrives(find_backbone(Masked, None), seed=5)


def test_networks_laid_out_channels_last_arrive():
    assert_arrives(find_backbone(channels_last, None))


def test_networks_without_a_head_arrive(tmp_path):
    state = squeezenet1_1().state_dict()
    path = tmp_path / "headless.pth"
    torch.save({k: v for k, v in state.items() if not k.startswith("classifier")}, path)
    backbone = find_backbone("squeezenet1_1", path)
    assert_arrives(backbone, find_weights(backbone, path))
