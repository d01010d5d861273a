"""Images -> table of features: what is cached is looked up, the rest goes through in batches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torchvision
from tqdm import tqdm

from tmdfeat.cache import FolderCache, MemoryCache, content_digest, make_key
from tmdfeat.deep.backbones import Backbone
from tmdfeat.deep.networks import Network
from tmdfeat.deep.rendering import FLAT, PERCENTILES, render
from tmdfeat.gate import Images
from tmdfeat.heightmap import HeightMap


@dataclass(frozen=True)
class Plan:
    """Everything that decides about features, checked and found."""

    backbone: Backbone
    network: Network
    layers: tuple[str, ...]
    sizes: tuple[int, ...]
    pooling: str
    batch_size: int
    cache: MemoryCache | FolderCache

    def recipe(self, layer: str) -> tuple:
        """What, beside the image, changes the numbers of a layer."""
        versions = (str(torch.__version__), str(torchvision.__version__))
        rendering = (*PERCENTILES, FLAT, self.backbone.size, self.backbone.mean, self.backbone.std)
        device = torch.device(self.network.device).type
        network = (self.backbone.name, self.network.digest)
        return ("deep", network, layer, self.pooling, rendering, device, versions)


def extract(images: Images, plan: Plan) -> np.ndarray:
    """Compute the features of images; each distinct one passes the network at most once.

    Memory grows with the number of images by the output and some 100 bytes each.

    Parameters
    ----------
    images : Images
    plan : Plan

    Returns
    -------
    float32 array of shape (n, sum(plan.sizes))
    """
    out = np.empty((len(images), sum(plan.sizes)), dtype=np.float32)
    first: dict[bytes, int] = {}
    repeats: list[tuple[int, int]] = []
    waiting: list[tuple[int, bytes, torch.Tensor]] = []
    for row, image in _progress(images, plan.batch_size):
        digest = content_digest(image.z)
        if first.setdefault(digest, row) != row:
            repeats.append((row, first[digest]))
        elif not _recall(out[row], digest, plan):
            waiting.append((row, digest, _rendered(image, plan.backbone)))
        if len(waiting) == plan.batch_size:
            _flush(waiting, out, plan)
    if waiting:
        _flush(waiting, out, plan)
    for row, source in repeats:
        out[row] = out[source]
    return out


def _progress(images: Images, batch_size: int) -> Iterator[tuple[int, HeightMap]]:
    silent = None if len(images) > batch_size else True  # None: silent unless on a terminal
    yield from tqdm(enumerate(images), "images", len(images), unit="image", disable=silent)


def _rendered(image: HeightMap, backbone: Backbone) -> torch.Tensor:
    return render(image, backbone.size, backbone.mean, backbone.std)


def _recall(row: np.ndarray, digest: bytes, plan: Plan) -> bool:
    """Fill a row from the cache; say whether all of it was there."""
    parts = [plan.cache.get(make_key(digest, plan.recipe(layer))) for layer in plan.layers]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return False
    np.concatenate(found, out=row)
    return True


def _flush(waiting: list, out: np.ndarray, plan: Plan) -> None:
    batch = torch.stack([rendered for _, _, rendered in waiting])
    features = plan.network.features(batch, plan.layers, plan.pooling).numpy()
    bounds = np.cumsum(plan.sizes)[:-1]
    for (row, digest, _), vector in zip(waiting, features, strict=True):
        out[row] = vector
        for layer, part in zip(plan.layers, np.split(vector, bounds), strict=True):
            plan.cache.put(make_key(digest, plan.recipe(layer)), part)
    waiting.clear()
