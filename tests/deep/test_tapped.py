import numpy as np
import pytest
import torch
import torchvision.transforms.functional as F
from deep.nets import calibrated, small_densenet, small_swin, small_vit
from deep.tiny import Tiny
from torch import nn
from torchvision.models.feature_extraction import create_feature_extractor

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.layers import find_taps
from tmdfeat.deep.pooling import POOLINGS
from tmdfeat.deep.stages import stage_names
from tmdfeat.deep.tapped import Tap, Tapped

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def greys(side=224, n=2, seed=0):
    """Smooth fields: of white noise, averages would see nearly the same in all images."""
    coarse = torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    return F.resize(coarse, [side, side], antialias=True)


def normalised(grey, backbone):
    return F.normalize(grey.expand(-1, 3, -1, -1), backbone.mean, backbone.std)


def tap(name, layers=("pool",), pooling="avg"):
    """A network with seeded weights, tapped; and some images, as they are and as it wants them."""
    backbone = find_backbone(name, None)
    images = greys(backbone.size)
    module = calibrated(backbone, normalised(images, backbone))
    taps = find_taps(backbone, layers, pooling)
    tapped = Tapped(module, taps, pooling, backbone.mean, backbone.std).eval()
    return tapped, images, normalised(images, backbone)


def vector(head):
    return lambda net, pooled: getattr(net, head)(pooled)


def pixel(net, pooled):
    return net.classifier(pooled[:, :, None, None])


slow = pytest.mark.slow
FAMILIES = [
    pytest.param("convnext_tiny", pixel, marks=slow),
    pytest.param("densenet121", vector("classifier"), marks=slow),
    pytest.param("efficientnet_b0", vector("classifier"), marks=slow),
    pytest.param("efficientnet_v2_s", vector("classifier"), marks=slow),
    pytest.param("googlenet", vector("fc"), marks=slow),
    pytest.param("inception_v3", vector("fc"), marks=slow),
    pytest.param("maxvit_t", pixel, marks=slow),
    pytest.param("mnasnet0_5", vector("classifier")),
    pytest.param("mobilenet_v2", vector("classifier"), marks=slow),
    pytest.param("mobilenet_v3_small", vector("classifier")),
    pytest.param("regnet_x_400mf", vector("fc"), marks=slow),
    pytest.param("regnet_y_400mf", vector("fc"), marks=slow),
    pytest.param("resnet18", vector("fc")),
    pytest.param("resnet50", vector("fc"), marks=slow),
    pytest.param("resnext50_32x4d", vector("fc"), marks=slow),
    pytest.param("wide_resnet50_2", vector("fc"), marks=slow),
    pytest.param("shufflenet_v2_x0_5", vector("fc")),
    pytest.param("swin_t", vector("head"), marks=slow),
    pytest.param("swin_v2_t", vector("head"), marks=slow),
    pytest.param("vit_b_32", vector("heads"), marks=slow),
]


@torch.inference_mode()
@pytest.mark.parametrize(("name", "head"), FAMILIES)
def test_the_networks_own_head_makes_of_pool_what_the_network_makes_of_images(name, head):
    tapped, images, batch = tap(name)
    expected = tapped.module(batch)
    scale = (expected[0] - expected[1]).abs().mean()
    assert scale > 1e-3 * expected.abs().mean()  # the images differ for the network
    assert (head(tapped.module, tapped(images)) - expected).abs().max() < 1e-5 * max(1, scale)


@torch.inference_mode()
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("alexnet", marks=slow),
        "squeezenet1_1",
        pytest.param("vgg11", marks=slow),
        pytest.param("vgg11_bn", marks=slow),
    ],
)
def test_where_the_head_needs_more_than_a_vector_pool_is_the_mean_of_its_map(name):
    tapped, images, batch = tap(name)
    maps = []
    tapped.module.classifier.register_forward_pre_hook(lambda _module, args: maps.append(args[0]))
    tapped.module(batch)
    expected = maps[0].reshape(2, tapped(images).shape[1], -1).mean(dim=2)
    torch.testing.assert_close(tapped(images), expected, rtol=1e-5, atol=1e-6)
    assert (expected[0] - expected[1]).abs().max() > 1e-3 * expected.abs().max()


