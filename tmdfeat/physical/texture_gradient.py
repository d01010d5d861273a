"""Texture family, fifth part: angular harmonics of the gradient's direction.

What a histogram of oriented gradients tells whichever way the map is turned, without its bins.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.texture_tensor import FOLDS, Tensor, tensor


def gradient_harmonic(z, pixel_size=1.0, fold: int = 2) -> float:
    """Angular harmonic of the gradient's direction, weighted with its length, 0 to 1.

    abs(sum g e^(i fold phi)) / sum g over the 2x2 cells. 0 if no direction is preferred; 1 for
    fold 2 on stripes, 4 on square pyramids, 6 on triangular and hexagonal ones. Unchanged by an
    offset, a factor, quarter turns and flips. NaN for a flat map.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    fold : {2, 4, 6}

    Examples
    --------
    >>> round(gradient_harmonic([[0, 1, 0, 2, 0]] * 3, fold=6), 9)
    1.0
    """
    t = tensor(z, pixel_size)
    return abs(t.harmonics[fold]) / t.harmonics[0].real if t.steepest else np.nan


DESCRIPTORS = tuple(
    Descriptor(
        f"gradient_c{fold}",
        partial(gradient_harmonic, fold=fold),
        family="texture",
        source="doi:10.1109/CVPR.2005.177",
        unit_px="px",
        needs=("pixel_size",),
        prepare=Tensor,
        summary=f"{fold}-fold anisotropy of gradient directions, 0 to 1.",
    )
    for fold in FOLDS
)
