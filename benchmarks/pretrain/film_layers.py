"""Layers of many films at once: domains that grow on the substrate and on each other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from film_arrival import Seeds, arrival
from film_draw import Drawn
from film_noise import gaussian_fields, numbers, white
from film_nuclei import sow
from film_steps import Frames, Steps
from torch import Tensor

from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_layers import RAGGED_SHAPE


class Layer(NamedTuple):
    """One layer of all films, as in `tmdfeat.datasets.surface_layers.Layer`.

    nuclei : Seeds
    mask : bool (n, h, w)
    grain : int32 (n, h, w), -1 where there is no domain
    from_edge : (n, h, w), nm
    """

    nuclei: Seeds
    mask: Tensor
    grain: Tensor
    from_edge: Tensor


def grow_layers(
    films: Sequence[Film], drawn: Sequence[Drawn], steps: Steps, frames: Frames
) -> list[Layer]:
    """Grow the layers of films, the first ones first.

    Parameters
    ----------
    films : sequence of Film
    drawn : sequence of film_draw.Drawn
    steps : Steps
    frames : Frames

    Returns
    -------
    list of Layer
        As many as the film with most layers has.
    """
    places = _stretched(*_ragged(films, drawn, frames), films, steps)
    layers: list[Layer] = []
    for number, pixels in enumerate(_pixels(films, steps.meander[0].numel())):
        below = layers[-1] if layers else None
        nuclei = sow(number, drawn, below, steps, frames)
        layers.append(_grow(films, pixels, places, (nuclei, steps), layers))
    return layers


def cover(time: Tensor, pixels: Sequence[int]) -> Tensor:
    """Return the first pixels that are reached, exactly so many of each map.

    Parameters
    ----------
    time : Tensor of shape (n, h, w)
    pixels : sequence of int, n of them

    Returns
    -------
    bool Tensor of shape (n, h, w)
    """
    flat = time.flatten(1)
    ends = [one.kthvalue(max(k, 1)).values for one, k in zip(flat, pixels, strict=True)]
    end, number = torch.stack(ends)[:, None], torch.tensor(pixels, device=time.device)[:, None]
    before, at_end = flat < end, flat == end
    left = number - before.sum(1, keepdim=True)  # of those that are reached at the same time
    mask = before | (at_end & (at_end.cumsum(1) <= left))
    return (mask & (number > 0)).view(time.shape)


def _pixels(films, size) -> list[list[int]]:
    """How many pixels each layer of each film covers, none more than the one below."""
    depth = max(len(film.coverage) for film in films)
    counts = [
        [round(share * size) for share in (*film.coverage, *[0.0] * depth)[:depth]]
        for film in films
    ]
    return [list(layer) for layer in zip(*counts, strict=True)]


def _grow(films, pixels, places, sown, below) -> Layer:
    nuclei, steps = sown
    rows, columns = places
    have = torch.tensor(np.flatnonzero(pixels), device=rows.device)
    time = torch.full(rows.shape, torch.inf, device=rows.device)
    domain = torch.full(rows.shape, -1, device=rows.device)
    if len(have):
        turned = _stretched(nuclei.rows, nuclei.columns, films, steps)
        seeds = Seeds(*(part[have] for part in (*turned, nuclei.angle, nuclei.birth)))
        truncation = numbers(films, "truncation", rows.device)[have, 0, 0]
        time[have], domain[have] = arrival(rows[have], columns[have], seeds, truncation)
    if below:
        time = torch.where(below[-1].mask, time, torch.inf)
    mask = cover(time, pixels)
    end = torch.where(mask, time, 0).amax((1, 2), keepdim=True)
    passed = torch.where(mask, end - time, 0)
    return Layer(nuclei, mask, torch.where(mask, domain, -1).int(), passed)


def _ragged(films, drawn, frames):
    rows, columns = frames.places()
    raggedness = numbers(films, "raggedness", rows.device)
    if not any(film.raggedness for film in films):
        return rows, columns
    length, hurst = (torch.full_like(raggedness, value) for value in RAGGED_SHAPE)
    shift = white(drawn, "ragged", rows.shape[1:], rows.device)
    shift = gaussian_fields(shift, frames.pixel, length, hurst) * (raggedness / 2**0.5)
    other = shift.roll((shift.shape[1] // 2, shift.shape[2] // 2), (1, 2))
    return rows + shift, columns + other


def _stretched(rows, columns, films, steps):
    # Growth is as fast in all directions where the way along the steps is shortened.
    shape = (-1,) + (1,) * (rows.ndim - 1)
    sin, cos = steps.sin.view(shape), steps.cos.view(shape)
    factor = numbers(films, "stretch", rows.device).view(shape)
    surplus = (cos * rows - sin * columns) * (1 / factor - 1)
    return rows + cos * surplus, columns - sin * surplus
