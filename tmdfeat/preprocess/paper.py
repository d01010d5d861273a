"""What the authors of the method did to their scans, quirks included.

Moses and Reinhart, Materials Characterization 209 (2024) 113701, arXiv:2310.07816 (its data
processing, with pySPM and OpenCV), used again in doi:10.1088/2632-2153/ada2da. For your own
work prefer the functions without `paper_` in their name.
"""

import numpy as np
from scipy.ndimage import median_filter
from scipy.sparse import csr_array

from tmdfeat.parameters import check_integer
from tmdfeat.preprocess.arrays import as_heights
from tmdfeat.preprocess.level import subtract_powers
from tmdfeat.preprocess.resample import area_weights


def paper_remove_bow(z) -> np.ndarray:
    """Subtract the best a + b x + c x^2 + d y: a bow along the fast axis, and no cross term.

    Parameters
    ----------
    z : array of shape (H, W), any unit, finite

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.preprocess import paper_remove_bow
    >>> y, x = np.mgrid[:4, :6]
    >>> bool(np.allclose(paper_remove_bow(3.0 + x**2 - 2 * y), 0.0))
    True
    """
    return subtract_powers(as_heights(z), [(0, 0), (0, 1), (0, 2), (1, 0)])


def paper_remove_scars(z) -> np.ndarray:
    """Copy a pixel from the row above where that row is far closer to the row below.

    With a pixel c, the pixel a below it and b above it: c becomes b where |b - a| < |c - a| / 2.
    One pass that looks at the map as it was; the first and last row stay. It has neither a
    noise level nor a length, so it touches many pixels that are no scars.

    Parameters
    ----------
    z : array of shape (H, W), any unit, finite

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Examples
    --------
    >>> from tmdfeat.preprocess import paper_remove_scars
    >>> paper_remove_scars([[1.0, 1.0], [9.0, 2.0], [2.0, 9.0]])
    array([[1., 1.],
           [1., 2.],
           [2., 9.]])
    """
    z = as_heights(z)
    above, here, below = z[:-2], z[1:-1], z[2:]
    out = z.copy()
    out[1:-1] = np.where(np.abs(above - below) < 0.5 * np.abs(here - below), above, here)
    return out


def paper_median(z) -> np.ndarray:
    """Take the third smallest of each pixel and its left, upper and upper left neighbour.

    The "median" of a 2 x 2 window in scipy: the upper one, and shifted by half a pixel.

    Parameters
    ----------
    z : array of shape (H, W), any unit, finite

    Returns
    -------
    array of shape (H, W), float64, unit of `z`

    Examples
    --------
    >>> from tmdfeat.preprocess import paper_median
    >>> float(paper_median([[1.0, 2.0], [3.0, 4.0]])[1, 1])
    3.0
    """
    return median_filter(as_heights(z), size=2)


def paper_stretch(z) -> np.ndarray:
    """Stretch to 0 ... 255; the scale in nm is lost.

    A flat map becomes 0 (in the authors' code: NaN).

    Parameters
    ----------
    z : array of shape (H, W), any unit, finite

    Returns
    -------
    array of shape (H, W), float64, no unit

    Examples
    --------
    >>> from tmdfeat.preprocess import paper_stretch
    >>> paper_stretch([[1.0, 2.0, 3.0]])
    array([[  0. , 127.5, 255. ]])
    """
    z = as_heights(z)
    raised = z - z.min()
    top = raised.max()
    return raised / top * 255 if top > 0 else raised


def paper_resize(z, size: int = 224) -> np.ndarray:
    """Squeeze or stretch to a square as OpenCV's INTER_AREA does, whatever the shape was.

    The area-weighted mean, except where one axis shrinks and the other grows, as in scans that
    were broken off: then the shrinking axis mixes two pixels only, and drops the others.

    Parameters
    ----------
    z : array of shape (H, W), finite
    size : int, default 224
        New rows and columns, pixels.

    Returns
    -------
    array of shape (size, size), float64

    Examples
    --------
    >>> from tmdfeat.preprocess import paper_resize
    >>> paper_resize([[0.0, 1.0, 2.0, 3.0]] * 4, 2)
    array([[0.5, 2.5],
           [0.5, 2.5]])
    """
    check_integer("size", size, 1)
    z = as_heights(z)
    mixed = min(z.shape) < size < max(z.shape)
    rows, columns = (_two_pixels(n, size) if mixed else area_weights(n, size) for n in z.shape)
    return (columns @ (rows @ z).T).T


def _two_pixels(n: int, new: int) -> csr_array:
    """Like `area_weights` if new >= n; else the first pixel hit and the one after it share."""
    target = np.arange(new)
    first = target * n // new
    # Share of the target that lies beyond the first pixel: the second takes all of it.
    beyond = np.maximum((target + 1) * n - (first + 1) * new, 0) / n
    second = np.minimum(first + 1, n - 1)
    weights, sources = np.r_[1 - beyond, beyond], np.r_[first, second]
    return csr_array((weights, (np.r_[target, target], sources)), shape=(new, n))
