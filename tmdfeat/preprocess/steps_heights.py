"""Steps of a Pipeline that change heights and leave the grid: one map in, one map out."""

from dataclasses import replace

from tmdfeat.base import ImageStep
from tmdfeat.parameters import check_choice, check_integer
from tmdfeat.preprocess.clip import check_percentiles, clip_percentiles
from tmdfeat.preprocess.fill import check_max_missing, fill_harmonic, fill_nearest
from tmdfeat.preprocess.level import level_polynomial
from tmdfeat.preprocess.rows import (
    align_rows_median,
    align_rows_median_diff,
    align_rows_polynomial,
)
from tmdfeat.preprocess.scars import check_scar_parameters, remove_scars

FILLS = {"nearest": fill_nearest, "harmonic": fill_harmonic}
ALIGNMENTS = ("median", "median_diff", "polynomial")


class Level(ImageStep):
    """Subtract the least-squares polynomial, see `level_polynomial`.

    Parameters
    ----------
    degree : int, default 1
        Total degree: 0 the mean, 1 a plane, 2 a paraboloid, ...

    Examples
    --------
    >>> from tmdfeat.preprocess import Level
    >>> Level().transform([[[1.0, 2.0], [3.0, 4.0]]])[0].z.round(9) + 0.0
    array([[0., 0.],
           [0., 0.]])
    """

    allow_nan = True

    def __init__(self, degree=1):
        self.degree = degree

    def _check(self):
        check_integer("degree", self.degree, 0)

    def _apply(self, image):
        return replace(image, z=level_polynomial(image.z, self.degree))


class AlignRows(ImageStep):
    """Take out each row's own offset or bend.

    Parameters
    ----------
    method : {"median", "median_diff", "polynomial"}, default "median"
        See `align_rows_median`, `align_rows_median_diff`, `align_rows_polynomial`.
    degree : int, default 1
        Only for "polynomial": its degree.

    Examples
    --------
    >>> from tmdfeat.preprocess import AlignRows
    >>> AlignRows().transform([[[1.0, 2.0, 3.0], [7.0, 7.0, 8.0]]])[0].z
    array([[-1.,  0.,  1.],
           [ 0.,  0.,  1.]])
    """

    allow_nan = True

    def __init__(self, method="median", degree=1):
        self.method = method
        self.degree = degree

    def _check(self):
        check_choice("method", self.method, ALIGNMENTS)
        check_integer("degree", self.degree, 0)

    def _apply(self, image):
        if self.method == "polynomial":
            return replace(image, z=align_rows_polynomial(image.z, self.degree))
        align = align_rows_median if self.method == "median" else align_rows_median_diff
        return replace(image, z=align(image.z))


class RemoveScars(ImageStep):
    """Find scars and interpolate across them, see `find_scars` and `remove_scars`.

    Parameters
    ----------
    threshold : float, default 3
        In robust standard deviations of the difference between adjacent rows.
    min_length : int, default 16
        Pixels.
    max_rows : int, default 4

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import RemoveScars
    >>> z = np.zeros((32, 64))
    >>> z[7, 10:40] = 5.0
    >>> float(RemoveScars().transform([z])[0].z.max())
    0.0
    """

    allow_nan = True

    def __init__(self, threshold=3.0, min_length=16, max_rows=4):
        self.threshold = threshold
        self.min_length = min_length
        self.max_rows = max_rows

    def _check(self):
        check_scar_parameters(self.threshold, self.min_length, self.max_rows)

    def _apply(self, image):
        z = remove_scars(
            image.z,
            threshold=self.threshold,
            min_length=self.min_length,
            max_rows=self.max_rows,
        )
        return replace(image, z=z)


class ClipPercentiles(ImageStep):
    """Limit heights to the range between two percentiles, see `clip_percentiles`.

    Parameters
    ----------
    low, high : float, default 0.5 and 99.5

    Examples
    --------
    >>> from tmdfeat.preprocess import ClipPercentiles
    >>> ClipPercentiles(0, 50).transform([[[0.0, 2.0, 8.0]]])[0].z
    array([[0., 2., 2.]])
    """

    allow_nan = True

    def __init__(self, low=0.5, high=99.5):
        self.low = low
        self.high = high

    def _check(self):
        check_percentiles(self.low, self.high)

    def _apply(self, image):
        return replace(image, z=clip_percentiles(image.z, self.low, self.high))


class Fill(ImageStep):
    """Fill missing (NaN) pixels.

    Parameters
    ----------
    method : {"harmonic", "nearest"}, default "harmonic"
        See `fill_harmonic`, `fill_nearest`.
    max_missing : float, default 0.2
        Largest share of missing pixels that is filled; maps with more are refused.

    Examples
    --------
    >>> from tmdfeat.preprocess import Fill
    >>> Fill().transform([[[1.0, 2.0, 3.0], [4.0, float("nan"), 6.0]]])[0].z
    array([[1., 2., 3.],
           [4., 4., 6.]])
    """

    allow_nan = True

    def __init__(self, method="harmonic", max_missing=0.2):
        self.method = method
        self.max_missing = max_missing

    def _check(self):
        check_choice("method", self.method, tuple(FILLS))
        check_max_missing(self.max_missing)

    def _apply(self, image):
        return replace(image, z=FILLS[self.method](image.z, self.max_missing))
