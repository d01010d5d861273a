"""What people write to get features of a network: one picture of 8 bits, one forward pass, again.

The loop is given what a careful user gives it: evaluation mode, no gradients. Two ways to make
pictures of heights are common; by minimum and maximum is the cheaper one, by percentiles is
what `CNNFeatures` does by default, so that numbers can be compared.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from torch import nn
from torchvision import transforms

TO_INPUT = transforms.Compose(
    [
        transforms.Resize((224, 224)),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)


def by_extremes(z: np.ndarray) -> np.ndarray:
    """Stretch heights to 8 bits between their minimum and maximum."""
    return (255 * (z - z.min()) / (z.max() - z.min())).astype(np.uint8)


def by_percentiles(z: np.ndarray) -> np.ndarray:
    """Stretch heights to 8 bits between their 0.5th and 99.5th percentile."""
    low, high = np.percentile(z, [0.5, 99.5])
    return np.clip(255 * (z - low) / (high - low), 0, 255).astype(np.uint8)


def naive_loop(
    model: nn.Module, scans, to_grey: Callable = by_extremes, device: str = "cpu"
) -> np.ndarray:
    """Send arrays or picture files through a network, one at a time."""
    rows = []
    for scan in scans:
        if isinstance(scan, Path):
            scan = np.asarray(Image.open(scan), dtype=np.float32)
        picture = Image.fromarray(to_grey(scan)).convert("RGB")
        with torch.no_grad():
            features = model(TO_INPUT(picture)[None].to(device))
        rows.append(features[0].cpu().numpy())
    return np.array(rows)


def headless(name: str, weights: Path | None = None, device: str = "cpu") -> nn.Module:
    """The network of ``CNNFeatures(name, weights=weights, random_state=0)``, its head taken off."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = getattr(torchvision.models, name)(weights=None)
    if weights is not None:
        model.load_state_dict(torch.load(weights, weights_only=True))
    if name.startswith("resnet"):
        model.fc = nn.Identity()
    elif name.startswith("squeezenet"):
        model.classifier = nn.AdaptiveAvgPool2d(1)
    else:
        model.classifier = nn.Identity()
    return model.eval().to(device)
