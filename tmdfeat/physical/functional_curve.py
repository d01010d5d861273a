"""Functional family: the material ratio curve that its parts share (ISO 25178-2, Annex B).

The material ratio curve (Abbott-Firestone curve) is the heights in descending order against the
share of the map, 0 to 1, that lies above: the order statistics themselves, no histogram.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from tmdfeat.physical.height import Heights

WINDOW = 0.4  # share of the map in which the core's line is sought
EQUAL = 1e-9  # heights closer than this, over the largest, are alike: what rounding leaves


class Core(NamedTuple):
    """Where the core's line meets the shares 0 and 1, and what lies beyond, in units of `size`."""

    upper: float
    lower: float
    hill_ratio: float
    hill_area: float
    dale_ratio: float
    dale_area: float


class MaterialCurve(Heights):
    """Heights with their material ratio curve.

    The functions of this family take an array or this: what they share is computed once.

    Parameters
    ----------
    z : array of shape (H, W)
    """

    @cached_property
    def core(self) -> Core:
        """The core of the curve, after the two steps of the standard.

        Of all windows that hold 40 % of the map, the one whose secant falls least (the highest
        of several that fall alike); in it the line of least squares.
        """
        curve = self.sorted[::-1]
        upper, lower = _line(curve, _flattest_window(curve))
        # A plateau at the line's own height is neither hill nor dale, whatever rounding says.
        hills, dales = self.above(upper + EQUAL)[0], self.below(lower - EQUAL)[0]
        return Core(upper, lower, hills, self.above(upper)[1], dales, self.below(lower)[1])

    def height_at(self, ratio: float) -> float:
        """Height above which this share of the map lies, in units of `size` from the mean."""
        position = (1 - ratio) * (self.sorted.size - 1)
        first = min(int(position), self.sorted.size - 2)
        low, high = self.sorted[first : first + 2] if self.sorted.size > 1 else (0.0, 0.0)
        return float(low + (position - first) * (high - low))

    def above(self, height: float) -> tuple[float, float]:
        """Share of the map above a height, and mean height above it over the whole map."""
        tall = self.sorted[np.searchsorted(self.sorted, height, "right") :]
        return tall.size / self.sorted.size, float(np.sum(tall - height)) / self.sorted.size

    def below(self, height: float) -> tuple[float, float]:
        """Share of the map below a height, and mean depth below it over the whole map."""
        deep = self.sorted[: np.searchsorted(self.sorted, height, "left")]
        return deep.size / self.sorted.size, float(np.sum(height - deep)) / self.sorted.size


def _flattest_window(curve: np.ndarray) -> slice:
    width = WINDOW * (curve.size - 1)
    whole = int(width)
    part = width - whole
    end = curve[whole:]
    if part:
        end = (1 - part) * end[:-1] + part * end[1:]
    fall = curve[: end.size] - end
    start = int(np.argmax(fall <= fall.min() + EQUAL))  # the first of those that fall alike
    return slice(start, start + whole + 1)


def _line(curve: np.ndarray, window: slice) -> tuple[float, float]:
    """Least-squares line in the window, at the shares 0 and 1."""
    y = curve[window] - curve[window.start]  # exactly 0 on a plateau
    share = np.arange(window.start, window.stop) / max(curve.size - 1, 1)
    x = share - share.mean()
    slope = float(x @ y / (x @ x)) if y.size > 1 else 0.0
    upper = float(curve[window.start] + y.mean() - slope * share.mean())
    return upper, upper + slope


def material_curve(z) -> MaterialCurve:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, MaterialCurve) else MaterialCurve(z)