BEFORE_AVERAGE = [
    pytest.param("densenet121", lambda net, x: torch.relu(net.features(x)), marks=slow),
    (small_densenet, lambda net, x: torch.relu(net.features(x))),
    (small_swin, lambda net, x: net.permute(net.norm(net.features(x)))),
    pytest.param("convnext_tiny", lambda net, x: net.features(x), marks=slow),
    ("mnasnet0_5", lambda net, x: net.layers(x)),
    ("mobilenet_v3_small", lambda net, x: net.features(x)),
    pytest.param("mobilenet_v2", lambda net, x: net.features(x), marks=slow),
    ("squeezenet1_1", lambda net, x: net.features(x)),
    ("resnet18", lambda net, x: create_feature_extractor(net, ["layer4"])(x)["layer4"]),
    ("shufflenet_v2_x0_5", lambda net, x: create_feature_extractor(net, ["conv5"])(x)["conv5"]),
]


@torch.inference_mode()
@pytest.mark.parametrize(("name", "maps"), BEFORE_AVERAGE)
def test_pool_sees_the_map_before_the_networks_own_average(name, maps):
    tapped, images, batch = tap(name, pooling="max")
    expected = maps(tapped.module, batch)
    torch.testing.assert_close(tapped(images), expected.amax(dim=(2, 3)))
    tapped, images, batch = tap(name, pooling="avg_std")
    both = torch.cat([expected.mean(dim=(2, 3)), expected.std(dim=(2, 3), correction=0)], dim=1)
    torch.testing.assert_close(tapped(images), both, rtol=1e-5, atol=1e-5)


@torch.inference_mode()
def test_vision_transformers_give_their_class_token_or_pool_all_tokens():
    layers = ["pool", "encoder.layers.encoder_layer_0"]
    tapped, images, batch = tap(small_vit, layers)
    net = tapped.module
    x = net._process_input(batch)
    x = torch.cat([net.class_token.expand(2, -1, -1), x], dim=1) + net.encoder.pos_embedding
    first = net.encoder.layers[0](x)
    tokens = net.encoder.ln(net.encoder.layers[2](net.encoder.layers[1](first)))
    expected = {
        "avg": [tokens[:, 0], first.mean(dim=1)],
        "max": [tokens.amax(dim=1), first.amax(dim=1)],
        "token": [tokens[:, 0], first[:, 0]],
    }
    for pooling, parts in expected.items():
        found = tap(small_vit, layers, pooling)[0](images)
        torch.testing.assert_close(found, torch.cat(parts, dim=1), rtol=1e-5, atol=1e-6)


@torch.inference_mode()
@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("resnet18", ["layer1", "layer3", "layer4.0.conv1"]),
        ("squeezenet1_1", ["features.12", "features.5"]),
        ("shufflenet_v2_x0_5", ["stage2", "conv5"]),
    ],
)
def test_layers_by_name_equal_torchvisions_feature_extractor(name, layers):
    tapped, images, batch = tap(name, layers)
    nodes = create_feature_extractor(tapped.module, layers)(batch)
    expected = torch.cat([nodes[layer].mean(dim=(2, 3)) for layer in layers], dim=1)
    torch.testing.assert_close(tapped(images), expected, rtol=1e-5, atol=1e-6)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["mobilenet_v3_small", "resnet18"])
def test_stages_equal_hooks_at_the_modules_that_they_name(name):
    stages = stage_names(name)
    tapped, images, batch = tap(name, list(stages), "max")
    seen = {}
    for module in stages.values():
        tapped.module.get_submodule(module).register_forward_hook(
            lambda _module, _args, output, key=module: seen.update({key: output.clone()})
        )
    tapped.module(batch)
    expected = torch.cat([seen[module].amax(dim=(2, 3)) for module in stages.values()], dim=1)
    torch.testing.assert_close(tapped(images), expected)


@torch.inference_mode()
def test_a_layer_before_an_in_place_relu_is_taken_before_it():
    tapped, images, batch = tap("squeezenet1_1", ["features.0"])
    found = tapped(images)
    torch.testing.assert_close(found, tapped.module.features[0](batch).mean(dim=(2, 3)))
    assert (found < 0).any()


