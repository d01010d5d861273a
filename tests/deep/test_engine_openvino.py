import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from deep.tiny import Tiny
from torch import nn
from torchvision import models

from tmdfeat.deep.engine_openvino import make_engine
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.tapped import Tap, Tapped

openvino = pytest.importorskip("openvino", reason="the extra tmdfeat[openvino] is not installed")

GREY = torch.rand(5, 1, 64, 64, generator=torch.Generator().manual_seed(1))
CAPABILITIES = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
needs_bfloat16 = pytest.mark.skipif(
    "BF16" not in CAPABILITIES, reason="this CPU does not compute in bfloat16"
)


def tapped(net, *taps):
    return Tapped(net.eval().requires_grad_(False), taps, "avg", (0.5,) * 3, (0.2,) * 3)


def maps(name):
    return Tap(name, name, "output", (2, 3))


def seeded(build):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return build()


def torchs(net, grey):
    with plain_float32("cpu"), torch.inference_mode():
        return net(grey)


def deviation(found, expected):
    return float((found - expected).abs().mean() / expected.abs().mean())


def squeezenet():
    return tapped(models.squeezenet1_1(weights=None), maps("features.4"), maps("features"))


def densenet():
    pooled = Tap("pool", "", "adaptive_avg_pool2d", (2, 3))
    return tapped(models.DenseNet(8, (2, 2), 8), maps("features.denseblock1"), pooled)


def transformer():
    net = models.VisionTransformer(64, 16, 2, 2, 32, 64)
    return tapped(net, Tap("pool", "heads", "input", ()), Tap("tokens", "encoder", "output", (1,)))


def windows():
    net = models.SwinTransformer([4, 4], 24, [2], [2], [7, 7])
    return tapped(net, Tap("features", "features", "output", (1, 2)))


def convnext():
    return tapped(models.ConvNeXt([models.convnext.CNBlockConfig(16, None, 2)]), maps("features"))


@pytest.fixture(scope="module")
def engine():
    return make_engine(seeded(squeezenet), "float32", 64)


@pytest.mark.parametrize("build", [squeezenet, densenet, transformer, windows, convnext])
def test_float32_is_what_torch_gives_for_any_number_of_images(build):
    net = seeded(build)
    engine = make_engine(net, "float32", 64)
    expected = torchs(net, GREY)
    for n in (5, 1, 4):
        found = engine(GREY[:n])
        assert found.dtype == torch.float32
        assert deviation(found, expected[:n]) < 1e-5


@needs_bfloat16
def test_bfloat16_is_near_float32_with_its_eight_bits():
    net = seeded(squeezenet)
    found = make_engine(net, "bfloat16", 64)(GREY)
    assert found.dtype == torch.float32
    assert 2**-12 < deviation(found, torchs(net, GREY)) < 2**-5


def test_features_stay_when_the_next_come(engine):
    first = engine(GREY[:2])
    kept = first.clone()
    engine(GREY[3:])
    torch.testing.assert_close(first, kept, rtol=0, atol=0)


def test_images_need_not_be_contiguous(engine):
    turned = GREY.transpose(2, 3)
    torch.testing.assert_close(engine(turned), engine(turned.contiguous()), rtol=0, atol=0)


def test_threads_may_share_an_engine(engine):
    batches = [GREY.roll(i, 3) for i in range(40)]
    expected = [engine(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(engine, batches))
    torch.testing.assert_close(torch.cat(found), torch.cat(expected), rtol=0, atol=0)


def test_it_uses_as_many_threads_as_torch(monkeypatch):
    used = []
    real = openvino.Core.compile_model

    def recording(*arguments):
        compiled = real(*arguments)
        used.append(compiled.get_property("INFERENCE_NUM_THREADS"))
        return compiled

    monkeypatch.setattr(openvino.Core, "compile_model", recording)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    make_engine(seeded(lambda: tapped(Tiny(), maps("relu"))), "float32", 64)
    assert used == [1]


def test_a_missing_openvino_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ImportError, match=r"pip install 'tmdfeat\[openvino\]'.*engine='torch'"):
        make_engine(seeded(squeezenet), "float32", 64)


class OldCore:
    """OpenVINO on a CPU that knows no bfloat16."""

    def get_property(self, _device, name):
        return {"OPTIMIZATION_CAPABILITIES": ["FP32", "INT8"], "FULL_DEVICE_NAME": "Old CPU"}[name]


def test_bfloat16_on_a_cpu_without_it_is_refused(monkeypatch):
    monkeypatch.setattr(openvino, "Core", OldCore)
    with pytest.raises(ValueError, match=r"bfloat16.*; Old CPU does not.*precision='float32'"):
        make_engine(seeded(squeezenet), "bfloat16", 64)


class Unknown(Tiny):
    def forward(self, x):
        return self.relu(torch.special.bessel_j0(self.conv(x)))


class OutsideOfTorch(Tiny):
    def forward(self, x):
        return self.relu(self.conv(x) * float(np.mean(x.numpy())))


class ByValue(Tiny):
    def forward(self, x):
        channels = int(x.abs().sum()) % 5 + 1
        return self.relu(self.conv(x)[:, :channels].mean(1, keepdim=True))


def test_a_network_with_an_operation_that_openvino_lacks_is_refused():
    net = seeded(lambda: tapped(Unknown(), maps("relu")))
    with pytest.raises(ValueError, match=r"(?s)cannot run this network.*bessel_j0.*engine='torch'"):
        make_engine(net, "float32", 64)


@pytest.mark.parametrize("build", [OutsideOfTorch, ByValue])
def test_a_network_that_gives_other_numbers_when_converted_is_refused(build):
    net = seeded(lambda: tapped(build(), maps("relu")))
    with pytest.raises(ValueError, match=r"other numbers than torch.*engine='torch'"):
        make_engine(net, "float32", 64)


class Failing(nn.Module):
    def forward(self, x):
        raise ZeroDivisionError("of the network itself")


def test_a_networks_own_errors_are_not_blamed_on_openvino():
    with pytest.raises(ZeroDivisionError, match="of the network itself"):
        make_engine(tapped(Failing()), "float32", 64)
