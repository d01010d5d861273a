import pytest
import torch
from deep.nets import small_vit
from deep.tiny import tiny
from torch import nn

from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.layers import layer_sizes
from tmdfeat.deep.stages import stage_names

# Widths of the stages, from the networks' papers (tables of architecture).
PAPERS = {
    "resnet18": (64, 128, 256, 512),
    "resnet50": (256, 512, 1024, 2048),
    "convnext_tiny": (96, 192, 384, 768),
    "swin_t": (96, 192, 384, 768),
    "swin_v2_t": (96, 192, 384, 768),
    "maxvit_t": (64, 128, 256, 512),
    "regnet_x_400mf": (32, 64, 160, 400),
    "mobilenet_v2": (24, 32, 96, 1280),
    "efficientnet_b0": (24, 40, 112, 1280),
    "densenet121": (256, 512, 1024, 1024),
    "vgg16": (256, 512, 512, 512),
    "googlenet": (192, 480, 832, 1024),
    "inception_v3": (192, 288, 768, 2048),
    "shufflenet_v2_x1_0": (24, 116, 232, 464),
    "squeezenet1_0": (256, 512, 512),
    "vit_b_16": (768, 768, 768, 768),
}


@pytest.mark.parametrize(("name", "widths"), PAPERS.items())
def test_stages_have_the_widths_of_the_papers(name, widths):
    stages = stage_names(name)
    assert list(stages) == [f"stage{i}" for i in range(1, len(widths) + 1)]
    assert layer_sizes(find_backbone(name, None), list(stages), "avg") == widths


def test_stages_of_resnets_are_their_layers():
    expected = {f"stage{i}": f"layer{i}" for i in (1, 2, 3, 4)}
    assert stage_names("resnet18") == stage_names("wide_resnet50_2") == expected


def test_stages_of_vision_transformers_end_at_quarters_of_their_blocks():
    names = "encoder.layers.encoder_layer_"
    assert list(stage_names("vit_b_16").values()) == [f"{names}{i}" for i in (2, 5, 8, 11)]
    assert list(stage_names("vit_l_32").values()) == [f"{names}{i}" for i in (5, 11, 17, 23)]
    assert list(stage_names(small_vit).values()) == [f"{names}{i}" for i in (0, 1, 2)]


def test_a_stage_never_hides_a_layer_of_that_name():
    stages = stage_names("shufflenet_v2_x0_5")
    assert stages == {"stage1": "maxpool", **{f"stage{i}": f"stage{i}" for i in (2, 3, 4)}}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAPERS][:-1])
def test_each_stage_has_half_the_side_of_the_one_before_and_nothing_of_its_size_follows(name):
    backbone = find_backbone(name, None)
    module = build_seeded(backbone, 0).to("meta")
    sides, order = {}, []

    def keep(layer):
        def hook(_module, _args, output):
            if torch.is_tensor(output) and output.ndim == 4:
                sides[layer] = sorted(output.shape[1:])[1]  # two of three are equal
                order.append(layer)

        return hook

    for layer, part in module.named_modules():
        part.register_forward_hook(keep(layer))
    with torch.inference_mode():
        module(torch.zeros(2, 3, backbone.size, backbone.size, device="meta"))
    stages = list(stage_names(name).values())
    assert 3 <= len(stages) <= 4
    for octave, stage in enumerate(stages, 2):
        assert 0.65 < sides[stage] * 2**octave / backbone.size < 1.2
    assert [order.index(stage) for stage in stages] == sorted(order.index(s) for s in stages)


class Plain(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(3 * 224 * 224, 2))


def test_networks_without_maps_have_no_stages():
    assert stage_names(Plain) == {}


def test_stages_of_a_factorys_network_are_found_by_running_it():
    assert stage_names(tiny) == {"stage1": "relu"}
