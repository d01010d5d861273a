"""Which places in a network "pool", stages and module names mean, and the columns they give."""

import difflib
import math
from collections.abc import Sequence

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.places import find_pool, tensor_shape
from tmdfeat.deep.pooling import channels, pooled_axes
from tmdfeat.deep.recording import IMAGES, Shape
from tmdfeat.deep.stages import stages_of
from tmdfeat.deep.survey import Survey, survey
from tmdfeat.deep.tapped import Tap, rows_message


def find_taps(backbone: Backbone, layers: Sequence[str], pooling: str) -> list[Tap]:
    """Turn layer names into places where to take activations.

    "pool" is what the network's head sees: the output of a module ``avgpool`` at the top
    level if there is one, else the input of the head (the one that the backbone names, or
    ``fc``, ``classifier``, ``heads`` or ``head``); of a Vision Transformer, that is the class
    token. With another pooling than "avg" it is what was averaged, or the tokens that the
    class token was taken from.

    Parameters
    ----------
    backbone : Backbone
    layers : sequence of str
        "pool", stages as in `stage_names`, or names as in ``module.named_modules()``.
    pooling : str
        One of `tmdfeat.deep.pooling.POOLINGS`.

    Returns
    -------
    list of Tap

    Raises
    ------
    ValueError
        If there is no such layer (the message lists those that there are), if it gives nothing
        that can be pooled to a vector, or has no class token for "token".
    """
    return [_resolve(backbone, layer, pooling)[0] for layer in layers]


def layer_sizes(backbone: Backbone, layers: Sequence[str], pooling: str) -> tuple[int, ...]:
    """Count the columns of each layer, without weights.

    Raises
    ------
    ValueError
        As `find_taps`.
    """
    return tuple(len(_numbered(backbone, layer, pooling)) for layer in layers)


def column_names(backbone: Backbone, layers: Sequence[str], pooling: str) -> list[str]:
    """Name the columns of layers: ``layer_number``, standard deviations ``layer_std_number``.

    Raises
    ------
    ValueError
        As `find_taps`.

    Examples
    --------
    >>> from tmdfeat.deep.backbones import find_backbone
    >>> from tmdfeat.deep.layers import column_names
    >>> names = column_names(find_backbone("resnet18", None), ["stage1"], "avg_std")
    >>> names[:2], names[-1]
    (['stage1_00', 'stage1_01'], 'stage1_std_63')
    """
    return [name for layer in layers for name in _numbered(backbone, layer, pooling)]


def _numbered(backbone: Backbone, layer: str, pooling: str) -> list[str]:
    tap, width = _resolve(backbone, layer, pooling)
    numbers = [f"{i:0{len(str(width - 1))}d}" for i in range(width)]
    means = [f"{layer}_{number}" for number in numbers]
    if pooling == "avg_std" and tap.axes:
        return means + [f"{layer}_std_{number}" for number in numbers]
    return means


def _resolve(backbone: Backbone, layer: str, pooling: str) -> tuple[Tap, int]:
    """Return the tap of a layer and how many channels it has."""
    seen = survey(backbone)
    if pooling == "token" and not seen.has_class_token:
        raise ValueError(
            "pooling='token' takes a network's class token, but "
            f"{backbone.name} has none. Vision Transformers have one, e.g. 'vit_b_16'; "
            "of other networks use 'avg', 'max', 'gem' or 'avg_std'."
        )
    tap, shape = find_pool(seen, pooling) if layer == "pool" else _named(backbone, layer)
    axes = _axes(layer, shape)
    if pooling == "token" and not _may_begin_with_class_token(shape):
        raise ValueError(
            f"layer {layer!r} gives shape {shape}, which has no class token: (n, tokens, columns) "
            "with more tokens than a square of patches has. Name another layer, or use another "
            "pooling."
        )
    return tap._replace(axes=axes), channels(shape, axes)


def _may_begin_with_class_token(shape: Shape) -> bool:
    # Some networks add it late, or cut it off before they average: patches alone are a square.
    return len(shape) == 2 or (len(shape) == 3 and math.isqrt(shape[1]) ** 2 != shape[1])


def _named(backbone: Backbone, layer: str) -> tuple[Tap, Shape]:
    seen, stages = survey(backbone), stages_of(backbone)
    name = layer if layer in seen.modules else stages.get(layer, layer)
    if name not in seen.modules:
        raise ValueError(_no_such_layer(layer, seen, stages))
    event = seen.last(name)
    if event is None:
        raise ValueError(f"layer {layer!r} is in the network, but no image passes it.")
    return Tap(layer, name, "output", ()), tensor_shape(layer, event.after, event)


def _axes(layer: str, shape: Shape) -> tuple[int, ...]:
    if shape and shape[0] != IMAGES:
        raise ValueError(rows_message(layer, shape[0], IMAGES))
    axes = pooled_axes(shape)
    if axes is None:
        raise ValueError(
            f"layer {layer!r} gives shape {shape}; needed are vectors (n, columns), tokens "
            "(n, tokens, columns), or square maps (n, channels, h, h) or (n, h, h, channels)."
        )
    return axes


def _no_such_layer(layer: str, seen: Survey, stages: dict[str, str]) -> str:
    near = difflib.get_close_matches(layer, ["pool", *stages, *seen.modules], n=3)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    outer = [n for n in seen.modules if n.count(".") < 2 and not n.startswith(seen.heads)]
    aliases = "".join(f"{stage} ({name}), " for stage, name in stages.items())
    return (
        f"the network has no layer {layer!r}.{hint} There are 'pool', {aliases}"
        f"{', '.join(outer)}, and the names inside these, as in torch's named_modules()."
    )
