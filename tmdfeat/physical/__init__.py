"""Height maps -> numbers with a unit and a source: files by family, one idea each.

Plain functions on arrays in `height*`, `functional*`, `slope*`, `spatial*`, `local*`, `texture*`,
`steps*`, `domains*`, `blobs*`, `topology*`, `paper*` and `quality*`; `segmentation*` and
`scale_space` serve several; the list of all in `catalogue`; `PhysicalFeatures` over it.
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
