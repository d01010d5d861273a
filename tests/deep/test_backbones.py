import functools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torchvision
from deep.tiny import Tiny, tiny
from torch import nn

from tmdfeat import CNNFeatures
from tmdfeat.deep import backbone_names
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.torchvision_backbones import named_weights


def test_every_classification_network_of_torchvision_is_known():
    assert set(backbone_names()) >= {"resnet18", "vit_b_16", "swin_t", "convnext_tiny"}
    assert not any(
        name.startswith(("quantized", "fcn", "raft", "r3d")) for name in backbone_names()
    )


@pytest.mark.parametrize(
    ("name", "weights", "size"),
    [
        ("resnet18", None, 224),
        ("inception_v3", None, 299),
        ("efficientnet_b7", "default", 600),
        ("vit_b_16", "IMAGENET1K_V1", 224),
        ("vit_b_16", "IMAGENET1K_SWAG_E2E_V1", 384),
        ("vit_b_16", "ViT_B_16_Weights.IMAGENET1K_SWAG_E2E_V1", 384),
    ],
)
def test_input_size_is_what_the_weights_were_evaluated_with(name, weights, size):
    assert find_backbone(name, weights).size == size


def test_normalisation_is_that_of_the_weights():
    assert find_backbone("resnet18", None).mean == (0.485, 0.456, 0.406)
    assert find_backbone("efficientnet_v2_l", "default").mean == (0.5, 0.5, 0.5)


def test_named_weights_are_torchvisions():
    known = torchvision.models.ResNet50_Weights
    assert named_weights("resnet50", "default") is known.IMAGENET1K_V2
    assert named_weights("resnet50", "IMAGENET1K_V1") is known.IMAGENET1K_V1
    assert named_weights("resnet50", "file.pth") is None


def test_vision_transformers_are_built_for_the_size_of_their_weights():
    backbone = find_backbone("vit_b_16", "IMAGENET1K_SWAG_E2E_V1")
    assert build_seeded(backbone, 0).image_size == 384


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_inceptions_adapt_their_input_only_if_trained(name):
    assert build_seeded(find_backbone(name, "default"), 0).transform_input
    assert not build_seeded(find_backbone(name, None), 0).transform_input


def test_unknown_names_are_answered_with_near_ones():
    with pytest.raises(ValueError, match=r"'resnet81'. Did you mean .*'resnet18'.*backbone_names"):
        find_backbone("resnet81", None)


def test_networks_of_other_tasks_are_refused():
    with pytest.raises(ValueError, match="classification networks, got 'fcn_resnet50'"):
        find_backbone("fcn_resnet50", None)


@pytest.mark.parametrize("wrong", [Tiny(), 18, None])
def test_what_is_neither_name_nor_factory_is_refused(wrong):
    with pytest.raises(TypeError, match=f"function that returns.*got {type(wrong).__name__}"):
        find_backbone(wrong, None)


def test_a_factory_must_return_a_module():
    with pytest.raises(TypeError, match=r"'dict' must return a torch.nn.Module, got dict"):
        build_seeded(find_backbone(dict, None), 0)


def test_building_seeds_neither_cpu_nor_cuda_globally(monkeypatch):
    def refuse(*_args):
        raise AssertionError("torch.manual_seed would seed the GPUs, too")

    monkeypatch.setattr(torch, "manual_seed", refuse)
    state = torch.random.get_rng_state()
    first = build_seeded(find_backbone(tiny, None), 4).conv.weight
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(build_seeded(find_backbone(tiny, None), 4).conv.weight, first)


def interrupted():
    """A factory that lets other threads in between its random numbers."""
    layers = []
    for _ in range(4):
        time.sleep(0.002)
        layers.append(nn.Linear(3, 3))
    return nn.Sequential(*layers)


def test_threads_that_build_at_the_same_time_get_their_own_random_numbers():
    backbone = find_backbone(interrupted, None)
    seeds = [0, 1, 2, 3] * 2
    expected = [build_seeded(backbone, seed).state_dict() for seed in seeds]
    state = torch.random.get_rng_state()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda seed: build_seeded(backbone, seed).state_dict(), seeds))
    assert torch.equal(torch.random.get_rng_state(), state)
    for got, want in zip(found, expected, strict=True):
        assert all(torch.equal(got[name], want[name]) for name in want)


def test_trained_networks_are_frozen():
    module = build_seeded(find_backbone("squeezenet1_1", None), 0)
    assert not module.training
    assert not any(parameter.requires_grad for parameter in module.parameters())


def test_a_function_defined_anew_under_its_old_name_is_another_network(monkeypatch):
    import deep.tiny

    before = CNNFeatures(deep.tiny.wide, weights=None).get_feature_names_out()
    source = "def wide():\n    return Tiny(channels=3)\n"
    monkeypatch.setattr(deep.tiny, "wide", deep.tiny.wide)  # put back afterwards
    exec(source, deep.tiny.__dict__)
    after = CNNFeatures(deep.tiny.wide, weights=None).get_feature_names_out()
    assert (len(before), len(after)) == (12, 3)


def test_partials_are_told_apart_by_their_arguments():
    identities = [find_backbone(functools.partial(tiny, n), None).identity for n in (3, 4, 3)]
    assert identities[0] == identities[2] != identities[1]
    assert find_backbone(functools.partial(tiny, 3), None).name == "tiny"


@pytest.mark.parametrize("factory", [lambda: Tiny(), functools.partial(lambda: Tiny())])
def test_factories_that_cannot_be_pickled_are_refused(factory):
    with pytest.raises(ValueError, match=r"cannot be pickled.*Define it with `def`"):
        find_backbone(factory, None)


@functools.cache
def one_for_all():
    return nn.Sequential(nn.Conv2d(3, 4, 3))


def test_a_network_that_its_function_returns_every_time_stays_as_it_was():
    theirs = one_for_all()
    built = build_seeded(find_backbone(one_for_all, None), 0)
    built[0].weight.zero_()
    assert theirs[0].weight.all()
    assert theirs.training
    assert theirs[0].weight.requires_grad
