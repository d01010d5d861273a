"""Texture family, fifth part: angular harmonics of the gradient's direction.

What a histogram of oriented gradients tells whichever way the map is turned, without its bins.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.texture_tensor import Tensor, tensor

FOLDS = (2, 4, 6)


class Directions:
    """Harmonics of the directions of a map's gradients; see `Tensor` for the gradients.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W), or Tensor
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.tensor: Tensor = tensor(z, pixel_size)

    @cached_property
    def harmonics(self) -> dict[int, complex]:
        """Sum of g e^(i fold phi), g the length of the gradient, of folds 0, 2, 4 and 6."""
        energy, even, odd = self.tensor.parts
        twice = even + 1j * odd  # the direction, its angle doubled, times energy
        turn = np.divide(twice, energy, out=np.zeros_like(twice), where=energy > 0)
        length = np.sqrt(energy)
        sums, term = {0: complex(length.sum())}, length * turn
        for fold in FOLDS:
            sums[fold] = complex(term.sum())
            term *= turn
        return sums


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
    d = z if isinstance(z, Directions) else Directions(z, pixel_size)
    return abs(d.harmonics[fold]) / d.harmonics[0].real if d.tensor.steepest else np.nan


DESCRIPTORS = tuple(
    Descriptor(
        f"gradient_c{fold}",
        partial(gradient_harmonic, fold=fold),
        family="texture",
        source="doi:10.1109/CVPR.2005.177",
        unit_px="px",
        needs=("pixel_size",),
        prepare=Directions,
        summary=f"{fold}-fold anisotropy of gradient directions, 0 to 1.",
    )
    for fold in FOLDS
)
