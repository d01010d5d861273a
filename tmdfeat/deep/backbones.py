"""From a torchvision name or a factory to an untrained module and the input it wants."""

import difflib
import functools
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import torch
from torch import nn
from torchvision import models

from tmdfeat.deep.factories import factory_identity, factory_name
from tmdfeat.deep.precision import plain_float32

# What a factory's network takes: torchvision's usual input.
SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)

# Heads that only help training: never part of a forward pass in eval mode.
AUXILIARY = {"googlenet": ("aux1.", "aux2."), "inception_v3": ("AuxLogits.",)}

_seeding = threading.RLock()  # torch has one generator for all threads


@dataclass(frozen=True)
class Backbone:
    """An architecture and the input it was made for.

    Two are equal if they build the same network, so that loaded networks can be looked up.
    """

    name: str
    identity: Hashable
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    build: Callable[[], nn.Module] = field(compare=False, repr=False)
    from_torchvision: bool = True
    ignored_weights: tuple[str, ...] = ()


def backbone_names() -> list[str]:
    """Names that `CNNFeatures` knows: every torchvision classification network.

    Examples
    --------
    >>> from tmdfeat.deep import backbone_names
    >>> "resnet18" in backbone_names()
    True
    """
    return models.list_models(module=models)


def find_backbone(backbone, weights) -> Backbone:
    """Look up what `CNNFeatures(backbone, weights=weights)` means.

    Parameters
    ----------
    backbone : str or callable that returns a torch.nn.Module
    weights : str, path or None
        Only torchvision's weights of that name matter here: they set the input's size.

    Returns
    -------
    Backbone

    Raises
    ------
    ValueError
        If the name is not known, or a factory cannot be pickled.
    TypeError
        If `backbone` is neither a name nor a factory.
    """
    if isinstance(backbone, str):
        return _from_torchvision(backbone, weights)
    if isinstance(backbone, nn.Module) or not callable(backbone):
        raise TypeError(
            "backbone must be the name of a torchvision network or a function that returns a "
            f"torch.nn.Module, got {type(backbone).__name__}. A network itself would travel with "
            "every clone and pickle: wrap what builds it in a function."
        )
    return Backbone(
        factory_name(backbone),
        identity=factory_identity(backbone),
        size=SIZE,
        mean=MEAN,
        std=STD,
        build=backbone,
        from_torchvision=False,
    )


def named_weights(name: str, weights):
    """Return torchvision's entry for the weights "default" or of that name, or None.

    Parameters
    ----------
    name : str
        A torchvision network.
    weights : str, path or None

    Returns
    -------
    torchvision.models.WeightsEnum or None
    """
    known = models.get_model_weights(name)
    if weights == "default":
        return known.DEFAULT
    if isinstance(weights, str):
        return known.__members__.get(weights.removeprefix(f"{known.__name__}."))
    return None


def build_seeded(backbone: Backbone, seed: int) -> nn.Module:
    """Build the untrained network from a seed; torch's global random state stays as it was.

    Raises
    ------
    TypeError
        If a factory does not return a torch.nn.Module, or one that is not float32.
    """
    with _seeding, plain_float32("cpu"), torch.random.fork_rng(devices=[]):
        # Not torch.manual_seed: that would seed the GPUs too, which are not forked.
        torch.random.default_generator.manual_seed(seed)
        module = backbone.build()
    if not isinstance(module, nn.Module):
        raise TypeError(
            f"the backbone factory {backbone.name!r} must return a torch.nn.Module, "
            f"got {type(module).__name__}."
        )
    _check_float32(module, backbone)
    return module.eval().requires_grad_(False)


def _check_float32(module: nn.Module, backbone: Backbone) -> None:
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point() and tensor.dtype != torch.float32:
            raise TypeError(
                f"the backbone factory {backbone.name!r} must return a float32 network, but "
                f"{name!r} is {tensor.dtype}. Call .float() on it in the factory."
            )


def _from_torchvision(name: str, weights) -> Backbone:
    if name not in backbone_names():
        near = difflib.get_close_matches(name, backbone_names(), n=3)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(
            f"backbone must be one of torchvision's classification networks, got {name!r}.{hint} "
            "tmdfeat.deep.backbone_names() lists them."
        )
    entry = named_weights(name, weights) or models.get_model_weights(name).DEFAULT
    wanted = entry.transforms()
    size = wanted.crop_size[0]
    return Backbone(
        name,
        identity=(name, weights is None),
        size=size,
        mean=tuple(wanted.mean),
        std=tuple(wanted.std),
        build=functools.partial(_build, name, size, weights is not None),
        ignored_weights=AUXILIARY.get(name, ()),
    )


def _build(name: str, size: int, pretrained: bool) -> nn.Module:
    builder = models.get_model_builder(name)
    if name.startswith("vit_"):
        return builder(weights=None, image_size=size)
    if name in AUXILIARY:
        # Their weights were trained on another normalisation, which the network itself applies.
        return builder(
            weights=None,
            aux_logits=False,
            init_weights=not pretrained,
            transform_input=pretrained,
        )
    return builder(weights=None)
