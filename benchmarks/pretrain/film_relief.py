"""Relief of many films at once: rims, ridges, wrinkles, roughness."""

from collections.abc import Sequence

import torch
from film_draw import Drawn
from film_layers import Layer
from film_noise import gaussian_fields, numbers, white
from scan_tip import raise_parabolas
from torch import Tensor
from torch.nn import functional

from tmdfeat.datasets.surface_relief import WRINKLE_SHAPE, WRINKLE_SMOOTH, Relief

FAR = 5.0  # widths of a ridge, from where on it counts as nothing


def rims(reliefs: Sequence[Relief], layer: Layer) -> Tensor:
    """Return the rims of free edges, (n, h, w) nm."""
    device = layer.mask.device
    width, height = (numbers(reliefs, f"rim_{name}", device) for name in ("width", "height"))
    return height * torch.exp(-((layer.from_edge / width) ** 2)) * layer.mask


def ridges(reliefs: Sequence[Relief], layer: Layer, pixel: Tensor) -> Tensor:
    """Return the ridges of boundaries between domains, (n, h, w) nm.

    A Gaussian of the distance is highest where the negative square of the distance is: a
    parabola on every boundary pixel. Distances are exact; the numpy simulator's, by
    5 x 5 masks, are up to 2 % off.
    """
    device, grain = layer.mask.device, layer.grain
    width, height = (numbers(reliefs, f"ridge_{name}", device) for name in ("width", "height"))
    boundary = torch.zeros_like(layer.mask)
    for axis in (1, 2):
        after = grain.narrow(axis, 1, grain.shape[axis] - 1)
        before = grain.narrow(axis, 0, grain.shape[axis] - 1)
        between = (after != before) & (after >= 0) & (before >= 0)
        boundary.narrow(axis, 1, between.shape[axis]).logical_or_(between)
    reach = int((FAR * width / pixel).max()) + 1
    bottom = torch.where(boundary, 0.0, -2 * FAR**2)
    return height * raise_parabolas(bottom, (pixel / width) ** 2, reach).exp() * layer.mask


def wrinkles(reliefs: Sequence[Relief], drawn: Sequence[Drawn], shape, pixel: Tensor) -> Tensor:
    """Return ridges along level lines of random fields, (n, h, w) nm."""
    device = pixel.device
    length, hurst = (torch.full_like(pixel, value) for value in WRINKLE_SHAPE)
    field = gaussian_fields(white(drawn, "wrinkle", shape, device), pixel, length, hurst)
    sigmas = (WRINKLE_SMOOTH / pixel).flatten().tolist()
    field = torch.cat([_blurred(one[None], s) for one, s in zip(field, sigmas, strict=True)])
    down, along = torch.gradient(field, dim=(1, 2))
    steep = torch.hypot(down, along) / pixel + 1e-6
    distance = (field - field.mean((1, 2), keepdim=True)) / steep
    width, height = (numbers(reliefs, f"wrinkle_{name}", device) for name in ("width", "height"))
    return height * torch.exp(-((distance / (width / 2)) ** 2))


def roughness(scans: Sequence, drawn: Sequence[Drawn], layer: Tensor, pixel: Tensor) -> Tensor:
    """Return the roughness of films and of the bare substrate, (n, h, w) nm."""
    device = pixel.device
    reliefs = [scan.recipe.relief for scan in scans]
    bare = numbers([scan.recipe.substrate for scan in scans], "roughness", device)
    rms = torch.where(layer > 0, numbers(reliefs, "roughness", device), bare)
    length, hurst = (numbers(reliefs, name, device) for name in ("roughness_length", "hurst"))
    noise = white(drawn, "rough", layer.shape[1:], device)
    return rms * gaussian_fields(noise, pixel, length, hurst)


def _blurred(field: Tensor, sigma: float) -> Tensor:
    """Of shape (1, h, w), by a Gaussian cut off at four sigma."""
    reach = round(4 * sigma)
    place = torch.arange(-reach, reach + 1, device=field.device)
    kernel = torch.softmax(-(place**2) / (2 * sigma**2), 0)
    for axis in (1, 2):
        n = field.shape[axis]
        mirrored = (torch.arange(-reach, n + reach, device=field.device)) % max(1, 2 * n - 2)
        mirrored = torch.where(mirrored < n, mirrored, 2 * n - 2 - mirrored)
        rows = field.index_select(axis, mirrored).movedim(axis, -1)
        field = functional.conv1d(rows.reshape(-1, 1, rows.shape[-1]), kernel[None, None])
        field = field.view(*rows.shape[:2], n).movedim(-1, axis)
    return field
