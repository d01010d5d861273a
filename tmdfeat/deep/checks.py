"""Parameters of CNNFeatures: checked when used, as scikit-learn wants it."""

from dataclasses import replace

from tmdfeat.deep.backbones import Backbone
from tmdfeat.deep.rendering import Rendering
from tmdfeat.deep.tiles import Tiles
from tmdfeat.heightmap import HeightMap


def check_layers(layers) -> tuple[str, ...]:
    """Return layer names as a tuple, or raise ValueError."""
    names = tuple(layers) if isinstance(layers, list | tuple) else ()
    if not names or len(set(names)) < len(names) or not all(isinstance(n, str) for n in names):
        raise ValueError(
            "layers must be a list or tuple of different layer names, e.g. ('pool',) or "
            f"('layer3', 'pool'), got {layers!r}."
        )
    return names


def check_rendering(rendering) -> Rendering:
    """Return a Rendering, the default one for None, or raise TypeError."""
    if rendering is None:
        return Rendering()
    if not isinstance(rendering, Rendering):
        raise TypeError(
            "rendering must be a tmdfeat.deep.Rendering or None, e.g. "
            f"Rendering(0, 100), got {type(rendering).__name__}."
        )
    return rendering


def check_tiles(tiles) -> Tiles | None:
    """Return Tiles or None, or raise TypeError."""
    if tiles is not None and not isinstance(tiles, Tiles):
        raise TypeError(
            "tiles must be a tmdfeat.deep.Tiles or None, e.g. Tiles(256, overlap=0.25), "
            f"got {type(tiles).__name__}."
        )
    return tiles


def resized(backbone: Backbone, size: int | None) -> Backbone:
    """Return the backbone with another side of its input, if one is asked for."""
    return backbone if size is None else replace(backbone, size=int(size))


def check_scale(image: HeightMap, rendering: Rendering, tiles: Tiles | None) -> HeightMap:
    """Return the map if it has the scale that is asked for, or raise ValueError.

    Before anything is looked up: two maps of equal numbers may differ in their scale.
    """
    rendering.check(image)
    if tiles is not None:
        tiles.check(image)
    return image
