import copy

import pytest
import torch
from torch import nn
from torchvision import models

from tmdfeat.deep.folding import fold_batch_norms
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.tapped import Tap, Tapped

GREY = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(1))
LARGE = torch.rand(1, 1, 224, 224, generator=torch.Generator().manual_seed(1))


def with_statistics(net):
    """Give batch norms what training gives them: another scale and shift in each channel."""
    numbers = torch.Generator().manual_seed(0)
    for part in net.modules():
        if isinstance(part, nn.BatchNorm2d):
            if part.affine:
                part.weight.uniform_(0.5, 1.5, generator=numbers)
                part.bias.normal_(0, 0.5, generator=numbers)
            if part.track_running_stats:
                part.running_mean.normal_(0, 0.5, generator=numbers)
                part.running_var.uniform_(0.5, 2.0, generator=numbers)
    return net


def built(build, *arguments, **settings):
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        return with_statistics(build(*arguments, **settings).eval().requires_grad_(False))


def norms(net):
    return [name for name, part in net.named_modules() if isinstance(part, nn.BatchNorm2d)]


def outputs(net, grey):
    with plain_float32("cpu"), torch.inference_mode():
        return net(grey.expand(-1, 3, -1, -1))


def assert_same(found, expected, off):
    assert (found - expected).abs().mean() <= off * expected.abs().mean()


# Norms that are left: those before a convolution, or after something else.
FAMILIES = [
    ("resnet18", {}, GREY, 0),
    ("vgg11_bn", {"num_classes": 4}, GREY, 0),
    ("googlenet", {"aux_logits": False, "init_weights": False}, GREY, 0),
    ("inception_v3", {"aux_logits": False, "init_weights": False}, LARGE, 0),
    ("mobilenet_v2", {}, GREY, 0),
    ("mobilenet_v3_small", {}, GREY, 0),
    ("mnasnet0_5", {}, GREY, 0),
    ("shufflenet_v2_x0_5", {}, GREY, 0),
    ("regnet_y_400mf", {}, GREY, 0),
    ("efficientnet_b0", {}, GREY, 0),
    ("densenet121", {}, GREY, 58 + 3 + 1),  # first norms of layers, transitions, the last
    ("maxvit_t", {}, LARGE, 11),  # the first norms of its 11 blocks
]


@pytest.mark.parametrize(("name", "settings", "grey", "left"), FAMILIES)
def test_networks_give_the_same_with_norms_folded(name, settings, grey, left):
    net = built(models.get_model, name, weights=None, **settings)
    expected = outputs(net, grey)
    names = [name for name, _ in net.named_modules()]
    assert len(norms(net)) > left
    assert fold_batch_norms(net) is net
    assert len(norms(net)) == left
    assert [name for name, _ in net.named_modules()] == names
    assert_same(outputs(net, grey), expected, 1e-5)


def test_densenets_norms_before_convolutions_stay():
    net = fold_batch_norms(built(models.densenet121, weights=None))
    left = norms(net)
    assert all(name.endswith(("norm1", "transition1.norm", "norm5")) for name in left[:7])
    assert "features.denseblock1.denselayer1.norm1" in left
    assert "features.denseblock1.denselayer1.norm2" not in left
    assert "features.norm0" not in left


def test_taps_on_convolutions_norms_and_stages_see_the_same():
    taps = [
        Tap(name, name, side, (2, 3))
        for name, side in [
            ("conv1", "output"),
            ("bn1", "output"),
            ("layer1.0.bn2", "input"),
            ("layer1.1.conv1", "output"),
            ("layer2.0.bn1", "output"),
            ("layer2.0.downsample", "output"),
            ("layer2.1.conv2", "input"),
            ("layer3", "output"),
            ("avgpool", "input"),
        ]
    ]
    net = built(models.resnet18, weights=None)

    def through(module):
        tapped = Tapped(module, taps, "avg", (0.5,) * 3, (0.2,) * 3)
        with plain_float32("cpu"), torch.inference_mode():
            return tapped(GREY)

    expected = through(net)
    fold_batch_norms(net, keep=[tap.module for tap in taps])
    assert norms(net) == ["bn1", "layer1.0.bn2", "layer1.1.bn1", "layer2.0.bn1", "layer2.1.bn2"]
    assert_same(through(net), expected, 1e-5)


