"""Layer height: one least-squares fit of film and staircase to the whole map.

Roughness and what row alignment left are long waves, while steps are sharp: map, film and
staircase all pass the same high-pass filter before the fit. A linear filter keeps what is true
of heights true, and what it leaves is nearly independent from place to place, as least squares
wants it. Pixels at boundaries, whose side is least sure, take no part.
"""

import cv2
import numpy as np

from tmdfeat.physical.steps_facets import fitted_plane

FINE = 0.7  # px, smoothing that leaves the film's edge where it is
BOX = 49  # px, side of the box that is run over the map twice: waves longer than this go
RIM = 1  # px to each side of the film's edge that take no part
RISER = 3  # and of steps, which the phase finds to a few pixels
SINGULAR = 1e-9
FEWEST = 200  # px that take part


def film_edge(z, numbers, step: float, film) -> np.ndarray:
    """Return the film, cut anew from the map without its staircase, bool (H, W).

    Parameters
    ----------
    z : array of shape (H, W), levelled by a plane
    numbers : array of shape (H, W)
        From `number_terraces`.
    step : float
        Height of steps; NaN for no staircase.
    film : bool array of shape (H, W)
        The film by a first look, neither everywhere nor nowhere.

    Examples
    --------
    >>> film = np.zeros((30, 30), bool)
    >>> film[8:20, 8:20] = True
    >>> wide = np.roll(film, 1)
    >>> bool((film_edge(0.65 * film, np.zeros((30, 30)), np.nan, wide) == film).all())
    True
    """
    flat = z - np.nan_to_num(step) * (numbers - fitted_plane(numbers))
    flat = cv2.GaussianBlur(flat, (0, 0), FINE, borderType=cv2.BORDER_REPLICATE)
    return flat > (np.median(flat[film]) + np.median(flat[~film])) / 2


def fitted_layer(z, numbers, film) -> float:
    """Return the height of the film, fitted together with that of steps and a plane.

    Parameters
    ----------
    z : array of shape (H, W)
    numbers : array of shape (H, W)
    film : bool array of shape (H, W)

    Returns
    -------
    float
        NaN if the film is everywhere or nowhere, or too few pixels are clear of boundaries.

    Examples
    --------
    >>> numbers = np.tile(np.arange(60) // 12, (40, 1))
    >>> film = np.zeros((40, 60), bool)
    >>> film[10:30, 20:45] = True
    >>> z = 0.2 * numbers + 0.65 * film + 0.01 * np.arange(40)[:, None]
    >>> round(fitted_layer(z, numbers, film), 6)
    0.65
    """
    clear = ~(_boundary(film, RIM) | _boundary(numbers, RISER))
    inside = np.count_nonzero(clear & film)
    if not 0 < inside < np.count_nonzero(clear) or np.count_nonzero(clear) < FEWEST:
        return np.nan
    rows, columns = (np.linspace(-1, 1, n) for n in z.shape)
    plane = np.broadcast_to(rows[:, None], z.shape), np.broadcast_to(columns, z.shape)
    basis = np.stack([_high_pass(part)[clear] for part in (film, numbers, *plane)])
    moments = basis @ _high_pass(z - z.mean())[clear]
    return float(np.linalg.lstsq(basis @ basis.T, moments, rcond=SINGULAR)[0][0])


def _boundary(parts, reach):
    """Where another part lies within reach."""
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.morphologyEx(np.asarray(parts, np.float32), cv2.MORPH_GRADIENT, disk) != 0


def _high_pass(z):
    smooth = z = np.asarray(z, float)
    for _ in range(2):
        smooth = cv2.blur(smooth, (BOX, BOX), borderType=cv2.BORDER_REPLICATE)
    return z - smooth
