"""`Segments`: the objects that a segmentation found, and their table."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tmdfeat.physical.segmentation_hulls import convex_counts
from tmdfeat.physical.segmentation_objects import Moments, crofton_perimeters, moments

if TYPE_CHECKING:
    import pandas as pd

    from tmdfeat.physical.segmentation import Segmentation

K3 = 1 / (10 * (3 * np.sqrt(3) / 4) ** 1.5)  # |integral of (x + iy)^3| / area^2.5 of a triangle


@dataclass(frozen=True, eq=False)
class Segments:
    """Objects of one map, from `Segmentation.segment`.

    Parameters
    ----------
    z : array of shape (H, W), nm
    pixel_size : (dy, dx), nm
    labels : int32 array of shape (H, W)
        1 to n inside the objects, 0 elsewhere.
    n : int
    threshold : float
        Height at which the smoothed map was cut, nm; NaN for grains, which are parted by lines.
    settings : Segmentation

    Notes
    -----
    Angles run from the column axis towards the row axis (clockwise as drawn), in degrees.

    Examples
    --------
    >>> from tmdfeat.physical import Segmentation
    >>> found = Segmentation(smoothing=0).segment(np.pad(np.ones((4, 6)), 3), pixel_size=5.0)
    >>> found.table[["y", "x", "area", "touches_edge"]].to_dict("records")
    [{'y': 22.5, 'x': 27.5, 'area': 600.0, 'touches_edge': False}]
    """

    z: np.ndarray
    pixel_size: tuple[float, float]
    labels: np.ndarray
    n: int
    threshold: float
    settings: "Segmentation"

    def __repr__(self):
        height, width = self.labels.shape
        settings = f"threshold={self.settings.threshold!r}"
        return f"Segments({self.n} objects, {height}x{width} px, {settings})"

    @property
    def mask(self) -> np.ndarray:
        """Where there is an object, bool (H, W)."""
        return self.labels > 0

    @property
    def field(self) -> float:
        """Area of the map, nm²."""
        return self.labels.size * float(np.prod(self.pixel_size))

    @property
    def frame(self) -> float:
        """Area that `counts` belong to, nm²: the map without the pixels of two adjoining edges."""
        height, width = self.labels.shape
        return (height - 1) * (width - 1) * float(np.prod(self.pixel_size))

    @cached_property
    def moments(self) -> Moments:
        """Areas, centroids and moments, arrays (n,)."""
        return moments(self.labels, self.n, self.pixel_size)

    @cached_property
    def perimeters(self) -> np.ndarray:
        """Crofton perimeters, nm, (n,)."""
        return crofton_perimeters(self.labels, self.n, self.pixel_size)

    @cached_property
    def solidity(self) -> np.ndarray:
        """Share of the convex hull's pixels that belong to the object, (n,)."""
        return self.moments.area / np.prod(self.pixel_size) / convex_counts(self.labels, self.n)

    @property
    def t3(self) -> np.ndarray:
        """Trigonality, (n,): 1 for an equilateral triangle, 0 with 2-, 4- or 6-fold symmetry."""
        return np.abs(self.moments.cubic) / (K3 * self.moments.area**1.5)

    @property
    def th3(self) -> np.ndarray:
        """Where a corner points, degrees in [0, 120), (n,): turned by 60 is not the same."""
        return np.degrees(np.angle(self.moments.cubic)) / 3 % 120

    @property
    def touches_edge(self) -> np.ndarray:
        """Whether an object reaches the edge of the map, bool (n,)."""
        return np.any(self.moments.edges > 0, axis=1)

    @property
    def counts(self) -> np.ndarray:
        """How much an object counts towards the number in `frame`, (n,).

        The unbiased counting frame drops what touches two adjoining edges of the field, say the
        lower and the right one. Here is the mean over the four choices of such edges, so that
        no side is preferred: 1 inside, 1/2 at an edge, 1/4 in a corner, 0 from edge to edge.
        """
        top, bottom, left, right = self.moments.edges.T > 0
        return (2.0 - top - bottom) * (2.0 - left - right) / 4

    @cached_property
    def table(self) -> "pd.DataFrame":
        """One row per object; index is its label.

        Columns y and x (centroid from the centre of the first pixel, nm), area (nm²),
        perimeter (nm), solidity, t3, th3 (degrees), touches_edge.
        """
        import pandas as pd

        columns = {
            "y": self.moments.y,
            "x": self.moments.x,
            "area": self.moments.area,
            "perimeter": self.perimeters,
            "solidity": self.solidity,
            "t3": self.t3,
            "th3": self.th3,
            "touches_edge": self.touches_edge,
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(1, self.n + 1, name="label"))
