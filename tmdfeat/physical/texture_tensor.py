"""Texture family, fourth part: the structure tensor of the whole map and in windows.

The tensor is the mean of the products of the gradient's components, over the map or in windows;
gradients are those of the planes fitted to each 2x2 cell. Its mean energy is about Sdq squared
of the slope family, and its direction says how the sample was mounted, so neither is listed.
Each function takes heights (H, W) and the pixel size in the same unit. A flat map gives NaN.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.arrays import check_heights, check_pixel_size, is_flat
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.local_windows import window_mean, window_shape
from tmdfeat.physical.row_blocks import block_map, block_mean, row_blocks

WINDOWS = (32, 128)
FOLDS = (2, 4, 6)  # harmonics of the gradient's direction
NOISE = 1e-15  # energy, in units of the largest, that running sums leave where there is none


class Tensor:
    """Gradients of a map, in units of the largest component.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        if is_flat(z) or min(z.shape) < 2:
            z = np.zeros((2, 2))
        z = z / max(float(np.abs(z).max()), np.finfo(float).tiny)
        dy, dx = self.pixel_size
        corners = z[1:, 1:], z[1:, :-1], z[:-1, 1:], z[:-1, :-1]
        self.x = block_map(lambda a, b, c, d: (a - b) / dx + (c - d) / dx, *corners)
        self.y = block_map(lambda a, b, c, d: (a - c) / dy + (b - d) / dy, *corners)
        self.steepest = max(float(max(g.max(), -g.min())) for g in (self.x, self.y))
        if self.steepest:
            self.x /= self.steepest
            self.y /= self.steepest
        self._windows: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Trace xx + yy of the tensor, and its deviator: xx - yy and 2 xy."""
        return (
            block_map(lambda x, y: x * x + y * y, self.x, self.y),
            block_map(lambda x, y: x * x - y * y, self.x, self.y),
            block_map(lambda x, y: 2 * x * y, self.x, self.y),
        )

    @cached_property
    def harmonics(self) -> dict[int, complex]:
        """Sum of g e^(i fold phi), g the gradient's length, phi its direction, by fold."""
        sums = dict.fromkeys((0, *FOLDS), 0j)
        for block in row_blocks(self.x):
            energy, even, odd = (part[block] for part in self.parts)
            twice = even + 1j * odd  # the direction, its angle doubled, times energy
            turn = np.divide(twice, energy, out=np.zeros_like(twice), where=energy > 0)
            term = np.sqrt(energy).astype(np.complex128)
            for fold in sums:
                sums[fold] += complex(term.sum())
                term *= turn
        return sums

    def in_windows(self, side: float) -> tuple[np.ndarray, np.ndarray] | None:
        """Mean trace and length of the mean deviator in each window; None if there is none."""
        window = window_shape(side, self.pixel_size, self.x.shape)
        if window is None or not self.steepest:
            return None
        if window not in self._windows:
            trace, even, odd = (window_mean(part, window) for part in self.parts)
            length = block_map(lambda a, b: np.sqrt(a * a + b * b), even, odd)
            self._windows[window] = trace, length
        return self._windows[window]


def tensor(z, pixel_size=1.0) -> Tensor:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Tensor) else Tensor(z, pixel_size)


def coherence(z, pixel_size=1.0) -> float:
    """Coherence ((l1 - l2) / (l1 + l2))^2 of the whole map's structure tensor.

    1 if all slopes lie in one direction, as on straight steps; 0 if none is preferred. Unchanged
    by an offset, a factor, quarter turns and flips.

    Examples
    --------
    >>> coherence([[0, 1, 0, 2, 0]] * 3)
    1.0
    """
    t = tensor(z, pixel_size)
    if not t.steepest:
        return np.nan
    trace, even, odd = (float(part.mean()) for part in t.parts)
    return (even**2 + odd**2) / trace**2


def local_coherence(z, pixel_size=1.0, window: float = 32) -> float:
    """Coherence of the structure tensor in windows, averaged with the energy as weight.

    1 if slopes have one direction within each window, whatever it is; 0 if none is preferred in
    any. Unchanged by an offset, a factor, quarter turns and flips. NaN if the window has under 3
    pixels or is larger than the map.

    Examples
    --------
    >>> round(local_coherence([[0, 1, 0, 2, 0]] * 5, window=3), 9)
    1.0
    """
    means = tensor(z, pixel_size).in_windows(window)
    if means is None:
        return np.nan
    return block_mean(_coherent, *means) / float(means[0].mean())


def _coherent(energy, length):
    return np.divide(length**2, energy, out=np.zeros_like(energy), where=energy > NOISE)


def energy_variation(z, pixel_size=1.0, window: float = 32) -> float:
    """Coefficient of variation of the tensor's energy over windows.

    0 if slopes are spread evenly, large if few windows hold all edges. Unchanged by an offset, a
    factor, quarter turns and flips. NaN as in `local_coherence`.

    Examples
    --------
    >>> energy_variation([[0, 0, 0, 0, 0, 0, 0, 1]] * 4, window=3)  # 1 window of 5 has an edge
    2.0
    """
    means = tensor(z, pixel_size).in_windows(window)
    if means is None:
        return np.nan
    mean = float(means[0].mean())
    return float(np.sqrt(block_mean(lambda energy: np.square(energy - mean), means[0]))) / mean


_tensor = partial(
    Descriptor,
    family="texture",
    source="Bigun and Granlund, Proc. 1st Int. Conf. Computer Vision (1987) 433",
    unit_px="px",
    needs=("pixel_size",),
    prepare=Tensor,
)

DESCRIPTORS = (
    _tensor("tensor_coherence", coherence),
    *(
        _tensor(
            f"tensor_w{window}_{name}",
            partial(function, window=window),
            summary=f"{text} in windows of {window} nm (px).",
        )
        for window in WINDOWS
        for name, function, text in (
            ("coherence", local_coherence, "Coherence of gradient directions, 0 to 1,"),
            ("energy_cv", energy_variation, "Variation of the squared gradient's mean"),
        )
    ),
)
