"""From the name of a torchvision network to an untrained module and the input it wants."""

import functools

from torch import nn
from torchvision import models

from tmdfeat.deep.architecture import SURFACENET, Backbone, unknown_name
from tmdfeat.deep.micronet import micronet_input

# Heads that only help training: never part of a forward pass in eval mode.
AUXILIARY = {"googlenet": ("aux1.", "aux2."), "inception_v3": ("AuxLogits.",)}


def torchvision_names() -> list[str]:
    """List torchvision's classification networks."""
    return models.list_models(module=models)


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


def find_torchvision_backbone(name: str, weights) -> Backbone:
    """Look up a torchvision network; the name of weights sets its input's size.

    Raises
    ------
    ValueError
        If there is no such network.
    """
    if name not in torchvision_names():
        raise unknown_name(
            name,
            [SURFACENET, *torchvision_names()],
            "'surfacenet' or one of torchvision's classification networks",
            "tmdfeat.deep.backbone_names() lists them; names of timm's begin with 'timm/'.",
        )
    entry = named_weights(name, weights) or models.get_model_weights(name).DEFAULT
    wanted = micronet_input(name, weights) or entry.transforms()
    size = wanted.crop_size[0]
    return Backbone(
        name,
        identity=(name, weights is None and name in AUXILIARY),  # only they are built otherwise
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
