"""Find domains: which parts of a map are island, and where each of them begins and ends.

`Segmentation` holds the choices, since every count depends on them, and `Segments` what was
found; `tmdfeat.plot.plot_segments` draws it. Heights arrive levelled.
"""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from tmdfeat.heightmap import HeightMap
from tmdfeat.physical.arrays import ROUNDING, check_heights, check_pixel_size
from tmdfeat.physical.segmentation_grains import groove_depth, step_relief, watershed
from tmdfeat.physical.segmentation_labels import label, without_small
from tmdfeat.physical.segmentation_level import broad_tilt, two_levels
from tmdfeat.physical.segmentation_result import Segments
from tmdfeat.physical.segmentation_threshold import layer_snap, multi_otsu, otsu, robust

POLARITIES = ("islands", "holes")
THRESHOLDS = {"otsu": otsu, "multi_otsu": multi_otsu, "robust": robust, "layer_snap": layer_snap}
TWO_LEVELS = ("otsu", "robust")
WATERSHEDS = ("watershed", "watershed_steps")
NAMES = (*THRESHOLDS, *WATERSHEDS)
SMALLEST = 16  # pixels; the orientation of a smaller triangle would be off by several degrees


@dataclass(frozen=True)
class Segmentation:
    """How to tell domains from what surrounds them.

    The map is smoothed, cut at one height, and what lies above (islands) or below (holes)
    falls into 8-connected objects; or it is parted into grains, and cut at no height. Too small
    objects are dropped.

    Parameters
    ----------
    smoothing : float, optional
        Standard deviation of the Gaussian in the unit of the pixel size, nm; by default one
        pixel (its longer side). 0 leaves the map as it is.
    threshold : str or float, default "otsu"
        A number is a height of the map as it is. By name:

        - ``"otsu"`` parts two levels best.
        - ``"multi_otsu"`` parts three levels: islands are the highest, holes the lowest.
        - ``"robust"`` is three robust standard deviations above (holes: below) the median, for
          a few objects on a wide ground.
        - ``"layer_snap"`` snaps heights to whole layers, see `layer`: islands are all layers
          above the lowest level, holes all below the highest.
        - ``"watershed"`` parts a closed film into grains along the grooves between them
          (holes: along ridges).
        - ``"watershed_steps"`` parts it along steps, whichever side is higher.

        Large objects tilt the plane that fits the whole map best. So the map is levelled again
        before a cut by name: with an offset for what lies above the cut, until both stay; with
        more levels than two, by the tilt that most of the map has.
    min_area : float, optional
        Smallest object, in the squared unit of the pixel size, nm²; by default 16 pixels.
    polarity : {"islands", "holes"}, default "islands"
    layer : float, optional
        Height of one layer, nm; for ``"layer_snap"``.
    depth : float, optional
        Shallowest groove or step that parts grains, nm, in the smoothed map (where a sharp step
        ranges over about two thirds of its height within 3 x 3 pixels); by default three robust
        standard deviations of the heights, or of that range.

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
    layer: float | None = None
    depth: float | None = None

    def __post_init__(self):
        for name in ("smoothing", "min_area", "depth"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be None or at least 0, got {value!r}.")
        if self.polarity not in POLARITIES:
            raise ValueError(f"polarity must be one of {POLARITIES}, got {self.polarity!r}.")
        named = isinstance(self.threshold, str)
        if self.threshold not in NAMES if named else not np.isfinite(self.threshold):
            raise ValueError(
                f"threshold must be one of {NAMES} or a height, got {self.threshold!r}."
            )
        if self.threshold == "layer_snap" and not (self.layer and 0 < self.layer < np.inf):
            raise ValueError(
                f"layer must be the height of one layer (nm) for 'layer_snap', got {self.layer!r}."
            )

    def segment(self, z, pixel_size=None) -> Segments:
        """Find the objects of a map.

        Parameters
        ----------
        z : HeightMap, or array of shape (H, W) in nm, levelled
        pixel_size : float or (dy, dx), nm, optional
            By default the map's own; lengths of an array are then in pixels.

        Returns
        -------
        Segments
            Without objects if the map is flat.
        """
        if isinstance(z, HeightMap):
            z, pixel_size = z.z, z.pixel_size if pixel_size is None else pixel_size
        z = check_heights(z)
        pixel_size = check_pixel_size(1.0 if pixel_size is None else pixel_size)
        sign = 1.0 if self.polarity == "islands" else -1.0
        smooth = smoothed(sign * (z - z.mean()), pixel_size, self.smoothing)
        smallest = SMALLEST if self.min_area is None else self.min_area / np.prod(pixel_size)
        if self.threshold in WATERSHEDS:
            labels, n = self._grains(smooth, smallest, z)
            cut = np.nan
        else:
            upper, cut = self._cut(smooth, sign, z)
            labels, n = label(upper, smallest)
        return Segments(z, pixel_size, labels, n, sign * cut + float(z.mean()), self)

    def _cut(self, smooth, sign, z):
        """Which pixels lie above the cut, and the cut."""
        if not isinstance(self.threshold, str):
            cut = sign * (self.threshold - z.mean())
            return smooth > cut, cut
        find, two = THRESHOLDS[self.threshold], self.threshold in TWO_LEVELS
        if find is layer_snap:
            find = partial(layer_snap, layer=self.layer)
        noise = ROUNDING * np.abs(z).max()
        if np.ptp(smooth) > noise:
            smooth = two_levels(smooth, find) if two else smooth - broad_tilt(smooth)
        cut = find(smooth) if np.ptp(smooth) > noise else smooth.max()
        return smooth > cut, float(cut)

    def _grains(self, smooth, smallest, z):
        """Labels of grains, and how many there are."""
        if np.ptp(smooth) <= ROUNDING * np.abs(z).max():
            return np.zeros(z.shape, np.int32), 0
        relief = -smooth if self.threshold == "watershed" else step_relief(smooth)
        depth = groove_depth(relief) if self.depth is None else self.depth
        labels, n = watershed(relief, depth)
        return without_small(labels, np.bincount(labels.ravel(), minlength=n + 1), smallest)


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
