import numpy as np
import pytest
import torch
import torchvision
from deep.tiny import tiny
from torch import nn
from torchvision.models.feature_extraction import create_feature_extractor

from tmdfeat.deep import backbone_names
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.engine import forward, pool
from tmdfeat.deep.layers import find_taps, layer_sizes

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


@pytest.mark.slow
@pytest.mark.parametrize("name", backbone_names())
def test_pool_works_for_every_torchvision_network(name):
    (size,) = layer_sizes(find_backbone(name, None), ("pool",), "avg")
    if name in WIDTHS:
        assert size == WIDTHS[name]
    assert 256 <= size <= 7392


def run(name, layers, pooling="avg", images=None):
    backbone = find_backbone(name, None)
    module = build_seeded(backbone, 0)
    if images is None:
        images = batch(backbone.size)
    with torch.inference_mode():
        return module, images, forward(module, find_taps(module, layers, pooling), pooling, images)


def batch(side, seed=0):
    values = np.random.default_rng(seed).normal(size=(2, 3, side, side))
    return torch.tensor(values, dtype=torch.float32)


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("resnet18", ["layer1", "layer3", "layer4.0.conv1"]),
        ("squeezenet1_1", ["features.12", "features.5"]),
        ("shufflenet_v2_x0_5", ["stage2", "conv5"]),
    ],
)
def test_layers_by_name_equal_torchvisions_feature_extractor(name, layers):
    module, images, found = run(name, layers)
    with torch.inference_mode():
        nodes = create_feature_extractor(module, layers)(images)
    for layer, got in zip(layers, found, strict=True):
        torch.testing.assert_close(got, nodes[layer].mean(dim=(2, 3)), rtol=1e-5, atol=1e-6)


def test_a_layer_before_an_in_place_relu_is_taken_before_it():
    module, images, (got,) = run("squeezenet1_1", ["features.0"])
    with torch.inference_mode():
        expected = module.features[0](images).mean(dim=(2, 3))
    torch.testing.assert_close(got, expected)
    assert (got < 0).any()


def test_a_vector_before_an_in_place_relu_is_taken_before_it():
    net = nn.Sequential(nn.Flatten(), nn.Linear(12, 3), nn.ReLU(inplace=True)).eval()
    nn.init.constant_(net[1].bias, -9.0)
    images = batch(2)
    with torch.inference_mode():
        (got,) = forward(net, find_taps(net, ["1"], "avg"), "avg", images)
        torch.testing.assert_close(got, net[1](images.flatten(1)))
    assert (got < 0).any()


def test_vision_transformers_give_class_token_and_mean_over_tokens():
    torch.manual_seed(0)
    net = torchvision.models.VisionTransformer(
        image_size=32, patch_size=16, num_layers=2, num_heads=2, hidden_dim=8, mlp_dim=16
    ).eval()
    layers = ["pool", "encoder.layers.encoder_layer_0"]
    with torch.inference_mode():
        images = batch(32)
        token, mean = forward(net, find_taps(net, layers, "avg"), "avg", images)
        x = net._process_input(images)
        x = torch.cat([net.class_token.expand(2, -1, -1), x], dim=1) + net.encoder.pos_embedding
        first = net.encoder.layers[0](x)
        expected = net.encoder.ln(net.encoder.layers[1](first))[:, 0]
    torch.testing.assert_close(mean, first.mean(dim=1))
    torch.testing.assert_close(token, expected)


@pytest.mark.parametrize("name", ["swin_t", "swin_v2_t", "convnext_tiny", "densenet121"])
def test_the_channel_axis_is_the_one_that_does_not_grow_with_the_image(name):
    module = build_seeded(find_backbone(name, None), 0).to("meta")
    shapes = {}

    def keep(layer, key):
        def hook(_module, _args, output):
            if torch.is_tensor(output) and output.ndim == 4 and len(output) == 2:
                shapes.setdefault(layer, {})[key] = output

        return hook

    for side in (256, 512):
        handles = [m.register_forward_hook(keep(n, side)) for n, m in module.named_modules()]
        with torch.inference_mode():
            module(torch.zeros(2, 3, side, side, device="meta"))
        for handle in handles:
            handle.remove()
    checked = 0
    for layer, outputs in shapes.items():
        small, large = outputs[256].shape, outputs[512].shape
        fixed = [axis for axis in (1, 2, 3) if small[axis] == large[axis]]
        if len(fixed) == 1:
            assert pool(outputs[256], layer, "avg").shape[1] == small[fixed[0]], layer
            checked += 1
    assert checked > 50


@pytest.mark.parametrize(("stage", "width"), [(1, 96), (3, 192), (5, 384), (7, 768)])
def test_swins_stages_have_the_widths_of_its_paper(stage, width):
    assert layer_sizes(find_backbone("swin_t", None), (f"features.{stage}",), "avg") == (width,)


def test_max_pooling_takes_the_maximum_before_the_average_pool():
    module, images, (got, stage) = run("resnet18", ["pool", "layer2"], "max")
    with torch.inference_mode():
        nodes = create_feature_extractor(module, ["layer2", "layer4"])(images)
    torch.testing.assert_close(got, nodes["layer4"].amax(dim=(2, 3)))
    torch.testing.assert_close(stage, nodes["layer2"].amax(dim=(2, 3)))


def test_max_pooling_of_squeezenet_takes_the_maximum_of_its_last_map():
    module, images, (got,) = run("squeezenet1_1", ["pool"], "max")
    with torch.inference_mode():
        torch.testing.assert_close(got, module.features(images).amax(dim=(2, 3)))


@pytest.mark.parametrize("name", ["mobilenet_v2", "vit_b_16"])
def test_max_pooling_refuses_what_is_already_pooled(name):
    with pytest.raises(ValueError, match=r"pooling='max' cannot apply.*Name the layer before"):
        layer_sizes(find_backbone(name, None), ("pool",), "max")


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("layre3", r"no layer 'layre3'. Did you mean 'layer3'.*'pool', conv1,.*layer1.0"),
        ("relu9", "no layer 'relu9'"),
    ],
)
def test_unknown_layers_are_answered_with_those_there_are(layer, message):
    with pytest.raises(ValueError, match=message):
        layer_sizes(find_backbone("resnet18", None), (layer,), "avg")


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 1)
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
def test_layers_that_give_no_vector_are_refused(layer, message):
    net = Odd().eval()
    with pytest.raises(ValueError, match=message):
        forward(net, find_taps(net, [layer], "avg"), "avg", batch(8))
    assert not any(module._forward_hooks for module in net.modules())


def test_sizes_of_a_factorys_network_come_from_running_it():
    assert layer_sizes(find_backbone(tiny, None), ("conv", "pool", "fc"), "avg") == (6, 6, 4)
