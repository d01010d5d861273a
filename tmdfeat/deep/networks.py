"""Loaded networks and what runs them, shared by all estimators that ask for the same."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import nn

from tmdfeat.deep.backbones import Backbone, build_seeded
from tmdfeat.deep.engines import make_engine
from tmdfeat.deep.fingerprint import fingerprint
from tmdfeat.deep.folding import fold_batch_norms
from tmdfeat.deep.layers import find_taps
from tmdfeat.deep.statedict import load_weights
from tmdfeat.deep.tapped import Tapped
from tmdfeat.deep.weights import WeightsFile


@dataclass(frozen=True, eq=False)
class Network:
    """A frozen module as it was built and loaded, on the CPU in float32, and a digest of it.

    The digest is of all that decides about its output, see `fingerprint`. The seed builds it
    again, up to its weights.
    """

    module: nn.Module
    digest: str
    seed: int = 0


@lru_cache(maxsize=4)
def load_network(backbone: Backbone, weights: WeightsFile | None, seed: int) -> Network:
    """Build, load and freeze a network, or return it if it was asked for lately.

    Parameters
    ----------
    backbone : Backbone
    weights : WeightsFile or None
        None: as built from the seed.
    seed : int

    Returns
    -------
    Network
    """
    module = build_seeded(backbone, seed)
    if weights is not None:
        load_weights(module, weights.path, backbone)
    return Network(module, fingerprint(module), seed)


@lru_cache(maxsize=4)
def load_engine(
    network: Network,
    backbone: Backbone,
    layers: tuple[str, ...],
    pooling: str,
    device: str,
    precision: str,
    engine: str,
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Make a network ready to run: taps set, batch norms folded, on its device.

    Returns
    -------
    callable
        From grey images, float32 of shape (n, 1, S, S), to features, float32 of shape
        (n, columns), both in the CPU's memory.
    """
    module = copy.deepcopy(network.module)
    taps = find_taps(backbone, layers, pooling)
    fold_batch_norms(module, keep=[tap.module for tap in taps])
    tapped = Tapped(module, taps, pooling, backbone.mean, backbone.std)
    return make_engine(engine, tapped, device, precision, backbone)
