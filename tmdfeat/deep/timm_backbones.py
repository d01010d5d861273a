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

# timm names the last linear layer. Where that has a norm, a hidden layer or several siblings
# around it, what belongs together is one level up.
INSIDE_HEAD = re.compile(r"\.(l|linear|\d)$|(?<=\.fc)\.fc2$|(?<=^head)\.proj$")


def find_timm_backbone(name: str) -> Backbone:
    """Look up a timm network: input size and normalisation are those of its weights.

    "pool" is what its classifier sees, timm's ``forward_head(..., pre_logits=True)``; of
    distilled Vision Transformers, which have two classifiers, the class token alone.

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
    """Names to guess from: the tags of a known network, else all."""
    tags = [known for known in timm_names() if known.startswith(name.partition(".")[0] + ".")]
    return tags or timm_names()


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