@torch.inference_mode()
def test_a_vector_before_an_in_place_relu_is_taken_before_it():
    net = nn.Sequential(nn.Flatten(), nn.Linear(12, 3), nn.ReLU(inplace=True)).eval()
    nn.init.constant_(net[1].bias, -9.0)
    tapped = Tapped(net, [Tap("1", "1", "output", ())], "avg", (0, 0, 0), (1, 1, 1))
    images = greys(2)
    torch.testing.assert_close(tapped(images), net[1](images.expand(-1, 3, -1, -1).flatten(1)))
    assert (tapped(images) < 0).all()


class Averaging(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.conv(x)
        x = x * torch.sigmoid(x.mean((2, 3), keepdim=True))
        return self.fc(torch.tanh(x).mean((2, 3)))


@torch.inference_mode()
def test_what_hooks_compute_is_not_counted_among_the_networks_own_calls():
    layers = ["conv", "pool"]
    for pooling, reduce in [("max", torch.amax), ("avg_std", torch.mean)]:
        backbone = find_backbone(Averaging, None)
        net = calibrated(backbone, greys(16).expand(-1, 3, -1, -1))
        tapped = Tapped(net, find_taps(backbone, layers, pooling), pooling, MEAN, STD)
        x = net.conv(normalised(greys(16), backbone))
        gated = torch.tanh(x * torch.sigmoid(x.mean((2, 3), keepdim=True)))
        found = tapped(greys(16)).reshape(2, 2, -1)[..., :4]
        expected = torch.stack([reduce(x, (2, 3)), reduce(gated, (2, 3))], dim=1)
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


@torch.inference_mode()
def test_in_bfloat16_images_are_normalised_before_and_pooled_after_in_float32():
    net = Tiny().eval().bfloat16()
    tapped = Tapped(net, [Tap("conv", "conv", "output", (2, 3))], "avg", MEAN, STD).bfloat16()
    images = greys(64)
    found = tapped(images)
    batch = F.normalize(images.expand(-1, 3, -1, -1), MEAN, STD).bfloat16()
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, net.conv(batch).float().mean(dim=(2, 3)))


# Torchvision's transformers check the sizes of images; Tapped itself looks at no shapes.
shapes_looked_at = pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")


@torch.no_grad()
@pytest.mark.filterwarnings("ignore:.torch.jit.trace.* is deprecated:FutureWarning")
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize(
    "name",
    [
        small_densenet,
        "mobilenet_v3_small",
        pytest.param(small_swin, marks=shapes_looked_at),
        pytest.param(small_vit, marks=shapes_looked_at),
    ],
)
def test_a_trace_gives_the_same_numbers_for_other_images(name, pooling):
    if pooling == "token" and name is not small_vit:
        pytest.skip("maps have no class token")
    tapped, images, _ = tap(name, ["pool", *stage_names(name)], pooling)
    traced = torch.jit.trace(tapped, images)
    others = greys(images.shape[-1], n=3, seed=5)
    expected = tapped(others)
    torch.testing.assert_close(traced(others), expected, rtol=1e-5, atol=1e-6)
    assert (expected[0] - expected[1]).abs().max() > 1e-3 * expected.abs().max()


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(2, 2)
        self.split = nn.Identity()

    def forward(self, x):
        return self.split(x.reshape(-1, 2))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("unused", "'unused' is in the network, but no image passes it"),
        ("split", r"'split' gives \d+ rows for 2 images.*Name the layer around it"),
    ],
)
def test_layers_that_give_no_row_per_image_are_refused_and_no_hook_stays(layer, message):
    tapped = Tapped(Odd().eval(), [Tap(layer, layer, "output", ())], "avg", MEAN, STD)
    with pytest.raises(ValueError, match=message):
        tapped(greys(8))
    assert not any(module._forward_hooks for module in tapped.modules())


def test_no_hook_stays_when_a_network_fails():
    tapped = Tapped(Tiny().eval(), [Tap("conv", "conv", "output", (2, 3))], "avg", MEAN, STD)
    with pytest.raises(RuntimeError):
        tapped(greys(4))  # smaller than the convolution
    assert not any(module._forward_hooks for module in tapped.modules())
    np.testing.assert_equal(tapped(greys(64)).shape, (2, 6))
