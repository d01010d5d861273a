"""What the processor can do at best, and how much of it networks ask for."""

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

PRECISIONS = ("float32", "bfloat16")
IMAGES, SIDE = 32, 14  # rows of the first matrix: a batch of maps deep in a ResNet


def products(columns: int) -> dict[tuple[str, str], Callable]:
    """Products of two matrices, by precision and by who multiplies.

    A convolution of size 1 is such a product too, of another library: which of the two is near
    what the processor can do depends on the processor.
    """
    found: dict[tuple[str, str], Callable] = {}
    for precision in PRECISIONS:
        dtype = getattr(torch, precision)
        conv = nn.Conv2d(columns, columns, 1, bias=False).to(dtype).requires_grad_(False)
        conv = conv.to(memory_format=torch.channels_last)
        pixels = torch.rand(IMAGES, columns, SIDE, SIDE).to(dtype)
        pixels = pixels.to(memory_format=torch.channels_last)
        a, b = pixels.permute(0, 2, 3, 1).reshape(-1, columns), conv.weight[:, :, 0, 0].T
        found[precision, "product"] = lambda a=a, b=b: a @ b
        found[precision, "convolution"] = lambda conv=conv, pixels=pixels: conv(pixels)
    return found


def product_gflop(columns: int) -> float:
    """Billions of floating-point operations of one such product."""
    return 2e-9 * IMAGES * SIDE**2 * columns**2


def network_gflop(model: nn.Module, size: int = 224) -> float:
    """Billions of floating-point operations of one image, a multiply-add counted as two."""
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    return counter.get_total_flops() / 1e9
