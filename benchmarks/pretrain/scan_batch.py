"""The instrument as a whole, for many scans at once: from surfaces to scans."""

from collections.abc import Sequence

import numpy as np
import torch
from film_draw import Drawn
from film_noise import numbers, white
from scan_rows import flicker, follow, hum, pixel_noise
from scan_tip import dilate
from torch import Tensor

from tmdfeat.datasets.scan_instrument import Scanner


def scan_surfaces(
    surface: Tensor, pixel: Tensor, scanners: Sequence[Scanner], drawn: Sequence[Drawn]
) -> Tensor:
    """Scan surfaces, each with its scanner, as `scan_instrument.scan_surface` does.

    Parameters
    ----------
    surface : Tensor of shape (n, size, size), nm
    pixel : Tensor of shape (n, 1, 1), nm
    scanners : sequence of Scanner
    drawn : sequence of Drawn

    Returns
    -------
    Tensor of shape (n, size, size), nm
    """
    device = surface.device
    lag, drop, digit, radius = (
        numbers(scanners, name, device) for name in ("lag", "drop", "digit", "tip_radius")
    )
    z = follow(dilate(surface, pixel, radius), lag, drop)
    z = z + _electronics(scanners, drawn, surface)
    if any(one.scars is not None for one in drawn):
        nothing = np.zeros(surface.shape[1:], dtype=np.float32)
        strokes = [nothing if one.scars is None else one.scars for one in drawn]
        z += torch.from_numpy(np.stack(strokes)).to(device)
    z += _background(scanners, surface)
    source = torch.from_numpy(np.stack([one.source for one in drawn])).to(device)
    z = torch.take_along_dim(z, source[:, :, None], 1)  # lost rows repeat the one before
    return torch.where(digit > 0, (z / digit).round() * digit, z)


def _electronics(scanners, drawn, surface) -> Tensor:
    device, (_, h, w) = surface.device, surface.shape
    added = numbers(scanners, "row_offset", device) * white(drawn, "rows", (h, 1), device)
    if any(scanner.flicker for scanner in scanners):
        slow = white(drawn, "flicker", (2, h * w + 1), device)
        added = added + numbers(scanners, "flicker", device) * flicker(slow, (h, w))
    if any(scanner.hum for scanner in scanners):
        starts = np.stack([one.hum for one in drawn]).astype(np.float32)
        cycles = numbers(scanners, "hum_cycles", device)
        humming = hum(torch.from_numpy(starts).to(device), cycles, w)
        added = added + numbers(scanners, "hum", device) * humming
    if any(scanner.noise for scanner in scanners):
        noise = white(drawn, "pixels", (h, w), device)
        noise = pixel_noise(noise, numbers(scanners, "noise_lag", device))
        added = added + numbers(scanners, "noise", device) * noise
    return added


def _background(scanners, surface) -> Tensor:
    down, along = (torch.linspace(-0.5, 0.5, n, device=surface.device) for n in surface.shape[1:])
    tilts, bows = (
        [numbers(scanners, f"{kind}_{axis}", surface.device) for axis in ("rows", "columns")]
        for kind in ("tilt", "bow")
    )
    ways = (down[:, None], along)
    parts = [
        tilt * way + bow * (1 - 4 * way**2)
        for tilt, bow, way in zip(tilts, bows, ways, strict=True)
    ]
    return parts[0] + parts[1]
