"""Growth: when which domain reaches each pixel."""

import numpy as np
from numba import njit

BLOCK, TILE = 64, 8  # px


def arrival(rows, columns, nuclei, truncation):
    """Return when the film reaches each place, and from which nucleus.

    Each domain's three edges advance at speed 1 and the three opposite ones at `truncation`
    (kinetic Wulff construction): 1 grows hexagons, 2 and more triangles. A pixel belongs to
    the domain that reaches it first. The time tells all: the film of any coverage is where it
    is below a threshold, and the threshold minus it is the distance from a free edge.

    Parameters
    ----------
    rows, columns : float32 arrays of shape (H, W), nm
        Places, on any grid.
    nuclei : tmdfeat.datasets.surface_nuclei.Nuclei
        At least one.
    truncation : float, >= 1

    Returns
    -------
    time : float32 array of shape (H, W), nm of growth
    domain : int32 array of shape (H, W), index into `nuclei`
    """
    seeds = np.column_stack(
        [
            nuclei.rows,
            nuclei.columns,
            np.sin(nuclei.angle),
            np.cos(nuclei.angle),
            nuclei.birth,
        ]
    )
    time = np.empty(rows.shape, dtype=np.float32)
    domain = np.empty(rows.shape, dtype=np.int32)
    _arrive(rows, columns, seeds, 1 / float(truncation), time, domain)
    return time, domain


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


@njit(cache=True)
def _arrive(rows, columns, seeds, slowness, time, domain):
    height, width = rows.shape
    every = np.arange(seeds.shape[0])
    for top in range(0, height, BLOCK):
        for left in range(0, width, BLOCK):
            bottom, right = min(top + BLOCK, height), min(left + BLOCK, width)
            block = _candidates(
                rows[top:bottom, left:right], columns[top:bottom, left:right], seeds, every
            )[0]
            for i in range(top, bottom, TILE):
                for j in range(left, right, TILE):
                    part = (slice(i, min(i + TILE, bottom)), slice(j, min(j + TILE, right)))
                    near, soonest = _candidates(rows[part], columns[part], seeds, block)
                    order = np.argsort(soonest)
                    _race(
                        (rows[part], columns[part]),
                        seeds,
                        (near[order], soonest[order]),
                        slowness,
                        (time[part], domain[part]),
                    )


@njit(cache=True)
def _candidates(rows, columns, seeds, among):
    """Find the nuclei that may be first somewhere in a tile, and when they come at the soonest.

    No domain takes longer than its distance, nor less than half of it.
    """
    y, x = (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2
    reach = np.hypot(rows.max() - y, columns.max() - x) * 1.00001
    distance = np.empty(among.size)
    latest = np.inf
    for k in range(among.size):
        seed = seeds[among[k]]
        distance[k] = np.hypot(seed[0] - y, seed[1] - x)
        latest = min(latest, seed[4] + distance[k] + reach)
    near, soonest = np.empty_like(among), np.empty(among.size)
    n = 0
    for k in range(among.size):
        first = seeds[among[k], 4] + max(0.0, distance[k] - reach) / 2
        if first <= latest:
            near[n], soonest[n] = among[k], first
            n += 1
    return near[:n], soonest[:n]


@njit(cache=True)
def _race(places, seeds, runners, slowness, results):
    rows, columns = places
    time, domain = results
    time[:] = np.inf
    for runner, soonest in zip(*runners):  # noqa: B905  # numba knows no strict
        if soonest > time.max():
            break
        y, x, sin, cos, birth = seeds[runner]
        for i in range(rows.shape[0]):
            for j in range(rows.shape[1]):
                dy, dx = rows[i, j] - y, columns[i, j] - x
                # p is the way along one corner, -p/2 + h and -p/2 - h those along the others.
                p = cos * dx + sin * dy
                h = np.sqrt(0.75) * abs(cos * dy - sin * dx)
                to_edge, to_corner = max(-p, p / 2 + h), max(p, h - p / 2)
                t = birth + max(to_edge, to_corner * slowness)
                if t < time[i, j]:
                    time[i, j] = t
                    domain[i, j] = runner
