"""What learns and how fast, in networks of all kinds."""

import math

import pytest
import torch
from deep.tiny import Tiny, tiny
from torch import nn
from torchvision.ops import StochasticDepth

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.checks import resized
from tmdfeat.deep.finetune.beginning import begin
from tmdfeat.deep.finetune.learning_rates import freeze, lr_factor, parameter_groups, set_mode

SMALL = 64


def network(name, size=SMALL, hidden=(10,), dropout=0.0):
    backbone = resized(find_backbone(name, None), size)
    return begin(backbone, None, hidden, dropout, 3, 0), backbone


def learning(net):
    return {n.removeprefix("body.module.") for n, p in net.named_parameters() if p.requires_grad}


def parts_that_learn(net):
    return {name.partition(".")[0] for name in learning(net)}


def test_without_freezing_all_learns():
    net, backbone = network("resnet18")
    freeze(net, backbone, None)
    assert all(p.requires_grad for p in net.parameters())


@pytest.mark.parametrize(
    ("frozen", "expected"),
    [
        (1, {"layer2", "layer3", "layer4", "hidden", "last"}),
        (3, {"layer4", "hidden", "last"}),
        (4, {"hidden", "last"}),
        ("body", {"hidden", "last"}),
    ],
)
def test_a_stage_freezes_with_all_before_it(frozen, expected):
    net, backbone = network("resnet18")
    freeze(net, backbone, frozen)
    assert parts_that_learn(net) == expected


@pytest.mark.parametrize(
    ("name", "size", "frozen"),
    [  # stages that end in a ReLU, a pooling, or a mere change of axes
        ("vgg11", SMALL, 8),  # features.0, 3, 6, 8 of the convolutions, with weight and bias each
        ("alexnet", 96, 2),
        ("shufflenet_v2_x0_5", SMALL, 3),
        ("squeezenet1_1", SMALL, 14),
    ],
)
def test_stages_without_numbers_of_their_own_freeze_what_leads_to_them(name, size, frozen):
    net, backbone = network(name, size)
    freeze(net, backbone, 1)
    inside = [p.requires_grad for p in net.body.parameters()]
    assert inside.count(False) == frozen
    assert not any(inside[:frozen])  # from the first on
    assert all(inside[frozen:])


@pytest.mark.slow
def test_each_stage_of_a_swin_freezes_more():
    net, backbone = network("swin_t", 224)
    still = []
    for frozen in (1, 2, 3, 4):
        freeze(net, backbone, frozen)
        still.append(sum(not p.requires_grad for p in net.body.parameters()))
    assert 0 < still[0] < still[1] < still[2] < still[3] == len(list(net.body.parameters()))


@pytest.mark.parametrize("frozen", [5, 99])
def test_stages_that_there_are_not_are_refused(frozen):
    net, backbone = network("resnet18")
    with pytest.raises(ValueError, match=r"1 to 4 in resnet18, got"):
        freeze(net, backbone, frozen)


def test_every_stage_that_has_a_name_may_be_frozen():
    net, backbone = network("vgg11")  # its fourth stage is a pooling
    freeze(net, backbone, 4)
    assert parts_that_learn(net) == {"hidden", "last"}


def test_one_learning_rate_is_one_group_with_everything_once():
    net, backbone = network("resnet18")
    [group] = parameter_groups(net, backbone, 0.1, 1.0)
    assert group["lr"] == 0.1
    assert sorted(map(id, group["params"])) == sorted(map(id, net.parameters()))


def test_learning_rates_fall_from_the_head_to_the_first_stage():
    net, backbone = network("resnet18")
    groups = parameter_groups(net, backbone, 1.0, 0.5)
    assert [group["lr"] for group in groups] == [1, 0.5, 0.25, 0.125, 0.0625]
    names = {id(p): name.removeprefix("body.module.") for name, p in net.named_parameters()}
    parts = [{names[id(p)].partition(".")[0] for p in group["params"]} for group in groups]
    assert parts == [{"hidden", "last"}, {"layer4"}, {"layer3"}, {"layer2"},
                     {"layer1", "conv1", "bn1"}]  # fmt: skip


