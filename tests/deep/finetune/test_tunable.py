"""Networks of all families as ones that learn: what their head sees, and that it all learns."""

import threading

import numpy as np
import pytest
import torch
from deep.nets import small_densenet, small_swin, small_vit
from deep.tiny import tiny
from numpy.testing import assert_allclose
from torch import nn

from tmdfeat import CNNFeatures
from tmdfeat.deep import Rendering
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.checks import resized
from tmdfeat.deep.finetune.beginning import begin
from tmdfeat.deep.finetune.inputs import render_all
from tmdfeat.gate import check_images

SEED = 3
FAMILIES = [
    ("resnet18", 64),
    ("squeezenet1_1", 64),
    ("mobilenet_v2", 64),
    ("mobilenet_v3_small", 64),
    ("efficientnet_b0", 64),
    ("mnasnet0_5", 64),
    ("shufflenet_v2_x0_5", 64),
    ("regnet_y_400mf", 64),
    ("alexnet", 96),
    pytest.param("convnext_tiny", 64, marks=pytest.mark.slow),
    ("surfacenet", 64),
    (small_densenet, 64),
    (small_vit, 224),
    (small_swin, 224),
    (tiny, 32),
]
WITH_BATCH_NORM = [family for family in FAMILIES if family != ("alexnet", 96)]


def scans(n=3, side=50):
    return np.random.default_rng(0).normal(size=(n, side, side))


def network(name, size, seed=SEED, **options):
    backbone = resized(find_backbone(name, None), size)
    settings = {"hidden": (5,), "dropout": 0.0, "outputs": 3} | options
    return begin(backbone, None, **settings, seed=seed)


def greys(size, n=3):
    return render_all(check_images(scans(n)), Rendering(), size)


@pytest.mark.parametrize(("name", "size"), FAMILIES)
def test_the_head_sees_the_vector_that_frozen_features_are(name, size):
    features = CNNFeatures(
        name, weights=None, layers=("pool",), pooling="avg", cache=None, random_state=SEED,
        rendering=Rendering(size=size),
    ).fit_transform(scans())  # fmt: skip
    net = network(name, size).eval()
    with torch.no_grad():
        vectors = net.body(greys(size))
    assert features.std(axis=0).max() > 0
    assert_allclose(vectors, features, rtol=1e-3, atol=1e-4 * np.abs(features).max())


@pytest.mark.parametrize(("name", "size"), FAMILIES)
def test_everything_learns_up_to_the_first_convolution(name, size):
    net = network(name, size)
    net.train()(greys(size, n=4)).square().sum().backward()
    silent = [n for n, p in net.named_parameters() if p.grad is None]
    assert not silent  # no part is there that does not work: the old head is gone
    first = next(p for p in net.body.parameters() if p.ndim == 4)
    assert first.grad.abs().max() > 0


@pytest.mark.parametrize("name", ["inception_v3", "googlenet"])
@pytest.mark.slow
def test_networks_with_auxiliary_heads_learn(name):
    net = network(name, 96)
    before = next(net.body.parameters()).detach().clone()
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    out = net(greys(96, n=4))
    assert out.shape == (4, 3)
    out.square().sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    optimizer.step()
    assert not torch.equal(before, next(net.body.parameters()))


@pytest.mark.parametrize(("name", "old"), [("resnet18", "fc"), ("alexnet", "classifier")])
def test_the_old_head_costs_no_memory(name, old):
    net = network(name, 96)
    assert isinstance(getattr(net.body.module, old), nn.Identity)
    n = sum(p.numel() for p in net.body.parameters())
    whole = resized(find_backbone(name, None), 96).build()
    without = sum(p.numel() for key, p in whole.named_parameters() if not key.startswith(old))
    assert n == without


@pytest.mark.slow
def test_the_old_head_inside_a_head_of_timms_is_gone_too():
    pytest.importorskip("timm", reason="needs the extra timm")
    net = network("timm/convnext_atto", 64)  # its head is head.fc, beside a norm that works
    assert not [key for key, _ in net.body.named_parameters() if "head.fc" in key]
    net.train()(greys(64, n=2)).sum().backward()
    assert not [n for n, p in net.named_parameters() if p.grad is None]


def test_hidden_layers_have_a_relu_before_the_next_layer_alone():
    """By hand: last(relu(h2(relu(h1(body))))), and the latent is h2's output."""
    net = network(tiny, 32, hidden=(7, 4)).eval()
    grey = greys(32)
    with torch.no_grad():
        one, two = net.hidden
        latent = two(torch.relu(one(net.body(grey))))
        assert torch.equal(net.latent(grey), latent)
        assert torch.equal(net(grey), net.last(torch.relu(latent)))
    assert latent.min() < 0
    assert [tuple(layer.weight.shape) for layer in (one, two, net.last)] == [(7, 6), (4, 7), (3, 4)]


def test_without_hidden_layers_the_last_one_sees_the_body():
    net = network(tiny, 32, hidden=()).eval()
    with torch.no_grad():
        body = net.body(greys(32))
        assert torch.equal(net.latent(greys(32)), body)
        assert torch.equal(net(greys(32)), net.last(body))


def test_dropout_leaves_hidden_outputs_out_while_learning():
    net = network(tiny, 32, hidden=(400,), dropout=0.25)
    net.last = nn.Identity()
    grey = greys(32)
    with torch.no_grad():
        there = torch.relu(net.eval().latent(grey))
        net.dropout.train()
        dropped = net(grey)
    positive = there > 0
    share = (dropped[positive] == 0).float().mean()
    assert abs(share - 0.25) < 4 * (0.25 * 0.75 / positive.sum()) ** 0.5
    kept = positive & (dropped > 0)
    assert_allclose(dropped[kept], there[kept] / 0.75, rtol=1e-5)


def test_one_seed_gives_one_network():
    same, again, other = (network("resnet18", 64, seed=seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(same[key], again[key]) for key in same)
    assert not torch.equal(same["last.weight"], other["last.weight"])
    assert not torch.equal(same["body.module.conv1.weight"], other["body.module.conv1.weight"])


def test_two_networks_share_nothing():
    one, other = network("resnet18", 64), network("resnet18", 64)
    with torch.no_grad():
        for parameter in one.parameters():
            parameter.zero_()
    assert other.body.module.conv1.weight.abs().max() > 0


def test_torchs_random_state_is_left_alone():
    before = torch.random.get_rng_state()
    network(tiny, 32)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_threads_do_not_mix_their_seeds_up():
    """torch has one random state for all threads: heads must be drawn one after the other."""
    expected = [network(tiny, 32, hidden=(200, 200), seed=seed).state_dict() for seed in range(8)]
    before = torch.random.get_rng_state()
    built = {}

    def build(seed):
        for _ in range(5):
            built.setdefault(seed, []).append(
                network(tiny, 32, hidden=(200, 200), seed=seed).state_dict()
            )

    threads = [threading.Thread(target=build, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, states in built.items():
        for state in states:
            assert all(torch.equal(state[key], expected[seed][key]) for key in state)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_another_default_dtype_of_torch_changes_nothing():
    torch.set_default_dtype(torch.float64)
    try:
        net = network(tiny, 32)
    finally:
        torch.set_default_dtype(torch.float32)
    assert {p.dtype for p in net.parameters()} == {torch.float32}


def headless():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten())


def test_a_network_that_hides_its_head_is_told_how_to_show_it():
    with pytest.raises(ValueError, match=r"headless does not show .*'avgpool', or the head one of"):
        network(headless, 32)
