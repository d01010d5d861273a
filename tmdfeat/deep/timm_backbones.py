"""Networks of the library timm (the extra ``tmdfeat[timm]``), under the names ``timm/...``."""

import functools
import re
import sys
from collections.abc import Mapping

import torch
from torch import nn

from tmdfeat.deep.architecture import TIMM, Backbone, unknown_name
from tmdfeat.deep.timm_registry import (
    is_for_images,
    timm_library,
    timm_name,
    timm_names,
    timm_settings,
)
from tmdfeat.deep.timm_weights import find_timm_weights

# timm names the last linear layer. A norm or a hidden layer of its own, or a row of sisters for
# several outputs, belong to the head, too.
INSIDE_HEAD = re.compile(r"\.(l|linear)$|(?<=\.fc)\.fc2$|(?<=^head)\.(proj|\d)$|(?<=^heads)\.\d$")


def find_timm_backbone(name: str) -> Backbone:
    """Look up a timm network: input size and normalisation are those of its weights.

    "pool" is what its classifier sees, timm's ``forward_head(..., pre_logits=True)``. Of
    distilled Vision Transformers, which have two classifiers, it is the class token alone, of
    CLIP's ResNets the mean over the map. CrossViT and EfficientViM have no "pool".

    Parameters
    ----------
    name : str
        "timm/" and timm's name, with or without the tag of its weights.

    Returns
    -------
    Backbone

    Raises
    ------
    ImportError
        If timm is not installed.
    ValueError
        If timm has no such network, or it does not take square images of three channels.
    """
    settings = timm_settings(name)
    if settings is None:
        raise unknown_name(
            name, _alternatives(name), "a network of timm", "backbone_names('timm/*') lists them."
        )
    if not is_for_images(settings):
        raise ValueError(
            f"{name!r} takes input of shape {tuple(settings.input_size)} or does not classify; "
            "CNNFeatures needs a network for square images of three channels."
        )
    full = timm_name(settings)
    return Backbone(
        TIMM + full,
        identity=TIMM + full,
        size=settings.input_size[-1],
        mean=tuple(settings.mean),
        std=tuple(settings.std),
        build=functools.partial(_build, full),
        source="timm",
        head=_head(settings.classifier),
        default_weights=functools.partial(find_timm_weights, full),
        adapt=_in_present_terms,
    )


def _alternatives(name: str) -> list[str]:
    """Names to guess from: the tags of a known network, else networks without tags."""
    network, known = name.partition(".")[0], timm_names()
    tags = [other for other in known if other.startswith(network + ".")]
    return tags or sorted({other.partition(".")[0] for other in known})


def _head(classifier) -> str:
    first = classifier if isinstance(classifier, str) else classifier[0]
    return INSIDE_HEAD.sub("", first)


def _build(name: str) -> nn.Module:
    return timm_library().create_model(name, pretrained=False)


def _in_present_terms(state: Mapping[str, torch.Tensor], module: nn.Module) -> Mapping:
    """Translate what older versions of timm, or a network's authors, named otherwise."""
    translate = getattr(sys.modules[type(module).__module__], "checkpoint_filter_fn", None)
    if translate is None:
        return state
    try:
        return translate(dict(state), module)
    # Tensors of another network: loading them says what does not fit.
    except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError):
        return state
