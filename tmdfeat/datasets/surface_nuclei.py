"""Nuclei: where domains are born, when, and how turned."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from tmdfeat.datasets.surface_film import Film

MARGIN = 2.0  # mean distances around the field, so that domains grow in from outside too


class Nuclei(NamedTuple):
    """Where (nm), how turned (radians) and when (nm of growth) domains are born.

    A domain points (has a corner) along `angle`, from the column axis towards the row axis.
    """

    rows: np.ndarray
    columns: np.ndarray
    angle: np.ndarray
    birth: np.ndarray


def sow(film: Film, steps, bounds, rng) -> Nuclei:
    """Draw the first layer's nuclei in and around a field.

    Parameters
    ----------
    film : Film
    steps : tmdfeat.datasets.surface_substrate.Steps
    bounds : (first row, last row, first column, last column), nm
    rng : numpy Generator

    Returns
    -------
    Nuclei
        A Poisson number of them without hard core, at least one.
    """
    rows, columns = scatter(film.density, film.hard_core, bounds, rng)
    on_step = rng.random(len(rows)) < film.step_bias
    moved = steps.to_nearest_edge(rows[on_step], columns[on_step])
    rows[on_step], columns[on_step] = moved
    angle = turn(film, steps.azimuth, len(rows), rng)
    return Nuclei(rows, columns, angle, births(film, film.birth, len(rows), rng))


def scatter(density, hard_core, bounds, rng):
    """Draw points of a density (per µm²) in a field (nm) and a margin, at least one.

    With a hard core (in mean distances) each point of a denser Poisson field is marked with a
    number, and goes if one with a lower number is nearer than that (Matérn's second process).

    Returns
    -------
    rows, columns : arrays of shape (n,), nm
    """
    spacing = 1000 / np.sqrt(density)
    low = np.array(bounds[::2]) - MARGIN * spacing
    high = np.array(bounds[1::2]) + MARGIN * spacing
    area = np.pi * hard_core**2
    # Of Poisson points with `area` times k of them per hard core, (1 - exp(-k)) / k stay.
    thicker = -np.log1p(-area) / area if area > 0 else 1.0
    n = max(1, rng.poisson(density * thicker * np.prod(high - low) / 1e6))
    points = rng.uniform(low, high, (n, 2))
    if area > 0:
        close = cKDTree(points).query_pairs(hard_core * spacing, output_type="ndarray")
        stay = np.ones(n, dtype=bool)
        stay[close.max(axis=1)] = False  # points are in random order: their places are the marks
        points = points[stay]
    return points[:, 0].copy(), points[:, 1].copy()


def turn(film: Film, azimuth, n, rng) -> np.ndarray:
    """Draw orientations, radians: along the ascent or 60 degrees off, with the film's spread."""
    angle = azimuth + np.where(rng.random(n) < film.antiparallel, 60.0, 0.0)
    return np.radians(angle + rng.normal(0, film.spread, n))


def births(film: Film, mean, n, rng) -> np.ndarray:
    """Draw times of birth, nm of growth, of a mean in units of the mean distance."""
    times = rng.exponential(1.0, n) if film.birth_law == "exponential" else rng.uniform(0, 2, n)
    return mean * film.spacing * times
