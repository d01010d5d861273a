import pytest
import torch
from deep.nets import small_vit
from deep.tiny import tiny
from torch import nn

from tmdfeat.deep import backbone_names, list_backbones
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.layers import column_names, find_taps, layer_sizes
from tmdfeat.deep.pooling import POOLINGS, channels, pooled_axes

# Width of what the classifier sees, from the networks' papers.
WIDTHS = {
    "alexnet": 256,
    "convnext_tiny": 768,
    "convnext_large": 1536,
    "densenet121": 1024,
    "densenet161": 2208,
    "efficientnet_b0": 1280,
    "efficientnet_b7": 2560,
    "efficientnet_v2_s": 1280,
    "googlenet": 1024,
    "inception_v3": 2048,
    "maxvit_t": 512,
    "mnasnet1_0": 1280,
    "mobilenet_v2": 1280,
    "mobilenet_v3_small": 576,
    "mobilenet_v3_large": 960,
    "regnet_y_400mf": 440,
    "regnet_x_32gf": 2520,
    "resnet18": 512,
    "resnet50": 2048,
    "resnext50_32x4d": 2048,
    "wide_resnet50_2": 2048,
    "shufflenet_v2_x1_0": 1024,
    "squeezenet1_0": 512,
    "squeezenet1_1": 512,
    "swin_t": 768,
    "swin_v2_b": 1024,
    "vgg16": 512,
    "vgg19_bn": 512,
    "vit_b_16": 768,
    "vit_l_32": 1024,
    "vit_h_14": 1280,
}


def sizes(name, layers=("pool",), pooling="avg"):
    return layer_sizes(find_backbone(name, None), layers, pooling)


@pytest.mark.slow
@pytest.mark.parametrize("name", backbone_names())
def test_pool_works_for_every_torchvision_network_with_every_pooling(name):
    (size,) = sizes(name)
    if name in WIDTHS:
        assert size == WIDTHS[name]
    assert 256 <= size <= 7392
    assert list_backbones(name)["columns"].tolist() == [size]
    assert sizes(name, pooling="max") == sizes(name, pooling="gem") == (size,)
    assert sizes(name, pooling="avg_std") == (2 * size,)
    if name.startswith("vit_"):
        assert sizes(name, pooling="token") == (size,)
    for tap in find_taps(find_backbone(name, None), ["pool"], "max"):
        assert tap.axes  # nothing that was pooled before


@pytest.mark.parametrize("name", ["swin_t", "swin_v2_t", "convnext_tiny", "densenet121"])
def test_the_channel_axis_is_the_one_that_does_not_grow_with_the_image(name):
    module = build_seeded(find_backbone(name, None), 0).to("meta")
    shapes = {}

    def keep(layer, key):
        def hook(_module, _args, output):
            if torch.is_tensor(output) and output.ndim == 4 and len(output) == 2:
                shapes.setdefault(layer, {})[key] = output.shape

        return hook

    for side in (256, 512):
        handles = [m.register_forward_hook(keep(n, side)) for n, m in module.named_modules()]
        with torch.inference_mode():
            module(torch.zeros(2, 3, side, side, device="meta"))
        for handle in handles:
            handle.remove()
    checked = 0
    for layer, outputs in shapes.items():
        small, large = outputs[256], outputs[512]
        fixed = [axis for axis in (1, 2, 3) if small[axis] == large[axis]]
        if len(fixed) == 1:
            assert channels(small, pooled_axes(small)) == small[fixed[0]], layer
            checked += 1
    assert checked > 50


@pytest.mark.parametrize(("stage", "width"), [(1, 96), (3, 192), (5, 384), (7, 768)])
def test_swins_stages_have_the_widths_of_its_paper(stage, width):
    assert sizes("swin_t", [f"features.{stage}", f"stage{stage // 2 + 1}"]) == (width, width)


def test_only_what_is_pooled_has_deviations():
    assert sizes(tiny, ["conv", "pool", "fc"], "avg_std") == (12, 12, 4)
    names = column_names(find_backbone(tiny, None), ["pool", "fc"], "avg_std")
    assert names == [
        *[f"pool_{i}" for i in range(6)],
        *[f"pool_std_{i}" for i in range(6)],
        *[f"fc_{i}" for i in range(4)],
    ]


