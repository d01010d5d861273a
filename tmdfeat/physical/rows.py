"""One image -> one row of the table: read, looked up, or computed and kept."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import numpy as np

import tmdfeat
from tmdfeat.cache import content_digest, find_cache, make_key
from tmdfeat.gate import Images, name_image
from tmdfeat.heightmap import HeightMap
from tmdfeat.physical.catalogue import DESCRIPTORS
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.holes import check_holes
from tmdfeat.physical.selection import compute

WAYS_OUT = (
    "Give the scale where the map is read, read(path, pixel_size=..., z_unit='nm') or "
    "HeightMap(z, z_unit='nm', pixel_size=...); or compute in the map's own numbers and pixels, "
    "PhysicalFeatures(scale='px'); or choose descriptors that need no scale by names=[...]"
)
LIBRARIES = ("numpy", "scipy", "scikit-image", "opencv-python-headless", "numba")


@cache  # each look-up reads files
def _versions() -> tuple[str, ...]:
    return (tmdfeat.__version__, *(version(name) for name in LIBRARIES))


@dataclass(frozen=True)
class Plan:
    """What is computed of each image, and where it is kept."""

    descriptors: tuple[Descriptor, ...]
    scale: str
    cache: object

    def recipe(self, image: HeightMap) -> tuple | None:
        """What, beside the heights, changes the row; None if a user's function is in it."""
        if any(DESCRIPTORS.get(d.name) is not d for d in self.descriptors):
            return None  # its code may change from one call to the next
        names = tuple(d.name for d in self.descriptors)
        return ("physical", names, self.scale, image.pixel_size, image.z_unit, _versions())


@dataclass(frozen=True)
class Row:
    """The values of one image, and what there is to say about it."""

    values: np.ndarray
    where: str
    shape: tuple[int, int]
    z_unit: str


def make_row(images: Images, position: int, plan: Plan) -> Row:
    """Read one image and compute its row, or take it from the cache.

    Parameters
    ----------
    images : Images, of one
        So that a worker process reads its own file.
    position : int
        In X, for messages.
    plan : Plan

    Returns
    -------
    Row

    Raises
    ------
    ValueError
        If the image lacks the scale or too many pixels; the message names it.
    """
    image = images[0]
    where = name_image(position, image.name)
    if plan.scale == "nm":
        _check_scale(image, plan.descriptors, where)
    try:
        check_holes(image.z)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    return Row(_values(image, plan), where, image.shape, image.z_unit)


def _values(image: HeightMap, plan: Plan) -> np.ndarray:
    store, recipe = find_cache(plan.cache), plan.recipe(image)
    key = b"" if recipe is None else make_key(content_digest(image.z), recipe)
    found = store.get(key) if key else None
    if found is None:
        known = plan.scale == "nm" and image.pixel_size is not None
        found = compute(plan.descriptors, image.z, image.pixel_size if known else (1.0, 1.0))
        if key:
            store.put(key, found)
    return found


def _check_scale(image: HeightMap, descriptors, where: str) -> None:
    known = {"z_nm": image.z_unit == "nm", "pixel_size": image.pixel_size is not None}
    lacking = [d for d in descriptors if not all(known[need] for need in d.needs)]
    if not lacking:
        return
    missing = {need for d in lacking for need in d.needs if not known[need]}
    words = {"z_nm": "heights in nm (they are relative)", "pixel_size": "a pixel size in nm"}
    what = " and ".join(words[need] for need in words if need in missing)
    free = ", ".join(repr(d.name) for d in descriptors if not d.needs)
    raise ValueError(
        f"{where} lacks {what}, which these descriptors need: "
        f"{', '.join(d.name for d in lacking)}. {WAYS_OUT}{f' ({free})' if free else ''}."
    )
