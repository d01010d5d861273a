"""Steps of a Pipeline that change the grid: pixel size and extent follow."""

from dataclasses import replace

import numpy as np

from tmdfeat.base import ImageStep
from tmdfeat.heightmap import HeightMap
from tmdfeat.parameters import check_choice, check_integer
from tmdfeat.preprocess.crop import crop_centre
from tmdfeat.preprocess.resample import as_pair, check_order, resample


class Resample(ImageStep):
    """Bring maps to one distance between pixels, see `resample`. Needs their pixel size.

    Parameters
    ----------
    pitch : float or (dy, dx)
        The distance wanted, nm. The distance reached, extent / number of pixels, is the new
        maps' `pixel_size`.
    order : int from 1 to 5, default 1
        Order of the spline where pixels are added; where there get fewer, areas are averaged.

    Examples
    --------
    >>> from tmdfeat import HeightMap
    >>> from tmdfeat.preprocess import Resample
    >>> Resample(pitch=3.0).transform([HeightMap([[1.0, 3.0] * 4] * 4, pixel_size=2.0)])[0]
    HeightMap('', 3x5 px, 8 x 16 nm, relative heights)
    """

    def __init__(self, pitch, order=1):
        self.pitch = pitch
        self.order = order

    def _check(self):
        as_pair("pitch", self.pitch)
        check_order(self.order)

    def _apply(self, image):
        size = _require_pixel_size(image, "resampling to a pitch in nm")
        z, reached = resample(image.z, size, self.pitch, self.order)
        return replace(image, z=z, pixel_size=reached)


class Crop(ImageStep):
    """Cut out the centre, see `crop_centre`.

    Parameters
    ----------
    size : number or (rows, columns), default 224
        What to keep.
    unit : {"px", "nm"}, default "px"
        Unit of `size`. With "nm", maps need a pixel size, and the cut is rounded to pixels.

    Examples
    --------
    >>> from tmdfeat.preprocess import Crop
    >>> Crop((1, 2)).transform([[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]])[0].z
    array([[2., 3.]])
    """

    allow_nan = True

    def __init__(self, size=224, unit="px"):
        self.size = size
        self.unit = unit

    def _check(self):
        check_choice("unit", self.unit, ("px", "nm"))
        as_pair("size", self.size)
        if self.unit == "px":
            for size in np.atleast_1d(np.asarray(self.size, dtype=object)):
                check_integer("size", size, 1)

    def _apply(self, image):
        shape = self.size
        if self.unit == "nm":
            pixel = _require_pixel_size(image, "cropping to a size in nm")
            sizes = as_pair("size", self.size)
            shape = (round(sizes[0] / pixel[0]), round(sizes[1] / pixel[1]))
            if min(shape) < 1:
                raise ValueError(
                    f"a crop of {self.size!r} nm is less than a pixel of {pixel} nm. "
                    "Choose a larger size (it is in nm)."
                )
        return replace(image, z=crop_centre(image.z, shape))


def _require_pixel_size(image: HeightMap, what: str) -> tuple[float, float]:
    if image.pixel_size is None:
        raise ValueError(
            f"{what} needs a pixel size in nm, and it is not known. If you know it, give it: "
            "HeightMap(z, pixel_size=...) or read(path, pixel_size=...)."
        )
    return image.pixel_size
