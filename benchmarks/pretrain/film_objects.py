"""Particles, upright flakes and pits on many films at once."""

from collections.abc import Sequence

import numpy as np
import torch
from film_draw import Drawn, Scan
from film_noise import stack
from film_steps import Frames, Steps
from torch import Tensor

BLOCK = 2**22  # pixels of objects that are worked on at once; sets the memory


def add_objects(
    z: Tensor, scans: Sequence[Scan], drawn: Sequence[Drawn], steps: Steps, frames: Frames
) -> None:
    """Put the objects that were drawn onto surfaces.

    Parameters
    ----------
    z : Tensor of shape (n, size, size), nm
        Changed in place.
    scans : sequence of Scan
    drawn : sequence of Drawn
    steps : Steps
    frames : Frames
    """
    if not any(len(one.objects) for one in drawn):
        return
    table = stack([one.objects for one in drawn], 0.0, z.device)
    rows, columns, *shapes, on_step, flat = table.unbind(-1)
    moved = steps.to_nearest_edge(rows, columns, frames.pixel)
    rows, columns = (
        torch.where(on_step > 0, new, old) for new, old in zip(moved, (rows, columns), strict=True)
    )
    table = torch.stack([rows, columns, *shapes, flat], -1)
    reaches = [_reaches(scan, one) for scan, one in zip(scans, drawn, strict=True)]
    maps = np.repeat(np.arange(len(drawn)), [len(reach) for reach in reaches])
    places, reach = np.concatenate([np.arange(len(r)) for r in reaches]), np.concatenate(reaches)
    for half in np.unique(reach):
        some = torch.from_numpy(np.stack([maps, places])[:, reach == half]).to(z.device)
        for i, place in some.split(max(1, BLOCK // (2 * int(half) + 1) ** 2), 1):
            _stamp(z, frames, i, (table[i, place], int(half)))


def _reaches(scan: Scan, drawn: Drawn) -> np.ndarray:
    """How far objects reach, in pixels, rounded up to a power of 2: few sizes, few calls."""
    closest = scan.scan_nm / len(drawn.rows) * min(1.0, 1 + scan.scanner.drift_rows)
    reach = drawn.objects[:, 3:5].max(axis=1, initial=0.0) / closest + 2
    return np.minimum(2 ** np.ceil(np.log2(reach)), len(drawn.rows)).astype(int)


def _stamp(z, frames: Frames, maps: Tensor, objects) -> None:
    """Add objects, each in a window of its own: flat-topped ellipses, or halves of ellipsoids."""
    table, half = objects
    row, column, height, long, short, angle, flat = table[:, :, None, None].unbind(1)
    size, pixel = z.shape[1], frames.pixel[maps]
    around = torch.arange(-half, half + 1, device=z.device)
    rows = frames.rows[maps]
    i = torch.searchsorted(rows, row[:, :, 0].contiguous()) + around
    inside = (i >= 0) & (i < size)
    i = i.clamp(0, size - 1)
    dy = rows.gather(1, i)[:, :, None] - row
    start = frames.starts[maps].gather(1, i)[:, :, None]
    j = ((column - start) / pixel).round().long() + around
    inside = inside[:, :, None] & (j >= 0) & (j < size)
    dx = start + j * pixel - column
    along, across = angle.cos() * dx + angle.sin() * dy, angle.cos() * dy - angle.sin() * dx
    left = 1 - (along / long) ** 2 - (across / short) ** 2
    shape = torch.where(flat > 0, (left > 0).float(), left.clamp_min(0).sqrt())
    place = (maps[:, None, None] * size + i[:, :, None]) * size + j.clamp(0, size - 1)
    # This way of adding is one after the other, hence the same each time on a GPU too.
    z.view(-1).index_put_((place[inside],), (height * shape)[inside], accumulate=True)
