"""One image: read, identified, looked up, and rendered if it must pass the network."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch

from tmdfeat.deep.plan import Plan
from tmdfeat.gate import Images
from tmdfeat.heightmap import HeightMap


class Prepared(NamedTuple):
    """What there is of an image: its features, or the inputs that the network must see."""

    identity: bytes
    vector: np.ndarray | None
    inputs: Sequence[torch.Tensor] | Iterator[torch.Tensor]
    n_inputs: int


def prepare(images: Images, place: int, plan: Plan, known: frozenset[bytes]) -> Prepared:
    """Read one image and look up its features; render it if they are not there.

    Parameters
    ----------
    images : Images
    place : int
    plan : Plan
    known : frozenset of bytes
        Identities of images whose features the caller has: neither looked up nor rendered.

    Returns
    -------
    Prepared
        Each input is a float32 tensor of shape (1, S, S). If an image has more tiles than a
        batch has room for, they are made when they are asked for.
    """
    image = images[place]
    identity = plan.identify(image)
    if identity in known:
        return Prepared(identity, None, (), 0)
    vector = plan.recall(identity)
    if vector is not None:
        return Prepared(identity, vector, (), 0)
    inputs, n = _inputs(image, plan)
    return Prepared(identity, None, inputs if n > plan.batch_size else list(inputs), n)


def _inputs(image: HeightMap, plan: Plan) -> tuple[Iterator[torch.Tensor], int]:
    tiles = [(slice(None), slice(None))] if plan.tiles is None else plan.tiles.of(image)
    grey = plan.rendering.stretch(image)
    size = plan.backbone.size
    return (plan.rendering.resize(grey[tile], size) for tile in tiles), len(tiles)
