"""From a file of weights into a module, without ever unpickling anything but tensors."""

import pickle
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import nn

from tmdfeat.deep.architecture import Backbone

OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")
PARALLEL = re.compile(r"^features\.module\.")  # only its convolutions in DataParallel


class MissingHead(nn.Module):
    """In place of a head without weights: what goes in can be had, what comes out cannot."""

    def __init__(self, message: str):
        super().__init__()
        self.refusal = ValueError(message)  # no text: the file's place is no setting

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def register_forward_hook(self, *args, **kwargs):
        raise self.refusal


def load_weights(module: nn.Module, path: Path, backbone: Backbone) -> None:
    """Copy the weights in a file into a module, all of them and nothing else.

    Only the whole head may be missing, of a torchvision network, as in files that are meant
    for other tasks: the module then has none, and its output cannot be taken.

    Parameters
    ----------
    module : torch.nn.Module
        Changed in place.
    path : Path
        ``.safetensors``, or anything else that ``torch.load(weights_only=True)`` reads.
    backbone : Backbone
        What the module is, for names and messages.

    Raises
    ------
    ValueError
        If the file holds more than tensors or cannot be read, or if the tensors do not fit or
        are not finite: the message says which layer.
    """
    state = read_state(path)
    if all(name.startswith("module.") for name in state):  # torch's DataParallel
        state = _renamed(state, lambda name: name.removeprefix("module."))
    state = _renamed(
        state, lambda name: PARALLEL.sub("features.", OLD_DENSENET.sub(r"\1\2.", name))
    )
    for name in [name for name in state if name.startswith(backbone.ignored_weights)]:
        del state[name]
    _check_finite(state, path)
    if backbone.from_torchvision:
        without_head(module, state, str(path))
    if backbone.adapt is not None and not _fits(module, state):
        state = backbone.adapt(state, module)
    try:
        module.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise ValueError(
            f"the weights in {path} do not fit {backbone.name}: {_misfit(module, state)}. Are "
            "they those of another network? If yours differs, e.g. in its number of classes, "
            "give a function that builds it as backbone."
        ) from error


def read_state(path: Path) -> Mapping[str, torch.Tensor]:
    """Read a state dict, tensors and nothing else, into the CPU's memory.

    Raises
    ------
    ValueError
        If the file holds more than tensors, or cannot be read.
    """
    try:
        if path.suffix == ".safetensors":
            state = safetensors.torch.load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ValueError(
            f"{path} is no plain state dict: it is damaged, or holds Python objects beside "
            "tensors, and loading those could run any code, so tmdfeat refuses. Save it anew "
            "where you trust it: torch.save(module.state_dict(), path), or as .safetensors."
        ) from error
    except (RuntimeError, EOFError, OSError, SafetensorError) as error:
        raise ValueError(f"{path} cannot be read; is it damaged or cut off? ({error})") from error
    if not isinstance(state, Mapping) or not all(map(torch.is_tensor, state.values())):
        keys = list(state)[:5] if isinstance(state, Mapping) else type(state).__name__
        raise ValueError(
            f"{path} must hold a state dict (names of layers -> tensors), got {keys}. Save "
            "module.state_dict() alone."
        )
    return state


def _check_finite(state: Mapping[str, torch.Tensor], path: Path) -> None:
    for name, tensor in state.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise ValueError(
                f"{path} holds NaN or infinite weights, first in {name!r}: the network did not "
                "learn, or the file is damaged. Take other weights."
            )


def without_head(module: nn.Module, state: Mapping[str, torch.Tensor], where: str) -> None:
    """Take the head away from a torchvision network if the state has nothing for it."""
    head, part = list(module.named_children())[-1]  # so in all of torchvision's classifiers
    own = {f"{head}.{name}" for name in part.state_dict()}
    if own and not own & set(state):
        message = f"{where} has no weights for {head!r}, so its output cannot be taken as a layer."
        setattr(module, head, MissingHead(message))


def _renamed(state: Mapping, rename: Callable[[str], str]) -> "OrderedDict[str, torch.Tensor]":
    renamed = OrderedDict((rename(name), tensor) for name, tensor in state.items())
    if hasattr(state, "_metadata"):  # layers' format versions, which load_state_dict looks at
        renamed._metadata = state._metadata  # type: ignore[attr-defined]
    return renamed


def _fits(module: nn.Module, state: Mapping) -> bool:
    own = {name: tensor.shape for name, tensor in module.state_dict().items()}
    return own == {name: tensor.shape for name, tensor in state.items()}


def _misfit(module: nn.Module, state: Mapping) -> str:
    own = module.state_dict()
    missing = [name for name in own if name not in state]
    unknown = [name for name in state if name not in own]
    shapes = [name for name in own if name in state and own[name].shape != state[name].shape]
    parts = []
    if shapes:
        name = shapes[0]
        parts.append(
            f"{len(shapes)} shapes differ, first {name!r} (network {tuple(own[name].shape)}, "
            f"file {tuple(state[name].shape)})"
        )
    if missing:
        parts.append(f"{len(missing)} layers' tensors are missing, first {missing[0]!r}")
    if unknown:
        parts.append(f"{len(unknown)} are unknown, first {unknown[0]!r}")
    return "; ".join(parts)