def test_weights_are_rounded_once():
    net = built(lambda: nn.Sequential(nn.Conv2d(3, 50, 3), nn.BatchNorm2d(50)))
    conv, norm = (copy.deepcopy(part).double() for part in net)
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    bias = (conv.bias - norm.running_mean) * scale + norm.bias
    fold_batch_norms(net)
    assert net[0].weight.dtype == torch.float32
    assert not net[0].weight.requires_grad
    # Half of the distance between neighbouring float32 numbers, at most.
    torch.testing.assert_close(
        net[0].weight.double(), conv.weight * scale[:, None, None, None], rtol=2**-24, atol=0
    )
    torch.testing.assert_close(net[0].bias.double(), bias, rtol=2**-24, atol=1e-45)


class Pair(nn.Module):
    """A convolution and its norm, for what may be different about them."""

    def __init__(self, conv=None, norm=None):
        super().__init__()
        self.conv = conv or nn.Conv2d(3, 3, 3, padding=1)
        self.norm = norm or nn.BatchNorm2d(3)

    def forward(self, x):
        return self.norm(self.conv(x))


def strided():
    conv = nn.Conv2d(3, 3, (3, 1), 2, 1, dilation=2, bias=False, padding_mode="reflect")
    return Pair(conv)


def grouped():
    return Pair(nn.Conv2d(3, 6, 3, groups=3), nn.BatchNorm2d(6, eps=0.1))


def without_scale():
    return Pair(norm=nn.BatchNorm2d(3, affine=False))


class UnderTwoNames(Pair):
    def __init__(self):
        super().__init__()
        self.both = nn.Sequential(self.conv, self.norm)

    def forward(self, x):
        return self.both(x)


class BranchingOnSettings(Pair):
    def forward(self, x):
        return super().forward(x) if torch.get_default_dtype() == torch.float32 else x


@pytest.mark.parametrize(
    "build", [Pair, strided, grouped, without_scale, UnderTwoNames, BranchingOnSettings]
)
def test_norms_right_after_convolutions_are_folded(build):
    net = built(build)
    expected = outputs(net, GREY)
    assert norms(fold_batch_norms(net)) == []
    assert_same(outputs(net, GREY), expected, 1e-6)


class SecondUser(Pair):
    def forward(self, x):
        before = self.conv(x)
        return self.norm(before) + before


class ConvolvedTwice(Pair):
    def forward(self, x):
        return self.conv(self.norm(self.conv(x)))


class NormedTwice(Pair):
    def forward(self, x):
        return self.norm(self.norm(self.conv(x)))


class WeightsUsedElsewhere(Pair):
    def forward(self, x):
        return self.norm(self.conv(x)) * self.conv.weight.mean()


class StatisticsUsedElsewhere(Pair):
    def forward(self, x):
        return self.norm(self.conv(x)) * self.norm.running_mean.mean()


class LookingAtPixels(Pair):
    def forward(self, x):
        return self.norm(self.conv(x)) if x.mean() > 0 else x


class Doubling(nn.BatchNorm2d):
    def forward(self, x):
        return 2 * super().forward(x)


def another_norm():
    return Pair(norm=Doubling(3))


def statistics_of_the_batch():
    return Pair(norm=nn.BatchNorm2d(3, track_running_stats=False))


def hooked():
    net = Pair()
    net.conv.register_forward_hook(lambda _module, _args, output: output.clamp(min=0))
    return net


def reparametrized():
    net = Pair()
    nn.utils.parametrizations.weight_norm(net.conv)
    return net


@pytest.mark.parametrize(
    "build",
    [
        SecondUser,
        ConvolvedTwice,
        NormedTwice,
        WeightsUsedElsewhere,
        StatisticsUsedElsewhere,
        LookingAtPixels,
        another_norm,
        statistics_of_the_batch,
        hooked,
        reparametrized,
    ],
)
def test_norms_stay_where_folding_would_change_something(build):
    net = built(build)
    expected = outputs(net, GREY)
    assert norms(fold_batch_norms(net)) == ["norm"]
    torch.testing.assert_close(outputs(net, GREY), expected, rtol=0, atol=0)


def test_norms_in_training_stay():
    net = Pair().train()
    assert norms(fold_batch_norms(net)) == ["norm"]


@pytest.mark.parametrize("keep", ["conv", "conv.0", "norm"])
def test_norms_stay_where_a_tap_is_between(keep):
    net = built(lambda: Pair(nn.Sequential(nn.Conv2d(3, 3, 1))))
    assert norms(fold_batch_norms(net, keep=["", "relu", keep])) == ["norm"]


@pytest.mark.parametrize("keep", ["", "con", "conv.1", "relu"])
def test_other_taps_do_not_matter(keep):
    net = built(lambda: Pair(nn.Sequential(nn.Conv2d(3, 3, 1))))
    assert norms(fold_batch_norms(net, keep=[keep])) == []
