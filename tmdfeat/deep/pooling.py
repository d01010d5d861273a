"""From what a layer gives to one vector per image."""

import torch

POOLINGS = ("avg", "max", "gem", "avg_std", "token")
GEM_POWER = 3.0
GEM_FLOOR = 1e-6


def pool(activation: torch.Tensor, axes: tuple[int, ...], pooling: str) -> torch.Tensor:
    """Pool over the axes of space, or of tokens, in float32.

    Parameters
    ----------
    activation : tensor of shape (n, channels, h, w), (n, h, w, channels), (n, tokens, channels)
        Or (n, columns), which has nothing to pool over and stays as it is.
    axes : tuple of int
        What to pool over; none for vectors.
    pooling : {"avg", "max", "gem", "avg_std", "token"}
        "gem" is the generalised mean with power 3 of values clamped at 1e-6 [1]_; "avg_std" the
        mean, then the standard deviation of the population; "token" the first token.

    Returns
    -------
    float32 tensor of shape (n, channels), with "avg_std" (n, 2 * channels)

    References
    ----------
    .. [1] Radenović, Tolias & Chum, IEEE TPAMI 41, 1655 (2019), doi:10.1109/TPAMI.2018.2846566

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.pooling import pool
    >>> pool(torch.tensor([[[[1.0, 3.0]]]]), (2, 3), "avg_std")
    tensor([[2., 1.]])
    """
    if not axes:
        return activation.clone().float()  # the next module may work in place
    values = activation.float()
    if pooling == "avg":
        return values.mean(axes)
    if pooling == "max":
        return values.amax(axes)
    if pooling == "gem":
        return values.clamp(min=GEM_FLOOR).pow(GEM_POWER).mean(axes).pow(1 / GEM_POWER)
    if pooling == "avg_std":
        return _mean_and_deviation(values, axes)
    return values[:, 0].clone()


def pooled_axes(shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Find the axes of space or tokens in the shape of an activation; None if it has no such.

    Images are square, so of the axes after the first, two of equal length are space. If all
    three are equal, channels come first.

    Examples
    --------
    >>> from tmdfeat.deep.pooling import pooled_axes
    >>> pooled_axes((2, 512, 7, 7)), pooled_axes((2, 7, 7, 768)), pooled_axes((2, 197, 768))
    ((2, 3), (1, 2), (1,))
    """
    if len(shape) in (2, 3):
        return (1,)[: len(shape) - 2]
    if len(shape) == 4:
        _, a, b, c = shape
        return (2, 3) if b == c else (1, 2) if a == b else None
    return None


def channels(shape: tuple[int, ...], axes: tuple[int, ...]) -> int:
    """Count the columns that are left of a shape without these axes."""
    (axis,) = set(range(1, len(shape))) - set(axes)
    return shape[axis]


def _mean_and_deviation(values: torch.Tensor, axes: tuple[int, ...]) -> torch.Tensor:
    mean = values.mean(axes, keepdim=True)
    deviation = (values - mean).square().mean(axes).sqrt()
    return torch.cat([mean.flatten(1), deviation], dim=1)
