"""Height maps -> numbers with a unit and a source: one file per part of a family.

Functions on arrays in `height`, `height_order`, `height_shape`, `slope`, `slope_angles`, `paper`,
`paper_blobs`, `paper_texture`, `paper_grains`; the list of them in `catalogue`;
`PhysicalFeatures` over it.
"""

from importlib import import_module

# Loaded when first used, so that `python -m tmdfeat.physical.catalogue` runs its module once.
_HOMES = {
    "Descriptor": "tmdfeat.physical.descriptor",
    "as_descriptor": "tmdfeat.physical.own",
    "Film": "tmdfeat.physical.segmentation_film",
    "PhysicalFeatures": "tmdfeat.physical.transformer",
    "Segmentation": "tmdfeat.physical.segmentation",
    "Segments": "tmdfeat.physical.segmentation_result",
    "compute": "tmdfeat.physical.selection",
    "describe": "tmdfeat.physical.catalogue",
    "select": "tmdfeat.physical.selection",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module 'tmdfeat.physical' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return __all__
