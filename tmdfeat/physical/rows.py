"""One image -> one row of the table: read, looked up, or computed and kept."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

import numpy as np

import tmdfeat
from tmdfeat.cache import Key, MemoryCache, Store, content_digest, make_key
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
    """What is computed of each image, and where it is kept.

    `recipe` is what, beside the image, changes a row; None if rows are not kept. `known` are
    images whose rows the caller has, in a memory that worker processes do not see.
    """

    descriptors: tuple[Descriptor, ...]
    scale: str
    cache: Store
    recipe: tuple | None
    known: frozenset[bytes] = frozenset()

    def key(self, image: HeightMap) -> Key | None:
        """Where the row of an image is kept; None if it is not."""
        if self.recipe is None:
            return None
        digest = content_digest(image.z, image.pixel_size, image.z_unit)
        return make_key(digest, self.recipe)


def make_plan(descriptors: tuple[Descriptor, ...], scale: str, cache: Store) -> Plan:
    """Plan rows; those with a user's function are not kept, as its code may change."""
    ours = all(DESCRIPTORS.get(d.name) is d for d in descriptors)
    names = tuple(d.name for d in descriptors)
    recipe = ("physical", names, scale, _versions()) if ours else None
    return Plan(descriptors, scale, cache, recipe)


@dataclass(frozen=True)
class Row:
    """The values of one image, and what there is to say about it.

    `values` are None if the plan knows them; `key` is None if they are not to be kept.
    """

    values: np.ndarray | None
    where: str
    shape: tuple[int, int]
    z_unit: str
    key: Key | None
    fresh: bool


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
    key = plan.key(image)
    found = plan.cache.get(key) if key else None
    fresh = found is None and not (key and key.digest in plan.known)
    values = _computed(image, plan) if fresh else found
    return Row(values, where, image.shape, image.z_unit, key, fresh)


def _computed(image: HeightMap, plan: Plan) -> np.ndarray:
    known = plan.scale == "nm" and image.pixel_size is not None
    return compute(plan.descriptors, image.z, image.pixel_size if known else (1.0, 1.0))


def held_in_memory(plan: Plan) -> dict[bytes, np.ndarray]:
    """Rows that this process remembers, by identity; others cannot look them up."""
    if plan.recipe is None or not isinstance(plan.cache, MemoryCache):
        return {}
    keys = [make_key(identity, plan.recipe) for identity in plan.cache.known([plan.recipe])]
    found = {key.digest: plan.cache.get(key) for key in keys}
    return {identity: values for identity, values in found.items() if values is not None}


def finish(row: Row, plan: Plan, held: dict[bytes, np.ndarray]) -> Row:
    """Keep a fresh row, so that workers need not write; fill in one that is held already.

    Parameters
    ----------
    row : Row, of `make_row`
    plan : Plan
    held : dict, of `held_in_memory`

    Returns
    -------
    Row
        With values.
    """
    if row.key is None:
        return row
    if row.values is None:
        return replace(row, values=held[row.key.digest])
    if row.fresh:
        plan.cache.put(row.key, row.values)
    return row


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
