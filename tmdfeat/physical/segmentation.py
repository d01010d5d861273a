"""Find domains: which parts of a map are island, and where each of them begins and ends.

`Segmentation` holds the choices, since every count depends on them, and `Segments` what was
found; `tmdfeat.plot.plot_segments` draws it. Heights arrive levelled.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from tmdfeat.physical.arrays import ROUNDING, check_heights, check_pixel_size
from tmdfeat.physical.segmentation_level import two_levels
from tmdfeat.physical.segmentation_result import Segments
from tmdfeat.physical.segmentation_threshold import otsu, robust

POLARITIES = ("islands", "holes")
THRESHOLDS = {"otsu": otsu, "robust": robust}
SMALLEST = 16  # pixels; the orientation of a smaller triangle would be off by several degrees


@dataclass(frozen=True)
class Segmentation:
    """How to tell domains from what surrounds them.

    The map is smoothed, cut at one height, and what lies above (islands) or below (holes)
    falls into 8-connected objects; too small ones are dropped.

    Parameters
    ----------
    smoothing : float, optional
        Standard deviation of the Gaussian in the unit of the pixel size, nm; by default one
        pixel (its longer side). 0 leaves the map as it is.
    threshold : {"otsu", "robust"} or float, default "otsu"
        "otsu" parts two levels best; "robust" is three robust standard deviations above
        (holes: below) the median, for a few objects on a wide ground. Large objects tilt the
        plane that fits the whole map best, so the map is levelled again, with an offset for
        what lies above the cut, until both stay. A number is a height of the map as it is.
    min_area : float, optional
        Smallest object, in the squared unit of the pixel size, nm²; by default 16 pixels.
    polarity : {"islands", "holes"}, default "islands"

    Raises
    ------
    ValueError
        If a parameter is out of range.

    Examples
    --------
    >>> y, x = np.mgrid[:32, :32]
    >>> z = 0.65 * ((abs(y - 15) < 5) & (abs(x - 15) < 8))
    >>> found = Segmentation(smoothing=0).segment(z, pixel_size=2.0)
    >>> found.n, found.threshold, found.table["area"].tolist()  # 9 x 15 pixels of 4 nm²
    (1, 0.325, [540.0])
    """

    smoothing: float | None = None
    threshold: str | float = "otsu"
    min_area: float | None = None
    polarity: str = "islands"

    def __post_init__(self):
        for name in ("smoothing", "min_area"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be None or at least 0, got {value!r}.")
        if self.polarity not in POLARITIES:
            raise ValueError(f"polarity must be one of {POLARITIES}, got {self.polarity!r}.")
        named = isinstance(self.threshold, str)
        if self.threshold not in THRESHOLDS if named else not np.isfinite(self.threshold):
            raise ValueError(
                f"threshold must be one of {tuple(THRESHOLDS)} or a height, got {self.threshold!r}."
            )

    def segment(self, z, pixel_size=1.0) -> Segments:
        """Find the objects of a map.

        Parameters
        ----------
        z : array of shape (H, W), nm, levelled
        pixel_size : float or (dy, dx), nm

        Returns
        -------
        Segments
            Without objects if the map is flat.
        """
        z, pixel_size = check_heights(z), check_pixel_size(pixel_size)
        sign = 1.0 if self.polarity == "islands" else -1.0
        smooth = smoothed(sign * (z - z.mean()), pixel_size, self.smoothing)
        upper, cut = self._cut(smooth, sign, z)
        smallest = SMALLEST if self.min_area is None else self.min_area / np.prod(pixel_size)
        labels, n = _label(upper, smallest)
        return Segments(z, pixel_size, labels, n, sign * cut + float(z.mean()), self)

    def _cut(self, smooth, sign, z):
        """Which pixels lie above the cut, and the cut."""
        if not isinstance(self.threshold, str):
            cut = sign * (self.threshold - z.mean())
            return smooth > cut, cut
        find = THRESHOLDS[self.threshold]
        noise = ROUNDING * np.abs(z).max()
        if np.ptp(smooth) > noise:
            smooth = two_levels(smooth, find)
        cut = find(smooth) if np.ptp(smooth) > noise else smooth.max()
        return smooth > cut, float(cut)


def smoothed(z, pixel_size, sigma=None) -> np.ndarray:
    """Smooth with an isotropic Gaussian, the edge repeated; `sigma` None is one pixel.

    Examples
    --------
    >>> float(smoothed(np.pad([[1.0]], 4), (1.0, 1.0)).max().round(2))  # 1 / (2 pi)
    0.16
    """
    sigma = max(pixel_size) if sigma is None else sigma
    if sigma == 0:
        return z
    dy, dx = pixel_size
    return cv2.GaussianBlur(
        z, (0, 0), sigmaX=sigma / dx, sigmaY=sigma / dy, borderType=cv2.BORDER_REPLICATE
    )


def _label(mask, smallest):
    """8-connected components of at least `smallest` pixels, numbered from 1."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= smallest
    kept[0] = False
    number = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return number[labels], int(kept.sum())
