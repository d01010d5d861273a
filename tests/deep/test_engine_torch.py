import pytest
import torch
from deep.tiny import Tiny
from torch import nn
from torchvision import models

from tmdfeat.deep.engine_torch import make_engine
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.tapped import Tap, Tapped

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
GREY = torch.rand(4, 1, 64, 64, generator=torch.Generator().manual_seed(0))
needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")


def tapped(net, *taps, pooling="avg"):
    taps = [Tap(name, name, "output", (2, 3)) for name in taps]
    return Tapped(net.eval().requires_grad_(False), taps, pooling, MEAN, STD)


def seeded(build):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return build()


def normalised(grey):
    channels = [(grey - mean) / std for mean, std in zip(MEAN, STD, strict=True)]
    return torch.cat(channels, dim=1)


def deviation(found, expected):
    return float((found - expected).abs().mean() / expected.abs().mean())


@pytest.mark.parametrize("channels_last", [True, False])
def test_float32_is_torchs_own_pass(channels_last):
    net = seeded(lambda: models.squeezenet1_1(weights=None)).eval()
    with plain_float32("cpu"), torch.inference_mode():
        expected = net.features(normalised(GREY)).mean((2, 3))
    engine = make_engine(tapped(net, "features"), "cpu", "float32", channels_last=channels_last)
    found = engine(GREY)
    assert found.dtype == torch.float32
    assert deviation(found, expected) < 1e-6


def test_the_layout_is_channels_last_only_where_asked():
    layouts = {}
    for channels_last in (True, False):
        net = seeded(Tiny)
        make_engine(tapped(net, "relu"), "cpu", "float32", channels_last=channels_last)
        layouts[channels_last] = net.conv.weight.is_contiguous(memory_format=torch.channels_last)
    assert layouts == {True: True, False: False}


def test_bfloat16_computes_in_it_and_pools_in_float32():
    seen = []
    net = seeded(Tiny)
    net.relu.register_forward_hook(lambda _module, _args, output: seen.append(output))
    found = make_engine(tapped(net, "relu"), "cpu", "bfloat16", channels_last=True)(GREY)
    (activation,) = seen
    assert activation.dtype == torch.bfloat16
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, activation.double().mean((2, 3)).float(), rtol=1e-6, atol=0)


def test_bfloat16_is_near_float32_with_its_eight_bits():
    nets = [seeded(lambda: models.squeezenet1_1(weights=None)) for _ in range(2)]
    exact, rounded = (
        make_engine(tapped(net, "features"), "cpu", precision, channels_last=True)(GREY)
        for net, precision in zip(nets, ("float32", "bfloat16"), strict=True)
    )
    assert 2**-12 < deviation(rounded, exact) < 2**-5


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_precision_does_not_follow_autocast_around(precision):
    engine = make_engine(tapped(seeded(Tiny), "relu"), "cpu", precision, channels_last=True)
    expected = engine(GREY)
    with torch.autocast("cpu", torch.float16):
        torch.testing.assert_close(engine(GREY), expected, rtol=0, atol=0)


def test_nothing_is_kept_for_gradients():
    net = seeded(Tiny)
    engine = make_engine(tapped(net, "relu"), "cpu", "float32", channels_last=True)
    net.requires_grad_(True)
    assert engine(GREY).grad_fn is None


class TooSmall(nn.Module):
    """A GPU that has no room for more than two images."""

    def __init__(self, room):
        super().__init__()
        self.room = room
        self.conv = nn.Conv2d(3, 2, 1)

    def forward(self, x):
        if len(x) > self.room:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return self.conv(x)


def test_a_batch_too_large_for_a_gpu_says_which_to_try():
    engine = make_engine(tapped(TooSmall(2), "conv"), "cpu", "float32", channels_last=True)
    with pytest.raises(MemoryError, match=r"4 images at once .* of cpu. Try batch_size=2,"):
        engine(GREY)
    assert engine(GREY[:2]).shape == (2, 2)


def test_an_image_too_large_for_a_gpu_says_so():
    engine = make_engine(tapped(TooSmall(0), "conv"), "cpu", "float32", channels_last=True)
    with pytest.raises(MemoryError, match=r"1 image at once .* Use a smaller backbone"):
        engine(GREY[:1])


@needs_cuda
@pytest.mark.parametrize(("precision", "limit"), [("float32", 1e-5), ("bfloat16", 2**-5)])
def test_gpu_and_cpu_agree(precision, limit):
    found = {}
    for device, accuracy in (("cpu", "float32"), ("cuda", precision)):
        net = tapped(seeded(lambda: models.squeezenet1_1(weights=None)), "features")
        found[device] = make_engine(net, device, accuracy, channels_last=True)(GREY)
    assert found["cuda"].device.type == "cpu"
    assert deviation(found["cuda"], found["cpu"]) < limit


@needs_cuda
def test_a_batch_too_large_for_this_gpu_says_which_to_try():
    engine = make_engine(tapped(Tiny(2**16), "conv"), "cuda", "float32", channels_last=True)
    with pytest.raises(MemoryError, match=r"10000 images at once .* Try batch_size=5000,"):
        engine(torch.zeros(1, 1, 224, 224).expand(10000, -1, -1, -1))
