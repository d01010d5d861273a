"""White noise and random rough surfaces, many at once."""

from collections.abc import Sequence

import numpy as np
import torch
from film_draw import NOISES
from torch import Tensor


def white(drawn: Sequence, kind: str, shape, device) -> Tensor:
    """Normal noise of rms 1, each map's from its own seed, whatever maps are beside it.

    Parameters
    ----------
    drawn : sequence of film_draw.Drawn, one per map
    kind : one of NOISES
    shape : of one map's noise
    device : torch.device

    Returns
    -------
    Tensor of shape (n, *shape)
    """
    generator = torch.Generator(device)
    noise = torch.empty((len(drawn), *shape), device=device)
    for one, draws in zip(noise, drawn, strict=True):
        generator.manual_seed(int(draws.seeds[NOISES.index(kind)]))
        one.normal_(generator=generator)
    return noise


def gaussian_fields(noise: Tensor, pixel: Tensor, correlation: Tensor, hurst: Tensor) -> Tensor:
    """Self-affine Gaussian fields as `tmdfeat.datasets.fields.gaussian_field` makes them.

    Parameters
    ----------
    noise : Tensor of shape (n, h, w)
        White.
    pixel, correlation : Tensors of shape (n, 1, 1), nm
    hurst : Tensor of shape (n, 1, 1)

    Returns
    -------
    Tensor of shape (n, h, w)
        Of mean 0.
    """
    h, w = noise.shape[1:]
    down = torch.fft.fftfreq(h, device=noise.device)[:, None]
    along = torch.fft.rfftfreq(w, device=noise.device)
    q2 = (down**2 + along**2) / pixel**2
    amplitude = (q2 + correlation**-2) ** (-(1 + hurst) / 2)
    amplitude = amplitude * (hurst / torch.pi).sqrt() * correlation**-hurst / pixel
    amplitude[:, 0, 0] = 0
    return torch.fft.irfft2(torch.fft.rfft2(noise) * amplitude, s=(h, w))


def numbers(parts: Sequence, name: str, device) -> Tensor:
    """One number of each part, as a Tensor of shape (n, 1, 1)."""
    values = [float(getattr(part, name)) for part in parts]
    return torch.tensor(values, dtype=torch.float32, device=device).view(-1, 1, 1)


def stack(tables: Sequence[np.ndarray], fill: float, device) -> Tensor:
    """Tables of unequal length as one Tensor of shape (n, longest, columns)."""
    shape = (len(tables), max(map(len, tables)), *tables[0].shape[1:])
    stacked = np.full(shape, fill, dtype=np.float32)
    for place, table in zip(stacked, tables, strict=True):
        place[: len(table)] = table
    return torch.from_numpy(stacked).to(device)
