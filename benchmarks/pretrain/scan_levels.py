"""Levelling of many scans at once, by the package's presets "plane" and "standard"."""

import torch
from torch import Tensor


def level(z: Tensor, levelling: str | None) -> Tensor:
    """Level scans.

    Parameters
    ----------
    z : Tensor of shape (n, h, w), nm
    levelling : {None, "plane", "standard"}
        As `tmdfeat.preprocess.preset`. Its "paper" fills, clips and resizes map by map on the
        host: apply it to the heights afterwards.

    Raises
    ------
    ValueError
        If the levelling is not among these.
    """
    if levelling not in (None, "plane", "standard"):
        raise ValueError(
            f'levelling must be None, "plane" or "standard" for a batch, got {levelling!r}. Apply '
            "other presets of tmdfeat.preprocess to the heights of single maps."
        )
    if levelling == "standard":
        z = align_rows(z)
    return z if levelling is None else level_planes(z)


def align_rows(z: Tensor) -> Tensor:
    """Shift each row by the median of its difference from the row before."""
    steps = (z[:, 1:] - z[:, :-1]).sort(2).values
    w = z.shape[2]
    median = (steps[..., (w - 1) // 2] + steps[..., w // 2]) / 2
    shift = torch.nn.functional.pad(median.cumsum(1), (1, 0))
    return z - shift[..., None]


def level_planes(z: Tensor) -> Tensor:
    """Subtract least-squares planes, by directions that are orthogonal on the grid."""
    z = z - z.mean((1, 2), keepdim=True)
    for axis in (1, 2):
        n = z.shape[axis]
        way = torch.linspace(-1, 1, n, device=z.device)
        slope = (z.mean(3 - axis) * way).sum(1) / (way**2).sum()
        z = z - (slope[:, None] * way).unsqueeze(3 - axis)
    return z
