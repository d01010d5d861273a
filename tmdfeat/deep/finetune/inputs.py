"""The grey images that a network learns from, rendered once and kept, or made batch by batch."""

import os
from collections.abc import Iterator

import torch
from tqdm import tqdm

from tmdfeat.deep.ahead import ahead
from tmdfeat.deep.rendering import Rendering
from tmdfeat.gate import Images

READERS = min(4, os.cpu_count() or 1)


def render_all(images: Images, rendering: Rendering, size: int) -> torch.Tensor:
    """Render all images: four bytes a pixel, 0.2 MB for each image of 224x224 pixels.

    Returns
    -------
    float32 tensor of shape (n, 1, size, size)
    """
    out = torch.empty((len(images), 1, size, size), dtype=torch.float32)
    quiet = True if len(images) <= 64 else None
    grey = _rendered(images, rendering, size, depth=32)
    for place, image in enumerate(
        tqdm(grey, desc="reading", total=len(images), unit="image", disable=quiet)
    ):
        out[place] = image
    return out


def batches(
    images: Images, rendering: Rendering, size: int, batch_size: int
) -> Iterator[torch.Tensor]:
    """Yield rendered images in batches; no more than two of them are held."""
    waiting: list[torch.Tensor] = []
    for image in _rendered(images, rendering, size, depth=batch_size):
        waiting.append(image)
        if len(waiting) == batch_size:
            yield torch.stack(waiting)
            waiting = []
    if waiting:
        yield torch.stack(waiting)


def _rendered(images: Images, rendering: Rendering, size: int, depth: int):
    def render(place: int) -> torch.Tensor:
        return rendering.resize(rendering.stretch(images[place]), size)

    return ahead(render, len(images), threads=READERS, depth=depth)
