"""Where the time goes: each step from a file to features, by itself."""

from collections.abc import Callable
from pathlib import Path

import torch

from tmdfeat import HeightMap, read
from tmdfeat.cache import content_digest
from tmdfeat.deep import Rendering
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.heap import kept_memory
from tmdfeat.deep.networks import load_engine, load_network

SIZE = 224


def before_the_network(maps: list, png: list[Path], tiff: list[Path]) -> dict[str, Callable]:
    """Functions that do one step for all maps."""
    rendering, images = Rendering(), [HeightMap(z) for z in maps]
    greys = [rendering.stretch(image) for image in images]
    return {
        "read PNG (16 bit)": lambda: [read(path) for path in png],
        "read TIFF (float32)": lambda: [read(path) for path in tiff],
        "hash": lambda: [content_digest(image.z) for image in images],
        "stretch to grey": lambda: [rendering.stretch(image) for image in images],
        "resize": lambda: [rendering.resize(grey, SIZE) for grey in greys],
    }


def rendered(maps: list) -> torch.Tensor:
    """What networks are given: float32 of shape (n, 1, 224, 224)."""
    rendering = Rendering()
    return torch.stack([rendering.resize(rendering.stretch(HeightMap(z)), SIZE) for z in maps])


def network(name: str, engine: str, precision: str, device: str = "cpu") -> Callable:
    """The seeded network of ``CNNFeatures(name, weights=None)``, from grey images to features."""
    backbone = find_backbone(name, None)
    loaded = load_network(backbone, None, 0)
    run = load_engine(loaded, backbone, ("pool",), "avg", device, precision, engine)

    def as_in_transform(greys: torch.Tensor) -> torch.Tensor:
        with kept_memory():
            return run(greys)

    return as_in_transform
