"""The authors' own processing as steps of a Pipeline, see `tmdfeat.preprocess.paper`."""

from dataclasses import replace

from tmdfeat.base import ImageStep
from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.paper import (
    paper_median,
    paper_remove_bow,
    paper_remove_scars,
    paper_resize,
    paper_stretch,
)


class PaperBow(ImageStep):
    """Subtract a + b x + c x^2 + d y, see `paper_remove_bow`."""

    def _apply(self, image):
        return replace(image, z=paper_remove_bow(image.z))


class PaperScars(ImageStep):
    """Copy pixels from the row above, see `paper_remove_scars`."""

    def _apply(self, image):
        return replace(image, z=paper_remove_scars(image.z))


class PaperMedian(ImageStep):
    """Median of 2 x 2 pixels, see `paper_median`."""

    def _apply(self, image):
        return replace(image, z=paper_median(image.z))


class PaperStretch(ImageStep):
    """Stretch to 0 ... 255, see `paper_stretch`: heights are relative from here on."""

    def _apply(self, image):
        return replace(image, z=paper_stretch(image.z), z_unit="relative")


class PaperResize(ImageStep):
    """Resize to a square, see `paper_resize`. The pixel size, where known, follows.

    Parameters
    ----------
    size : int, default 224
        New rows and columns, pixels.

    Examples
    --------
    >>> from tmdfeat import HeightMap
    >>> from tmdfeat.preprocess import PaperResize
    >>> PaperResize(2).transform([HeightMap([[0.0] * 8] * 4, pixel_size=1.0)])[0].pixel_size
    (2.0, 4.0)
    """

    def __init__(self, size=224):
        self.size = size

    def _check(self):
        check_integer("size", self.size, 2)

    def _apply(self, image):
        pixel_size = None
        if image.scan_size is not None:
            pixel_size = (image.scan_size[0] / self.size, image.scan_size[1] / self.size)
        return replace(image, z=paper_resize(image.z, self.size), pixel_size=pixel_size)
