from dataclasses import replace

import pytest
import torch
from deep.tiny import Tiny, tiny
from torch import nn

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.survey import survey


def shapes(event):
    return event.before, event.after


def test_what_passes_resnet18_has_the_shapes_of_its_paper():
    seen = survey(find_backbone("resnet18", None))
    assert shapes(seen.last("conv1")) == ((2, 3, 224, 224), (2, 64, 112, 112))
    assert shapes(seen.last("layer3")) == ((2, 128, 28, 28), (2, 256, 14, 14))
    assert shapes(seen.average) == ((2, 512, 7, 7), (2, 512, 1, 1))
    assert shapes(seen.head) == ((2, 512), (2, 1000))
    assert seen.last("conv1").end < seen.last("layer3").start < seen.pooling_step


def test_a_head_that_the_backbone_names_goes_before_those_of_usual_names():
    seen = survey(replace(find_backbone(tiny, None), identity="named", head="relu"))
    assert (seen.head.name, seen.average) == ("relu", None)


class Twice(Tiny):
    def forward(self, x):
        return self.fc(super().forward(x).repeat(1, 2)[:, :6])


def test_of_a_module_that_runs_twice_the_last_time_counts():
    seen = survey(find_backbone(Twice, None))
    assert seen.last("fc").start > seen.last("avgpool").end
    assert [event.name for event in seen.events].count("fc") == 2


class Averages(nn.Module):
    """One average of what a module gave, one of what a function changed in place since."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 32, 32)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.conv(x)
        first = x.mean((2, 3))
        return self.fc(first + torch.relu_(x).mean((2, 3)))


def test_averages_are_found_with_the_module_that_gave_the_map_unless_it_changed_in_place():
    first, second = survey(find_backbone(Averages, None)).reductions
    assert (first.function, first.call, first.columns, first.source) == ("mean", 0, 4, "conv")
    assert (second.function, second.call, second.columns, second.source) == ("mean", 1, 4, "")


@pytest.mark.parametrize(
    ("name", "has"), [("vit_b_32", True), ("resnet18", False), ("swin_t", False)]
)
def test_networks_with_a_class_token_are_known(name, has):
    assert survey(find_backbone(name, None)).has_class_token == has


def test_a_size_that_a_network_cannot_take_is_an_error_with_the_way_out():
    backbone = replace(find_backbone("inception_v3", None), size=32)
    with pytest.raises(ValueError, match=r"inception_v3 cannot take 2 images.*3, 32, 32.*size="):
        survey(backbone)
