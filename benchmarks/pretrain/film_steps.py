"""Where pixels lie and where steps of the substrate are, for many maps at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from film_draw import Drawn, Scan
from film_noise import gaussian_fields, numbers, stack, white
from torch import Tensor

from tmdfeat.datasets.surface_substrate import MEANDER_HURST, MEANDER_LENGTH


class Frames(NamedTuple):
    """Frames of scans: rows lie at `rows` and begin at `starts`, (n, size) nm.

    `pixel` and the field's first row and column, `top` and `left`, have shape (n, 1, 1), nm.
    """

    rows: Tensor
    starts: Tensor
    pixel: Tensor
    top: Tensor
    left: Tensor

    def places(self) -> tuple[Tensor, Tensor]:
        """Rows and columns of all pixels, of shape (n, size, size), nm."""
        n, size = self.rows.shape
        along = torch.arange(size, device=self.rows.device) * self.pixel
        return self.rows[:, :, None].expand(n, size, size), self.starts[:, :, None] + along


class Steps(NamedTuple):
    """Steps of substrates, as in `tmdfeat.datasets.surface_substrate.Steps`.

    edges : (n, number), infinite where a substrate has fewer
    number : (n, 1)
    meander : (n, size, size)
    sin, cos, width : (n, 1, 1), of the ascent, nm
    """

    edges: Tensor
    number: Tensor
    meander: Tensor
    sin: Tensor
    cos: Tensor
    width: Tensor

    def phase(self, rows: Tensor, columns: Tensor, pixel: Tensor) -> Tensor:
        """Return the phase of places of shape (n, m), nm."""
        size = self.meander.shape[1]
        i = (rows / pixel[..., 0]).round().long() % size
        j = (columns / pixel[..., 0]).round().long() % size
        ascent = columns * self.cos[..., 0] + rows * self.sin[..., 0]
        return ascent / self.width[..., 0] + self.meander.flatten(1).gather(1, i * size + j)

    def to_nearest_edge(self, rows: Tensor, columns: Tensor, pixel: Tensor):
        """Move places of shape (n, m), nm, along the ascent onto the step that is nearest."""
        for _ in range(3):  # the meander is another there
            phase = self.phase(rows, columns, pixel)
            after = torch.searchsorted(self.edges, phase).clamp_min(1).minimum(self.number - 1)
            low, high = self.edges.gather(1, after - 1), self.edges.gather(1, after)
            way = torch.where(phase - low < high - phase, low, high) - phase
            rows = rows + way * (self.width * self.sin)[..., 0]
            columns = columns + way * (self.width * self.cos)[..., 0]
        return rows, columns

    def terraces(self, frames: Frames) -> Tensor:
        """Return which terrace each pixel lies on, counted upwards from 0, (n, size, size)."""
        rows, columns = frames.places()
        phase = columns * (self.cos / self.width) + rows * (self.sin / self.width) + self.meander
        flat = phase.flatten(1)
        lowest = torch.searchsorted(self.edges, flat.amin(1, keepdim=True), right=True)
        level = torch.searchsorted(self.edges, flat, right=True, out_int32=True) - lowest.int()
        return level.view_as(phase)


def lay_frames(scans: Sequence[Scan], drawn: Sequence[Drawn], device) -> Frames:
    """Put the frames that were drawn onto a device."""
    size = len(drawn[0].rows)
    bounds = torch.tensor([one.bounds for one in drawn], device=device)[:, :, None, None]
    rows, starts = (
        torch.from_numpy(np.stack([getattr(one, name) for one in drawn])).to(device)
        for name in ("rows", "starts")
    )
    return Frames(
        rows, starts, numbers(scans, "scan_nm", device) / size, bounds[:, 0], bounds[:, 2]
    )


def lay_steps(scans: Sequence[Scan], drawn: Sequence[Drawn], frames: Frames) -> Steps:
    """Lay the steps that were drawn, with meanders of their own."""
    device, size = frames.rows.device, frames.rows.shape[1]
    substrates = [scan.recipe.substrate for scan in scans]
    width = numbers(substrates, "terrace_width", device)
    angle = torch.deg2rad(numbers(substrates, "azimuth", device))
    hurst = torch.full_like(width, MEANDER_HURST)
    noise = white(drawn, "meander", (size, size), device)
    meander = gaussian_fields(noise, frames.pixel, MEANDER_LENGTH * width, hurst)
    meander *= numbers(substrates, "meander", device)
    edges = stack([one.edges for one in drawn], torch.inf, device)
    number = torch.tensor([[len(one.edges)] for one in drawn], device=device)
    return Steps(edges, number, meander, angle.sin(), angle.cos(), width)
