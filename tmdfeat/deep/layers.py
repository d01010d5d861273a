"""Which places in a network "pool" and module names mean, and how many columns they give."""

import difflib
from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from tmdfeat.deep.backbones import Backbone, build_seeded
from tmdfeat.deep.engine import Tap, forward

HEADS = ("fc", "classifier", "heads", "head")


def find_taps(module: nn.Module, layers: Sequence[str], pooling: str) -> list[Tap]:
    """Turn layer names into places where to take activations.

    "pool" is what the network's head sees: the output of a module ``avgpool`` at the top
    level if there is one, else the input of the head (``fc``, ``classifier``, ``heads`` or
    ``head``). With max pooling it is the input of ``avgpool``, which still has its pixels.

    Parameters
    ----------
    module : torch.nn.Module
    layers : sequence of str
        "pool", or names as in ``module.named_modules()``.
    pooling : {"avg", "max"}

    Returns
    -------
    list of Tap

    Raises
    ------
    ValueError
        If there is no such layer; the message lists those that there are.
    """
    return [
        _pool(module, pooling) if layer == "pool" else _named(module, layer) for layer in layers
    ]


@lru_cache(maxsize=64)
def layer_sizes(backbone: Backbone, layers: tuple[str, ...], pooling: str) -> tuple[int, ...]:
    """Count the columns of each layer by a dry run, without weights.

    Torchvision's networks run on torch's meta device: shapes without numbers. A factory may
    compute with its weights while it builds, so its network runs on zeros.

    Raises
    ------
    ValueError
        If there is no such layer, or it gives nothing that can be pooled to a vector.
    """
    if backbone.from_torchvision:
        with _EmptyOnMeta():
            module = build_seeded(backbone, 0).to("meta")
    else:
        module = build_seeded(backbone, 0)
    device = "meta" if backbone.from_torchvision else "cpu"
    zeros = torch.zeros(2, 3, backbone.size, backbone.size, dtype=torch.float32, device=device)
    outputs = forward(module, find_taps(module, layers, pooling), pooling, zeros)
    return tuple(output.shape[1] for output in outputs)


def _pool(module: nn.Module, pooling: str) -> Tap:
    children = dict(module.named_children())
    if "avgpool" in children:
        return Tap("pool", "avgpool", "output" if pooling == "avg" else "input")
    for head in HEADS:
        if head in children:
            return Tap("pool", head, "input")
    raise ValueError(
        'layer "pool" needs a module named avgpool or one of the heads '
        f"{HEADS} at the top of the network, which has {list(children)}. Name a layer instead."
    )


def _named(module: nn.Module, layer: str) -> Tap:
    names = [name for name, _ in module.named_modules() if name]
    if layer in names:
        return Tap(layer, layer, "output")
    near = difflib.get_close_matches(layer, names, n=3)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    stages = [name for name in names if name.count(".") < 2 and not name.startswith(HEADS)]
    raise ValueError(
        f"the network has no layer {layer!r}.{hint} There are 'pool', {', '.join(stages)}, and "
        "the names inside these, as in torch's named_modules()."
    )


class _EmptyOnMeta(TorchFunctionMode):
    # torch.device("meta") as a context would move everything, also what some networks
    # compute with while they are built. Parameters begin as torch.empty.
    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if func is torch.empty:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)