def test_what_does_not_learn_is_in_no_group():
    net, backbone = network("resnet18")
    freeze(net, backbone, 3)
    groups = parameter_groups(net, backbone, 1.0, 0.5)
    assert [group["lr"] for group in groups] == [1, 0.5]
    assert all(p.requires_grad for group in groups for p in group["params"])
    freeze(net, backbone, "body")
    assert len(parameter_groups(net, backbone, 1.0, 0.5)) == 1


def test_the_last_stage_that_learns_follows_the_head_even_if_a_pooling_is_called_a_stage():
    net, backbone = network("vgg11")
    groups = parameter_groups(net, backbone, 1.0, 0.5)
    assert [group["lr"] for group in groups] == [1, 0.5, 0.25, 0.125]
    assert sum(len(group["params"]) for group in groups) == len(list(net.parameters()))


class Tied(Tiny):
    """Two names for one convolution."""

    def __init__(self):
        super().__init__()
        self.again = nn.Conv2d(3, 6, kernel_size=16, stride=16)
        self.again.weight = self.conv.weight


@pytest.mark.parametrize("decay", [1.0, 0.5])
def test_tied_weights_learn_once(decay):
    net, backbone = network(Tied, 32)
    groups = parameter_groups(net, backbone, 1.0, decay)
    torch.optim.Adam(groups)  # it complains of anything that comes twice
    assert sum(len(group["params"]) for group in groups) == len(list(net.parameters()))


class Flat(nn.Module):
    """Fully connected, so without maps."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, 8))
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.body(x))


def test_a_network_without_stages_is_one():
    net, backbone = network(Flat, 16)
    assert [group["lr"] for group in parameter_groups(net, backbone, 1.0, 0.5)] == [1, 0.5]
    freeze(net, backbone, 1)
    assert parts_that_learn(net) == {"hidden", "last"}


def test_cosine_falls_from_one_towards_zero_by_its_formula():
    factors = [lr_factor("cosine", epoch, 59) for epoch in range(59)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert all(math.isclose(f, math.cos(math.pi * e / 118) ** 2) for e, f in enumerate(factors))
    assert 0 < factors[-1] < 0.001
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    plan = scheduler(optimizer, T_max=59)
    for factor in factors:
        assert math.isclose(optimizer.param_groups[0]["lr"], factor, rel_tol=1e-6)
        optimizer.step()
        plan.step()


def test_constant_is_constant():
    assert {lr_factor("constant", epoch, 59) for epoch in range(59)} == {1.0}


def norms(net):
    return [part for part in net.modules() if isinstance(part, nn.BatchNorm2d)]


@pytest.mark.parametrize(
    ("policy", "epoch", "learning_norms", "dropping"),
    [
        ("train", 0, True, True),
        ("train", 7, True, True),
        ("frozen", 0, False, True),
        ("frozen", 7, False, True),
        ("paper", 0, True, True),
        ("paper", 1, False, False),
    ],
)
def test_policies_say_when_batch_norms_learn_and_dropout_drops(
    policy, epoch, learning_norms, dropping
):
    net, _ = network(tiny, 32, dropout=0.5)
    set_mode(net.eval(), policy, epoch)
    assert [norm.training for norm in norms(net)] == [learning_norms]
    assert net.dropout.training == dropping


def test_batch_norms_of_frozen_stages_keep_still():
    net, backbone = network("resnet18")
    freeze(net, backbone, 2)
    set_mode(net, "train", 0)
    moving = {n.split(".")[2] for n, part in net.named_modules() if part in norms(net)
              and part.training}  # fmt: skip
    assert moving == {"layer3", "layer4"}


def test_what_is_frozen_drops_nothing_either():
    net, backbone = network("efficientnet_b0")  # whole blocks are left out at random
    freeze(net, backbone, 3)  # that is features.5
    set_mode(net, "train", 0)
    dropping = [name for name, part in net.body.module.named_modules()
                if isinstance(part, StochasticDepth) and part.training]  # fmt: skip
    assert {name.split(".")[1] for name in dropping} == {"6", "7"}


class Standardised(Tiny):
    """Begins with a batch norm that has statistics but no weights."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.BatchNorm2d(3, affine=False), self.conv)


def test_so_do_those_without_weights():
    net, backbone = network(Standardised, 32)
    freeze(net, backbone, "body")
    set_mode(net, "train", 0)
    assert len(norms(net)) == 2
    assert not any(norm.training for norm in norms(net))
