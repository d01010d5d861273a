"""Loaded networks, shared by all estimators that ask for the same one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
import xxhash
from torch import nn

from tmdfeat.deep.backbones import Backbone, build_seeded
from tmdfeat.deep.engine import forward
from tmdfeat.deep.layers import find_taps
from tmdfeat.deep.statedict import load_weights
from tmdfeat.deep.weights import WeightsFile


@dataclass(frozen=True, eq=False)
class Network:
    """A frozen module on its device, and a digest of its weights and its layers' code."""

    module: nn.Module
    device: str
    digest: str

    def features(self, batch: torch.Tensor, layers: Sequence[str], pooling: str) -> torch.Tensor:
        """Return the pooled layers of a batch side by side, float32, in the CPU's memory."""
        taps = find_taps(self.module, layers, pooling)
        outputs = forward(self.module, taps, pooling, batch.to(self.device))
        return torch.cat(outputs, dim=1).float().cpu()


@lru_cache(maxsize=4)
def load_network(
    backbone: Backbone, weights: WeightsFile | None, seed: int, device: str
) -> Network:
    """Build, load and freeze a network, or return it if it was asked for lately.

    Parameters
    ----------
    backbone : Backbone
    weights : WeightsFile or None
        None: as built from the seed.
    seed : int
    device : str

    Returns
    -------
    Network
    """
    module = build_seeded(backbone, seed)
    if weights is not None:
        load_weights(module, weights.path, backbone)
    digest = _digest(module)
    module = module.to(device)
    if backbone.from_torchvision:  # a factory's network may use .view(), which this layout breaks
        module = module.to(memory_format=torch.channels_last)
    return Network(module, device, digest)


def _digest(module: nn.Module) -> str:
    digest = xxhash.xxh3_128(repr(module).encode())
    for name, tensor in module.state_dict().items():
        digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
    for kind in sorted({type(part) for part in module.modules()}, key=str):
        digest.update(_code(kind))
    return digest.hexdigest()


def _code(kind: type[nn.Module]) -> bytes:
    """What a layer's forward pass does, as far as its own code says: users edit theirs."""
    code = getattr(kind.forward, "__code__", None)
    if code is None:
        return str(kind).encode()
    plain = [c for c in code.co_consts if isinstance(c, str | int | float | bytes)]
    return repr((str(kind), code.co_code, code.co_names, plain)).encode()
