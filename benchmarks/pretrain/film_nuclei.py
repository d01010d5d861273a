"""Nuclei of many films at once."""

from collections.abc import Sequence

import numpy as np
import torch
from film_arrival import Seeds
from film_draw import HEIR, NEW, Drawn
from film_noise import stack
from film_steps import Frames, Steps
from torch import Tensor
from torch.nn import functional


def sow(number: int, drawn: Sequence[Drawn], below, steps: Steps, frames: Frames) -> Seeds:
    """Decide which of the candidates that were drawn are nuclei of a layer, and where.

    Parameters
    ----------
    number : int
        Of the layer, from 0.
    drawn : sequence of Drawn, one per film
    below : film_layers.Layer or None
    steps : Steps
    frames : Frames

    Returns
    -------
    Seeds
        At least one for each film that has the layer.
    """
    empty = np.empty((0, 6))
    tables = [one.layers[number] if len(one.layers) > number else empty for one in drawn]
    table = stack(tables, torch.nan, frames.rows.device)
    rows, columns, angle, birth, on_step, kind = table.nan_to_num(0.0).unbind(-1)
    missing, birth = table[..., 3].isnan(), birth.masked_fill(table[..., 3].isnan(), torch.inf)
    if below is None:
        moved = steps.to_nearest_edge(rows, columns, frames.pixel)
        rows, columns = (
            torch.where(on_step > 0, new, old)
            for new, old in zip(moved, (rows, columns), strict=True)
        )
        return Seeds(rows, columns, angle, birth)
    width = rows.shape[1]
    old = [_to_width(part, width) for part in below.nuclei[:2]]
    born = _to_width(below.nuclei.birth.isfinite(), width)
    heirs = (kind == HEIR) & born
    found = (kind == NEW) & ~missing & _on(below.mask, rows, columns, frames)
    present = heirs | found
    present |= _only(present, born) & ~missing
    rows, columns = (
        torch.where(kind == NEW, new, under)
        for new, under in zip((rows, columns), old, strict=True)
    )
    return Seeds(rows, columns, angle, birth.where(present, torch.inf))


def _only(present: Tensor, born: Tensor) -> Tensor:
    """The first nucleus below, where a film would have none."""
    first = born.int().argmax(1, keepdim=True)
    place = torch.arange(born.shape[1], device=born.device) == first
    return place & ~present.any(1, keepdim=True)


def _to_width(part: Tensor, width: int) -> Tensor:
    # Films without this layer may have had more nuclei than any that has it.
    return functional.pad(part, (0, width - part.shape[1]))


def _on(mask: Tensor, rows: Tensor, columns: Tensor, frames: Frames) -> Tensor:
    """Whether points lie on a layer; outside of the field nobody knows, so yes."""
    i = ((rows - frames.top[..., 0]) / frames.pixel[..., 0]).floor().long()
    j = ((columns - frames.left[..., 0]) / frames.pixel[..., 0]).floor().long()
    h, w = mask.shape[1:]
    inside = (i >= 0) & (i < h) & (j >= 0) & (j < w)
    return ~inside | mask.flatten(1).gather(1, (i * w + j) * inside)
