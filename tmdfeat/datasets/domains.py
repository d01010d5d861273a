"""The film: nuclei, and when the growing domains reach each pixel."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

TILE = 16  # px
NEAREST = 8  # nuclei tried per round
BIRTH = 0.1  # mean birth time, in units of the mean distance between nuclei


class Nuclei(NamedTuple):
    """Where (nm), how turned (radians) and when (nm of growth) domains are born.

    A domain points (has a corner) along `angle`, from the column axis towards the row axis.
    """

    rows: np.ndarray
    columns: np.ndarray
    angle: np.ndarray
    birth: np.ndarray


def sow(growth, extent, rng) -> Nuclei:
    """Draw nuclei in and around a field, so that domains grow in from outside too.

    Parameters
    ----------
    growth : tmdfeat.datasets.materials.Growth
    extent : (height, width), nm
    rng : numpy Generator

    Returns
    -------
    Nuclei
        A Poisson number of them, at least one.
    """
    spacing = 1000 / np.sqrt(growth.density)
    margin = 2 * spacing
    area = (extent[0] + 2 * margin) * (extent[1] + 2 * margin) / 1e6
    n = max(1, rng.poisson(growth.density * area))
    turn = np.where(rng.random(n) < growth.antiparallel, 60.0, 0.0)
    turn += growth.azimuth + rng.normal(0, growth.spread, n)
    return Nuclei(
        rows=rng.uniform(-margin, extent[0] + margin, n),
        columns=rng.uniform(-margin, extent[1] + margin, n),
        angle=np.radians(turn),
        birth=rng.exponential(BIRTH * spacing, n),
    )


def arrival(shape, pixel, nuclei: Nuclei, truncation: float):
    """Return when the film reaches each pixel, and from which nucleus.

    Each domain's three edges advance at speed 1 and the three opposite ones at `truncation`
    (kinetic Wulff construction): 1 grows hexagons, 2 and more triangles. A pixel belongs to
    the domain that reaches it first.

    Parameters
    ----------
    shape : (H, W)
    pixel : float, nm
    nuclei : Nuclei
    truncation : float, >= 1

    Returns
    -------
    time : float32 array of shape (H, W), nm of growth
    domain : int array of shape (H, W), index into `nuclei`
    """
    tiles = tuple(-(-side // TILE) for side in shape)
    rows, columns = (np.arange(n * TILE).reshape(n, TILE) * pixel for n in tiles)
    rows, columns = np.repeat(rows, tiles[1], axis=0), np.tile(columns, (tiles[0], 1))
    time, domain = _first_arrivals(rows, columns, nuclei, truncation)
    return _untile(time, tiles, shape), _untile(domain, tiles, shape)


def cover(time: np.ndarray, coverage: float) -> np.ndarray:
    """Return the film when it covers a fraction of the field, exact to the pixel.

    Parameters
    ----------
    time : array of shape (H, W)
        From `arrival`.
    coverage : float, 0 to 1

    Returns
    -------
    bool array of shape (H, W)
    """
    film = np.zeros(time.size, dtype=bool)
    n = round(coverage * time.size)
    film[np.argpartition(time, max(0, n - 1), axis=None)[:n]] = True
    return film.reshape(time.shape)


def _first_arrivals(rows, columns, nuclei, truncation):
    centres = np.column_stack([rows.mean(axis=1), columns.mean(axis=1)])
    reach = np.hypot(np.ptp(rows[0]), np.ptp(columns[0])) / 2
    tree = cKDTree(np.column_stack([nuclei.rows, nuclei.columns]))
    time = np.full((len(rows), TILE, TILE), np.inf, dtype=np.float32)
    domain = np.zeros(time.shape, dtype=np.intp)
    active, tried = np.arange(len(rows)), 0
    while active.size and tried < tree.n:
        ranks = np.arange(tried + 1, min(tried + NEAREST, tree.n) + 1)
        distance, nearest = tree.query(centres[active], k=ranks)
        for nucleus in nearest.T:
            t = _gauge(rows[active], columns[active], nuclei, nucleus, truncation)
            first = t < time[active]
            time[active] = np.where(first, t, time[active])
            domain[active] = np.where(first, nucleus[:, None, None], domain[active])
        # No domain grows faster than 2 in any direction: farther nuclei come too late.
        active = active[time[active].max(axis=(1, 2)) > (distance[:, -1] - reach) / 2]
        tried = ranks[-1]
    return time, domain


def _gauge(rows, columns, nuclei, nucleus, truncation):
    # p is the way from the nucleus along one corner; those along the other two corners are
    # -p/2 + h and -p/2 - h. Rows and columns add up, so trigonometry is done on tile sides only.
    dy = rows - nuclei.rows[nucleus, None]
    dx = columns - nuclei.columns[nucleus, None]
    cos, sin = np.cos(nuclei.angle[nucleus, None]), np.sin(nuclei.angle[nucleus, None])
    p = _outer_sum(sin * dy, cos * dx)
    h = np.abs(_outer_sum(cos * dy, -sin * dx)) * np.float32(np.sqrt(0.75))
    half = p / 2
    towards_edge = np.maximum(-p, half + h)
    towards_corner = np.maximum(p, h - half)
    t = np.maximum(towards_edge, towards_corner / np.float32(truncation))
    return t + nuclei.birth[nucleus].astype(np.float32)[:, None, None]


def _outer_sum(rows, columns):
    return rows.astype(np.float32)[:, :, None] + columns.astype(np.float32)[:, None, :]


def _untile(values, tiles, shape):
    image = values.reshape(*tiles, TILE, TILE).swapaxes(1, 2)
    return image.reshape(tiles[0] * TILE, tiles[1] * TILE)[: shape[0], : shape[1]]
