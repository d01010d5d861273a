"""Everything that decides about features, checked; small and picklable, without the weights."""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version

import numpy as np

import tmdfeat
from tmdfeat.cache import Store, content_digest, make_key
from tmdfeat.deep.backbones import Backbone
from tmdfeat.deep.rendering import Rendering
from tmdfeat.deep.tiles import Tiles
from tmdfeat.heightmap import HeightMap

LIBRARIES = {"torch": ("torch", "torchvision"), "openvino": ("torch", "torchvision", "openvino")}


@dataclass(frozen=True)
class Plan:
    """How images become features."""

    backbone: Backbone
    digest: str
    layers: tuple[str, ...]
    sizes: tuple[int, ...]
    pooling: str
    views: str | None
    tiles: Tiles | None
    rendering: Rendering
    batch_size: int
    device: str
    precision: str
    engine: str
    cache: Store

    def recipe(self, layer: str) -> tuple:
        """What, beside the image, changes the numbers of a layer."""
        backbone = self.backbone
        network = (backbone.name, self.digest, backbone.size, backbone.mean, backbone.std)
        seen = (*self.rendering.recipe(), self.tiles and self.tiles.recipe(), self.views)
        versions = _versions(self.engine, backbone.source)
        computed = (self.engine, self.precision, self.device.split(":")[0], versions)
        return ("deep", network, layer, self.pooling, seen, computed)

    @cached_property  # asked for with every image
    def recipes(self) -> tuple[tuple, ...]:
        """The recipe of each layer."""
        return tuple(self.recipe(layer) for layer in self.layers)

    def identify(self, image: HeightMap) -> bytes:
        """Hash what of an image decides about its features: 16 bytes."""
        if self.tiles is None or self.tiles.unit == "px":
            return content_digest(image.z)
        return content_digest(image.z, image.pixel_size)

    def recall(self, identity: bytes) -> np.ndarray | None:
        """Look the features of an image up in the cache: all layers, or None."""
        parts = []
        for recipe in self.recipes:
            part = self.cache.get(make_key(identity, recipe))
            if part is None:
                return None
            parts.append(part)
        return np.concatenate(parts)

    def keep(self, identity: bytes, vector: np.ndarray) -> None:
        """Put the features of an image into the cache, layer by layer."""
        parts = np.split(vector, np.cumsum(self.sizes)[:-1])
        for recipe, part in zip(self.recipes, parts, strict=True):
            self.cache.put(make_key(identity, recipe), part)


@cache  # each look-up reads files
def _versions(engine: str, source: str) -> tuple[str, ...]:
    names = (*LIBRARIES[engine], "timm") if source == "timm" else LIBRARIES[engine]
    return (tmdfeat.__version__, *(version(name) for name in names))
