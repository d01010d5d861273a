"""What the processor can do at best, and how much of it networks ask for."""

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode


def multiply(precision: str, side: int, device: str = "cpu") -> Callable:
    """Return a function that multiplies two square matrices of one precision."""
    dtype = getattr(torch, precision)
    generator = torch.Generator(device).manual_seed(0)
    a, b = (torch.randn(side, side, device=device, generator=generator).to(dtype) for _ in range(2))
    return lambda: a @ b


def multiply_gflop(side: int) -> float:
    """Billions of floating-point operations of one such product."""
    return 2e-9 * side**3


def network_gflop(model: nn.Module, size: int = 224) -> float:
    """Billions of floating-point operations of one image, a multiply-add counted as two."""
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    return counter.get_total_flops() / 1e9
