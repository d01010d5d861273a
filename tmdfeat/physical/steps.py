"""Steps family, first part: how high steps are.

Each function takes heights (H, W), levelled by a plane, and the pixel size in nm, or a `Film`.
The film is told from the substrate by its islands, and terraces are laid flat (facet levelling):
a layer of 0.65 nm is as high as three steps of sapphire, so heights alone cannot part the two.
"""

from functools import partial

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.segmentation_film import Film, film
from tmdfeat.physical.steps_joint import fitted_layer

BINS = 400  # of the histogram of drops, up to its 99 % point
WIDTH = 8  # bins, standard deviation of the Gaussian that smooths it
PROMINENCE = 0.03  # smallest peak, in units of the highest
FEWEST = 20  # px of ridge, or of rim


def step_height(z, pixel_size=1.0) -> float:
    """Height of the substrate's steps: slope of terraces times terrace width, nm.

    The slope is that of terraces where the staircase as a whole is level. All terraces take
    part, so roughness averages out. NaN without a dominant wave, as on a flat map.

    Unchanged by an offset; proportional to z.

    Examples
    --------
    >>> x = 4.0 * np.arange(256) + 1
    >>> stairs = np.tile(0.2165 * (np.floor(x / 62) - x / 62), (64, 1))
    >>> round(step_height(stairs, 4.0), 2)
    0.22
    """
    return film(z, pixel_size).facet_step


def layer_height(z, pixel_size=1.0) -> float:
    """Height of the film above the substrate, or above the layer below it, nm.

    Film, staircase and plane are fitted to the whole map at once, without its long waves. NaN
    without a film (`phase_valley` above 0.9), or with less than 20 px of its edge.

    Unchanged by an offset; proportional to z. Quarter turns matter by a thousandth where the
    staircase is hard to follow, as terraces are numbered row by row.

    Examples
    --------
    >>> z = np.zeros((64, 64))
    >>> z[20:40, 20:40] = 0.65
    >>> round(layer_height(z, 4.0), 2)
    0.65
    """
    f = film(z, pixel_size)
    if np.count_nonzero(f.rim) < FEWEST:
        return np.nan
    return fitted_layer(f.level, f.numbers, f.covered)


def step_modes(z, pixel_size=1.0) -> np.ndarray:
    """Heights that steps prefer, nm, the most frequent first.

    Peaks of the histogram of drops across the ridges of the gradient, each pixel of ridge
    counted with its length, terraces laid flat before.

    Returns
    -------
    array of shape (n,)

    Examples
    --------
    >>> z = np.zeros((64, 96))
    >>> z[:, 16:] = 0.2
    >>> z[:, 48:] = 0.85
    >>> sorted(step_modes(z, 4.0).round(2).tolist())
    [0.2, 0.65]
    """
    f = film(z, pixel_size)
    return np.array([height for _, height in _modes(f.drops, f.steps.length)])


def first_mode(z, pixel_size=1.0) -> float:
    """Most frequent step height, nm; NaN if there are hardly any steps."""
    modes = step_modes(z, pixel_size)
    return float(modes[0]) if modes.size else np.nan


def second_mode(z, pixel_size=1.0) -> float:
    """Second most frequent step height, nm; NaN if there is none."""
    modes = step_modes(z, pixel_size)
    return float(modes[1]) if modes.size > 1 else np.nan


def _modes(drop, length) -> list[tuple[float, float]]:
    """Peaks of the histogram of positive drops: how high, and where; highest first."""
    good = drop > 0  # False for NaN
    drop, length = drop[good], length[good]
    if drop.size < FEWEST:
        return []
    top = 1.25 * float(np.quantile(drop, 0.99))
    counts, edges = np.histogram(drop, bins=BINS, range=(0.0, top), weights=length)
    smooth = gaussian_filter1d(counts, WIDTH, mode="constant")
    peaks, _ = find_peaks(np.pad(smooth, 1), prominence=PROMINENCE * smooth.max())
    middle = (edges[:-1] + edges[1:]) / 2
    return sorted(((float(smooth[p - 1]), float(middle[p - 1])) for p in peaks), reverse=True)


_height = partial(
    Descriptor,
    family="steps",
    unit="nm",
    unit_px="rel",
    needs=("z_nm", "pixel_size"),
    minimum=(20, 20),
    prepare=Film,
)
_mode = partial(_height, source="modes of drops at maxima of the gradient")

DESCRIPTORS = (
    _height("step_height", step_height, source="facet slope times terrace width"),
    _height("layer_height", layer_height, source="least squares over labelled terraces"),
    _mode("step_mode_1", first_mode),
    _mode("step_mode_2", second_mode),
)
