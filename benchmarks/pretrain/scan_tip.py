"""The tip, for many scans at once."""

import torch
from torch import Tensor


def dilate(z: Tensor, pixel: Tensor, radius: Tensor) -> Tensor:
    """Return the images of surfaces that parabolic tips touch.

    Parameters
    ----------
    z : Tensor of shape (n, h, w), nm
    pixel, radius : Tensors of shape (n, 1, 1), nm
        A radius of 0 is an infinitely sharp tip.

    Returns
    -------
    Tensor of shape (n, h, w), nm
    """
    span = z.amax((1, 2), keepdim=True) - z.amin((1, 2), keepdim=True)
    # Farther than this a tip touches nothing that is not touched nearer.
    reach = int(((2 * radius * span).sqrt() / pixel).max())
    return raise_parabolas(z, pixel**2 / (2 * radius), reach)


def raise_parabolas(z: Tensor, curvature: Tensor, reach: int) -> Tensor:
    """Return where z(x + u) - curvature * |u|² is highest, over shifts u of whole pixels.

    Parameters
    ----------
    z : Tensor of shape (n, h, w)
    curvature : Tensor of shape (n, 1, 1)
        May be infinite.
    reach : int
        Largest shift in rows and in columns.
    """
    for axis in (1, 2):
        highest, n = z.clone(), z.shape[axis]
        for shift in range(1, min(reach, n - 1) + 1):
            lowered = z - curvature * shift**2
            for to, of in ((shift, 0), (0, shift)):
                part = highest.narrow(axis, to, n - shift)
                torch.maximum(part, lowered.narrow(axis, of, n - shift), out=part)
        z = highest
    return z
