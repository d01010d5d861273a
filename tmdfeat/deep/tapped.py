"""A network from grey images to pooled features, with activations taken on the way."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from tmdfeat.deep.pooling import pool


class Tap(NamedTuple):
    """A place in a network where an activation is taken, and the axes that it is pooled over.

    `side` is "input" or "output" of the module of that name. Where no module has the
    activation, `module` is "" and `side` is the name of a torch function: the activation is
    its first argument, after `call` other calls of that function.
    """

    layer: str
    module: str
    side: str
    axes: tuple[int, ...]
    call: int = 0


class Tapped(nn.Module):
    """A network from grey images to the pooled activations at its taps, side by side.

    Of a module that runs several times in one pass, the last time counts. One thread at a time
    may be inside: its hooks would see another thread's images (`plain_float32` sees to that).
    Can be traced by torch.jit.trace, with an example of the size to come.

    Parameters
    ----------
    module : torch.nn.Module
        In eval mode. May be in another dtype than float32; images are normalised before they
        are cast to it, and activations pooled after they were cast back.
    taps : sequence of Tap
        See `tmdfeat.deep.layers.find_taps`.
    pooling : str
        One of `tmdfeat.deep.pooling.POOLINGS`.
    mean, std : sequence of float
        Normalisation that the network was trained with, for grey values in 0..1: one number for
        each channel of its input, which all see the same grey.
    """

    def __init__(
        self,
        module: nn.Module,
        taps: Sequence[Tap],
        pooling: str,
        mean: Sequence[float],
        std: Sequence[float],
    ):
        super().__init__()
        self.module = module
        self.taps = tuple(taps)
        self.pooling = pooling
        self.mean = tuple(mean)  # not buffers: those would be rounded with the weights
        self.std = tuple(std)

    def forward(self, grey: torch.Tensor) -> torch.Tensor:
        """Send grey images through the network.

        Parameters
        ----------
        grey : float32 tensor of shape (n, 1, S, S)

        Returns
        -------
        float32 tensor of shape (n, columns)

        Raises
        ------
        ValueError
            If a tap is never reached, or does not see one row per image.
        """
        normalised = [(grey - mean) / std for mean, std in zip(self.mean, self.std, strict=True)]
        batch = torch.cat(normalised, dim=1).to(self._dtype())
        found = self._run(batch)
        for tap in self.taps:
            _check(tap, found, batch)
        return torch.cat([found[tap.layer] for tap in self.taps], dim=1)

    def _dtype(self) -> torch.dtype:
        floating = (p.dtype for p in self.module.parameters() if p.is_floating_point())
        return next(floating, torch.float32)

    def _run(self, batch: torch.Tensor) -> dict[str, torch.Tensor]:
        calls = _Calls(self.taps, self.pooling)
        handles = [
            _hook(self.module.get_submodule(tap.module), tap, calls)
            for tap in self.taps
            if tap.module
        ]
        try:
            if len(handles) == len(self.taps):
                self.module(batch)
            else:
                with calls:
                    self.module(batch)
        finally:
            for handle in handles:
                handle.remove()
        return calls.found


class _Calls(TorchFunctionMode):
    """Keeps pooled activations; while entered, also those that only functions see."""

    def __init__(self, taps: Sequence[Tap], pooling: str):
        super().__init__()
        self.wanted = {(tap.side, tap.call): tap for tap in taps if not tap.module}
        self.pooling = pooling
        self.found: dict[str, torch.Tensor] = {}
        self.seen: Counter[str] = Counter()
        self.in_hook = False

    def keep(self, tap: Tap, activation: torch.Tensor) -> None:
        # Pooling at once, not after the pass: an in-place ReLU may follow.
        self.in_hook = True
        self.found[tap.layer] = pool(activation, tap.axes, self.pooling)
        self.in_hook = False

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if not self.in_hook:
            tap = self.wanted.get((name, self.seen[name]))
            self.seen[name] += 1
            if tap is not None:
                self.keep(tap, args[0])
        return func(*args, **(kwargs or {}))


def _hook(module: nn.Module, tap: Tap, calls: _Calls):
    if tap.side == "output":
        return module.register_forward_hook(lambda _module, _args, out: calls.keep(tap, out))
    return module.register_forward_pre_hook(lambda _module, args: calls.keep(tap, args[0]))


def _check(tap: Tap, found: dict[str, torch.Tensor], batch: torch.Tensor) -> None:
    if tap.layer not in found:
        raise ValueError(f"layer {tap.layer!r} is in the network, but no image passes it.")
    if torch.jit.is_tracing():  # a trace cannot look at lengths
        return
    if len(found[tap.layer]) != len(batch):
        raise ValueError(rows_message(tap.layer, len(found[tap.layer]), len(batch)))


def rows_message(layer: str, rows: int, images: int) -> str:
    """Say that a layer sees parts of images."""
    return (
        f"layer {layer!r} gives {rows} rows for {images} images: it sees parts of images. Name "
        "the layer around it."
    )
