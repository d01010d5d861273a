"""Ways to get features from frozen networks, to be compared with `CNNFeatures()`."""

from functools import partial
from pathlib import Path

import torch
from torch import nn

from tmdfeat import CNNFeatures
from tmdfeat.deep import Architecture, backbone_names
from tmdfeat.deep.surfacenet import SurfaceNet

REFERENCE = "SqueezeNet 1.0, average pool"
OURS, OURS_POOL = "surfacenet, as CNNFeatures() gives it", "surfacenet, average pool"
UNTRAINED = "untrained surfacenet, three seeds"
CALIBRATED = "untrained, statistics of noise"
SEEDS = (0, 1, 2)
STAGES = ("stage1", "stage2", "stage3", "stage4", "pool")
FIRES = tuple(f"features.{i}" for i in (3, 4, 5, 7, 8, 9, 10, 12))  # of SqueezeNet 1.0
GREY = {"mean": (0.0,), "std": (1.0,)}
CHUNK, SIDE = 32, 160  # noise that calibrates: images and pixels


def contestants(weights: Path | None, ours: Path | None) -> dict[str, list[CNNFeatures]]:
    """Return one extractor for each way; of untrained networks one for each seed.

    Parameters
    ----------
    weights : path or None
        Folder with ImageNet's weights; None: untrained, for tests.
    ours : path or None
        Weights of surfacenet; None: those of the package.
    """
    squeezenet, mobilenet = (
        partial(CNNFeatures, name, weights=None if weights is None else weights / f"{name}.pth")
        for name in ("squeezenet1_0", "mobilenet_v2")
    )
    plain = Architecture(SurfaceNet, **GREY)
    noise = Architecture(calibrated, **GREY)
    all_layers = {"layers": STAGES, "pooling": "avg_std"}
    untrained = {
        name: [
            CNNFeatures(network, weights=None, random_state=seed, **all_layers) for seed in SEEDS
        ]
        for name, network in ((UNTRAINED, plain), (CALIBRATED, noise))
    }
    trained = partial(CNNFeatures, _surfacenet(), weights="default" if ours is None else ours)
    stages = ("stage1", "stage2", "stage3", "pool")
    return {
        OURS: [trained(**all_layers)],
        OURS_POOL: [trained(layers=("pool",), pooling="avg")],
        **untrained,
        REFERENCE: [squeezenet(layers=("pool",), pooling="avg")],
        "SqueezeNet 1.0, stages and pool, avg_std": [squeezenet(layers=stages, pooling="avg_std")],
        "SqueezeNet 1.0, all eight fires, avg_std": [squeezenet(layers=FIRES, pooling="avg_std")],
        "MobileNetV2, average pool": [mobilenet(layers=("pool",), pooling="avg")],
        "MobileNetV2, stages and pool, avg_std": [mobilenet(**all_layers)],
    }


def calibrated() -> nn.Module:
    """Build an untrained surfacenet whose norms know statistics: those of self-affine noise."""
    net = SurfaceNet()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # the plain mean over what it sees
    with torch.no_grad():
        net.train()(noise(CHUNK, SIDE))
    return net.eval()


def noise(number: int, side: int) -> torch.Tensor:
    """Self-affine surfaces with Hurst exponents from 0 to 1."""
    spectrum = torch.fft.rfft2(torch.randn(number, 1, side, side))
    rows, columns = torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)
    frequency = torch.hypot(rows, columns).clamp_min(1 / side)
    hurst = torch.linspace(0, 1, number)[:, None, None, None]
    return torch.fft.irfft2(spectrum * frequency ** -(hurst + 1), s=(side, side))


def _surfacenet():
    # The name once the package has it.
    if "surfacenet" in backbone_names("surface*"):
        return "surfacenet"
    return Architecture(SurfaceNet, **GREY)
