"""Which software runs a network."""

from collections.abc import Callable

import torch

from tmdfeat.deep.backbones import Backbone
from tmdfeat.deep.tapped import Tapped

ENGINES = ("torch", "openvino")
PRECISIONS = ("float32", "bfloat16")


def make_engine(
    engine: str, tapped: Tapped, device: str, precision: str, backbone: Backbone
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Make a callable from grey images to features, both in the CPU's memory.

    Parameters
    ----------
    engine : {"torch", "openvino"}
    tapped : Tapped
        In eval mode, on the CPU, float32; it may be changed.
    device : str
    precision : {"float32", "bfloat16"}
    backbone : Backbone
    """
    if engine == "openvino":
        from tmdfeat.deep import engine_openvino  # an extra, and slow to import

        return engine_openvino.make_engine(tapped, precision, backbone.size)
    from tmdfeat.deep import engine_torch

    # A factory's network may use .view(), which the layout channels-last breaks; weights of
    # convolutions over volumes, as in timm's Lambda ResNets, do not have it.
    flat = all(parameter.ndim < 5 for parameter in tapped.parameters())
    return engine_torch.make_engine(
        tapped, device, precision, channels_last=backbone.from_library and flat
    )
