"""Domains family: how much of the area is how many layers high.

The same conventions as in `domains`.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.segmentation_film import Film, film


def layer_fraction(z, layers: int, pixel_size=1.0) -> float:
    """Share of the area that is so many layers high, 0 to 1.

    Heights above the levelled substrate, in units of the film's own thickness, are snapped to
    whole layers; 0 is the ground around islands (the film itself where a second layer lies on a
    closed first one). A map without two levels (`phase_valley` above 0.9) is all ground.

    Parameters
    ----------
    layers : 0, 1, 2 or 3, where 3 stands for three and more
    """
    f = film(z, pixel_size)
    if f.thickness <= 0:
        return float(layers == 0)
    heights = f.clean - f.plane
    ground = np.median(heights[~f.film])
    snapped = np.clip(np.rint((heights - ground) / f.thickness), 0, 3)
    return float(np.mean(snapped == layers))


def layer_fraction_0(z, pixel_size=1.0) -> float:
    """Share of the area without a layer of its own, see `layer_fraction`."""
    return layer_fraction(z, 0, pixel_size)


def layer_fraction_1(z, pixel_size=1.0) -> float:
    """Share of the area that is one layer high."""
    return layer_fraction(z, 1, pixel_size)


def layer_fraction_2(z, pixel_size=1.0) -> float:
    """Share of the area that is two layers high."""
    return layer_fraction(z, 2, pixel_size)


def layer_fraction_3(z, pixel_size=1.0) -> float:
    """Share of the area that is three layers high or more."""
    return layer_fraction(z, 3, pixel_size)


_layer = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
    source="heights snapped to layers",
)

DESCRIPTORS = (
    _layer("layer_fraction_0", layer_fraction_0),
    _layer("layer_fraction_1", layer_fraction_1),
    _layer("layer_fraction_2", layer_fraction_2),
    _layer("layer_fraction_3", layer_fraction_3),
)
