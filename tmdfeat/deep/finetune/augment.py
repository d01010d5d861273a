"""Images as they might have been scanned as well: turned, mirrored, cut out."""

import math

import torch
from torch import Tensor
from torch.nn import functional as nnf

AUGMENTS = (None, "flip", "d4", "rotation", "crop")
SMALLEST_CROP = 0.7  # of the side


def augment(grey: Tensor, kind: str | None, generator: torch.Generator) -> Tensor:
    """Change each image of a batch at random.

    Parameters
    ----------
    grey : tensor of shape (n, 1, S, S)
    kind : {None, "flip", "d4", "rotation", "crop"}
        "flip": up-down and left-right, each with probability one half. "d4": those and quarter
        turns, all eight alike. "rotation": by any angle, mirrored beyond the edges, and flips.
        "crop": a square of 0.7 to 1 of the side anywhere in the image, resized, and flips.
    generator : torch.Generator
        On the CPU, so that every device draws the same.

    Returns
    -------
    tensor of the same shape

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.finetune.augment import augment
    >>> image = torch.arange(4.0).reshape(1, 1, 2, 2)
    >>> sorted(augment(image, "d4", torch.Generator().manual_seed(0)).flatten().tolist())
    [0.0, 1.0, 2.0, 3.0]
    """
    if kind is None:
        return grey
    grey = _where(_coin(grey, generator), grey.flip(2), grey)
    grey = _where(_coin(grey, generator), grey.flip(3), grey)
    if kind == "d4":
        return _where(_coin(grey, generator), grey.transpose(2, 3), grey)
    if kind == "rotation":
        angle = torch.rand(len(grey), generator=generator) * 2 * math.pi
        return _sampled(grey, _rotations(angle))
    if kind == "crop":
        return _sampled(grey, _windows(torch.rand(len(grey), 3, generator=generator)))
    return grey


def _coin(grey: Tensor, generator: torch.Generator) -> Tensor:
    return (torch.rand(len(grey), generator=generator) < 0.5).to(grey.device)


def _where(choice: Tensor, one: Tensor, other: Tensor) -> Tensor:
    return torch.where(choice[:, None, None, None], one, other)


def _rotations(angle: Tensor) -> Tensor:
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    return torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).reshape(-1, 2, 3)


def _windows(drawn: Tensor) -> Tensor:
    side = SMALLEST_CROP + (1 - SMALLEST_CROP) * drawn[:, 0]
    right, down = ((1 - side) * (2 * drawn[:, i] - 1) for i in (1, 2))
    zero = torch.zeros_like(side)
    return torch.stack([side, zero, right, zero, side, down], dim=1).reshape(-1, 2, 3)


def _sampled(grey: Tensor, theta: Tensor) -> Tensor:
    grid = nnf.affine_grid(theta.to(grey), list(grey.shape), align_corners=False)
    return nnf.grid_sample(grey, grid, padding_mode="reflection", align_corners=False)
