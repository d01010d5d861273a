"""Layers: domains that grow on the substrate and on each other."""

from typing import NamedTuple

import numpy as np

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.surface_arrival import arrival, cover
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_frame import Frame
from tmdfeat.datasets.surface_nuclei import Nuclei, births, scatter, sow, turn

RAGGED_SHAPE = (60.0, 0.8)  # correlation length in nm, Hurst exponent
LATER = 0.5  # mean time, in units of the mean distance, until a further layer is born


class Layer(NamedTuple):
    """One layer: its nuclei, where it is, its domains there (-1 elsewhere), and its edges.

    `from_edge` is how far, in nm, free edges have moved on since they passed each pixel.
    """

    nuclei: Nuclei
    mask: np.ndarray
    grain: np.ndarray
    from_edge: np.ndarray


def grow_layers(film: Film, steps, frame: Frame, rng) -> list[Layer]:
    """Grow the layers of a film, the first one first.

    Parameters
    ----------
    film : Film
    steps : tmdfeat.datasets.surface_substrate.Steps
    frame : Frame
    rng : numpy Generator

    Returns
    -------
    list of Layer
        One per entry of `film.coverage`; each lies within the one before.
    """
    ground, first, further = rng.spawn(3)
    places = _ragged(film, frame, ground)
    layers: list[Layer] = []
    for coverage in film.coverage:
        if layers:
            nuclei = _sow_on(layers, film, steps.azimuth, frame, further)
        else:
            nuclei = sow(film, steps, frame.bounds, first)
        time, domain = _arrival(film, steps.azimuth, places, nuclei)
        layers.append(_cut(nuclei, time, domain, coverage, layers))
    return layers


def layer_map(layers, shape) -> np.ndarray:
    """Return how many layers lie on each pixel, int8 array of shape (H, W)."""
    return sum((layer.mask for layer in layers), np.zeros(shape, dtype=np.int8))


def _arrival(film, azimuth, places, nuclei):
    if film.stretch == 1:
        return arrival(*places, nuclei, film.truncation)
    rows, columns = _stretched(nuclei.rows, nuclei.columns, azimuth, film.stretch)
    places = _stretched(*places, azimuth, film.stretch)
    return arrival(*places, nuclei._replace(rows=rows, columns=columns), film.truncation)


def _cut(nuclei, time, domain, coverage, below) -> Layer:
    if below:
        ground = below[-1].mask
        time = np.where(ground, time, np.float32(np.inf))
        coverage = min(coverage, ground.mean())
    mask = cover(time, coverage)
    end = time[mask].max(initial=0)
    passed = np.where(mask, end - time, np.float32(0))
    return Layer(nuclei, mask, np.where(mask, domain, np.int32(-1)), passed)


def _ragged(film, frame, rng):
    if film.raggedness == 0:
        return frame.rows, frame.columns
    shift = gaussian_field(frame.rows.shape, frame.pixel, *RAGGED_SHAPE, rng)
    shift *= np.float32(film.raggedness / np.sqrt(2))
    other = np.roll(shift, (shift.shape[0] // 2, shift.shape[1] // 2), (0, 1))
    return frame.rows + shift, frame.columns + other


def _stretched(rows, columns, azimuth, factor):
    # Growth is as fast in all directions where the way along the steps is shortened.
    sin, cos = (np.asarray(f(np.radians(azimuth)), dtype=rows.dtype) for f in (np.sin, np.cos))
    surplus = (cos * rows - sin * columns) * rows.dtype.type(1 / factor - 1)
    return rows + cos * surplus, columns - sin * surplus


def _sow_on(layers, film, azimuth, frame, rng) -> Nuclei:
    below = layers[-1].nuclei
    inherit = rng.random(len(below.rows)) < min(1.0, film.next_density * film.centred)
    rows, columns = below.rows[inherit], below.columns[inherit]
    new = film.density * film.next_density ** len(layers) * (1 - film.centred)
    if new > 0:
        y, x = scatter(new, film.hard_core, frame.bounds, rng)
        found = _on(layers[-1].mask, y, x, frame)
        rows, columns = np.append(rows, y[found]), np.append(columns, x[found])
    if not len(rows):
        rows, columns = below.rows[:1], below.columns[:1]
    n = len(rows)
    return Nuclei(rows, columns, turn(film, azimuth, n, rng), births(film, LATER, n, rng))


def _on(mask, rows, columns, frame) -> np.ndarray:
    """Whether points lie on a layer; outside of the field nobody knows, so yes."""
    i = np.floor((rows - frame.bounds[0]) / frame.pixel).astype(np.intp)
    j = np.floor((columns - frame.bounds[2]) / frame.pixel).astype(np.intp)
    inside = (i >= 0) & (i < mask.shape[0]) & (j >= 0) & (j < mask.shape[1])
    return ~inside | mask[i * inside, j * inside]
