"""One forward pass, with activations taken on the way and pooled to vectors."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import nn

from tmdfeat.deep.precision import plain_float32


class Tap(NamedTuple):
    """A place in a network: the input or output of the module of that name."""

    layer: str
    module: str
    side: str


def forward(
    module: nn.Module, taps: Sequence[Tap], pooling: str, batch: torch.Tensor
) -> list[torch.Tensor]:
    """Send a batch through a network in float32 and return what passes the taps, pooled.

    Of a module that runs several times in one pass, the last time counts.

    Parameters
    ----------
    module : torch.nn.Module
        In eval mode.
    taps : sequence of Tap
    pooling : {"avg", "max"}
    batch : tensor of shape (n, 3, S, S)

    Returns
    -------
    list of tensors of shape (n, columns), one for each tap

    Raises
    ------
    ValueError
        If a tap sees no vectors, tokens or maps of one row per image, or is never reached.
    """
    found: dict[str, torch.Tensor] = {}
    # One thread at a time: hooks of two in one module would see each other's images.
    with plain_float32(batch.device.type), torch.inference_mode():
        handles = [_hook(module.get_submodule(tap.module), tap, pooling, found) for tap in taps]
        try:
            module(batch)
        finally:
            for handle in handles:
                handle.remove()
    outputs = []
    for tap in taps:
        if tap.layer not in found:
            raise ValueError(f"layer {tap.layer!r} is in the network, but no image passes it.")
        if len(found[tap.layer]) != len(batch):
            raise ValueError(
                f"layer {tap.layer!r} gives {len(found[tap.layer])} rows for {len(batch)} images: "
                "it sees parts of images. Name the layer around it."
            )
        outputs.append(found[tap.layer])
    return outputs


def pool(activation: torch.Tensor, layer: str, pooling: str) -> torch.Tensor:
    """Pool maps over space and tokens over tokens; vectors stay as they are.

    Maps are (n, channels, h, w), or (n, h, w, channels) as in Swin: images are square, so the
    two axes of equal length are space. If all three are equal, channels come first.

    Raises
    ------
    ValueError
        If the activation is no tensor of 2, 3 or 4 axes, or no two axes are equal.
    """
    if not torch.is_tensor(activation):
        raise ValueError(f"layer {layer!r} must give a tensor, got {type(activation).__name__}.")
    axes = _pooled_axes(activation, layer)
    if not axes:
        return activation.clone()  # the next module may work in place
    return activation.mean(axes) if pooling == "avg" else activation.amax(axes)


def _hook(module: nn.Module, tap: Tap, pooling: str, found: dict):
    # Pooling at once, not after the pass: an in-place ReLU may follow.
    if tap.side == "output":

        def after(_module, _args, output):
            found[tap.layer] = pool(output, tap.layer, pooling)

        return module.register_forward_hook(after)

    def before(_module, args):
        if pooling == "max" and args[0].ndim == 2:
            raise ValueError(
                f"layer {tap.layer!r} of this network is averaged before its head sees it, so "
                "pooling='max' cannot apply. Name the layer before, or use pooling='avg'."
            )
        found[tap.layer] = pool(args[0], tap.layer, pooling)

    return module.register_forward_pre_hook(before)


def _pooled_axes(activation: torch.Tensor, layer: str) -> tuple[int, ...]:
    if activation.ndim in (2, 3):
        return (1,)[: activation.ndim - 2]
    if activation.ndim == 4:
        _, a, b, c = activation.shape
        if b == c:
            return (2, 3)
        if a == b:
            return (1, 2)
    raise ValueError(
        f"layer {layer!r} gives shape {tuple(activation.shape)}; needed are vectors (n, columns), "
        "tokens (n, tokens, columns), or square maps (n, channels, h, h) or (n, h, h, channels)."
    )