def test_numbers_in_names_have_the_digits_of_the_largest():
    names = column_names(find_backbone("resnet18", None), ["stage1", "pool"], "avg_std")
    assert [names[i] for i in (0, 63, 64, 128, 128 + 17, -1)] == [
        "stage1_00",
        "stage1_63",
        "stage1_std_00",
        "pool_000",
        "pool_017",
        "pool_std_511",
    ]


class Flattening(nn.Module):
    """Its head sees all pixels, though something was averaged before."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 56, 56)
        self.fc = nn.Linear(64, 2)

    def forward(self, x):
        x = self.conv(x)
        x = x * torch.sigmoid(x.mean((2, 3), keepdim=True))
        return self.fc(torch.flatten(x, 1))


@pytest.mark.parametrize("pooling", ["max", "gem", "avg_std"])
def test_other_poolings_than_avg_refuse_what_was_never_a_map_of_as_many_channels(pooling):
    assert sizes(Flattening) == (64,)
    with pytest.raises(ValueError, match=f"pooling='{pooling}' cannot apply.*Name the layer bef"):
        sizes(Flattening, pooling=pooling)


class LateToken(nn.Module):
    """Its class token comes after the first layer, and its head averages the patches."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 56, 56)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.early = nn.Linear(8, 8)
        self.late = nn.Linear(8, 8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        x = self.early(self.patches(x).flatten(2).transpose(1, 2))
        x = self.late(torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1))
        return self.head(x[:, 1:].mean(dim=1))


@pytest.mark.parametrize(
    ("name", "layer", "message"),
    [
        ("resnet18", "pool", "resnet18 has none. Vision Transformers have one, e.g. 'vit_b_16'"),
        (small_vit, "conv_proj", r"'conv_proj' gives shape \(2, 8, 4, 4\), which has no class tok"),
        (LateToken, "early", r"'early' gives shape \(2, 16, 8\), which has no class token"),
        (LateToken, "pool", r"'pool' gives shape \(2, 16, 8\), which has no class token"),
    ],
)
def test_a_class_token_is_not_taken_where_there_is_none(name, layer, message):
    with pytest.raises(ValueError, match=message):
        sizes(name, [layer], "token")


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            "layre3",
            r"no layer 'layre3'. Did you mean 'layer3'.*'pool', stage1 \(layer1\), .*"
            r"stage4 \(layer4\), conv1,.*layer1.0",
        ),
        ("stage5", "no layer 'stage5'. Did you mean 'stage"),
        ("relu9", "no layer 'relu9'"),
        ("", "no layer ''"),
    ],
)
def test_unknown_layers_are_answered_with_those_there_are(layer, message):
    with pytest.raises(ValueError, match=message):
        sizes("resnet18", [layer])


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 28, 28)
        self.unused = nn.Linear(2, 2)
        self.split = nn.Identity()
        self.tuple = Pair()
        self.strip = nn.Identity()

    def forward(self, x):
        x = self.conv(x)
        self.split(x.reshape(-1, 2))
        self.tuple(x)
        return self.strip(x[:, :, :3])


class Pair(nn.Module):
    def forward(self, x):
        return x, x


@pytest.mark.parametrize("pooling", POOLINGS[:-1])
@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("unused", "'unused' is in the network, but no image passes it"),
        ("split", "'split' gives .* rows for 2 images"),
        ("tuple", "'tuple' must give a tensor, got tuple"),
        ("strip", r"'strip' gives shape \(2, 2, 3, 8\)"),
        ("pool", r"avgpool or one of the heads.*\['conv', 'unused'"),
    ],
)
def test_layers_that_give_no_vector_are_refused(layer, message, pooling):
    with pytest.raises(ValueError, match=message):
        sizes(Odd, [layer], pooling)


def test_sizes_of_a_factorys_network_come_from_running_it():
    assert sizes(tiny, ("conv", "pool", "fc")) == (6, 6, 4)
