"""Look at surfaces as instruments do: cut-outs at random zooms, with random artefacts.

All images of a batch are worked on at once, on the device that they are on. Every number is
drawn from the generators that are given, so that a training can be repeated.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

RENDERINGS = ("height", "slope", "edges", "contrast")
SHARES = (0.55, 0.15, 0.15, 0.15)
TAPS = 9  # of the widest blur


def cut_outs(
    heights: np.ndarray, which: np.ndarray, side: int, rng: np.random.Generator
) -> np.ndarray:
    """Cut squares out of maps, each flipped and turned at random.

    Parameters
    ----------
    heights : array of shape (n, size, size)
    which : int array of shape (b,)
    side : int
        Pixels of a view; the cut-outs of one call share a zoom of 0.8 to 1.25 view pixels for
        one of the map, as far as maps are large enough: more would blur what labels say.
    rng : numpy.random.Generator

    Returns
    -------
    float32 array of shape (b, 1, cut, cut)
    """
    size = heights.shape[1]
    cut = min(size, round(side / rng.uniform(0.8, 1.25)))
    found = np.empty((len(which), 1, cut, cut), np.float32)
    for image, i in zip(found, which, strict=True):
        row, column = rng.integers(0, size - cut + 1, 2)
        piece = heights[i, row : row + cut, column : column + cut]
        turns, mirrored = rng.integers(4), rng.integers(2)
        image[0] = np.rot90(piece[::-1] if mirrored else piece, turns)
    return found


def look(cuts: Tensor, side: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Scan cut-outs with random instruments and show them as pictures.

    Parameters
    ----------
    cuts : Tensor of shape (b, 1, cut, cut)
        Heights in units of their standard deviation.
    side : int
        Pixels of a view.
    generator : torch.Generator
        On the device of the cut-outs.

    Returns
    -------
    views : Tensor of shape (b, 1, side, side)
    rendering : Tensor of int of shape (b,)
        Positions in `RENDERINGS`.
    """
    x = functional.interpolate(
        cuts, (side, side), mode="bilinear", align_corners=False, antialias=True
    )
    draw = Draw(x, generator)
    x = standardised(x)
    x = on_some(x, draw, 0.25, dilated)
    x = on_some(x, draw, 0.4, blurred)
    x = scanned(x, draw)
    x = on_some(x, draw, 0.15, drifted)
    x = on_some(x, draw, 0.12, scarred)
    x = on_some(x, draw, 0.2, rows_levelled)
    x, rendering = rendered(x, draw)
    noise = draw.normal(1, side, side) * draw.amplitude(0.6, 0.35)
    return toned(standardised(x) + noise, draw), rendering


class Draw:
    """Random numbers, one for each image of a batch or of a shape that is asked for."""

    def __init__(self, like: Tensor, generator: torch.Generator):
        self.number, self.device, self.generator = len(like), like.device, generator

    def uniform(self, *shape: int) -> Tensor:
        """Between 0 and 1, of shape (b, 1, 1, 1) or (b, *shape)."""
        shape = shape or (1, 1, 1)
        return torch.rand((self.number, *shape), generator=self.generator, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        """Of the standard normal distribution."""
        shape = shape or (1, 1, 1)
        return torch.randn((self.number, *shape), generator=self.generator, device=self.device)

    def amplitude(self, share: float, largest: float) -> Tensor:
        """Zero for most; for a share of the images uniform up to the largest."""
        return (self.uniform() < share) * self.uniform() * largest

    def some(self, share: float) -> Tensor:
        """Positions of a share of the images."""
        order = torch.randperm(self.number, generator=self.generator, device=self.device)
        return order[: round(share * self.number)]


def on_some(x: Tensor, draw: Draw, share: float, change: Callable) -> Tensor:
    """Change a share of the images; `change` takes them and their `Draw`. Works in place."""
    places = draw.some(share)
    part = x[places]
    x[places] = change(part, Draw(part, draw.generator))
    return x


def standardised(x: Tensor) -> Tensor:
    """Mean 0 and standard deviation 1 for each image."""
    x = x - x.mean((2, 3), keepdim=True)
    return x / (x.square().mean((2, 3), keepdim=True).sqrt() + 1e-3)


def dilated(x: Tensor, draw: Draw) -> Tensor:
    """Widen what stands up, as a blunt tip does (flat, 3 or 5 pixels wide)."""
    width = 3 + 2 * int(torch.randint(2, (), generator=draw.generator, device=x.device))
    return functional.max_pool2d(x, width, 1, width // 2)


def blurred(x: Tensor, draw: Draw) -> Tensor:
    """Smooth with a Gaussian of 0.4 to 1.6 pixels."""
    sigma = 0.4 * 4 ** torch.rand((), generator=draw.generator, device=x.device)
    place = torch.arange(TAPS, device=x.device) - TAPS // 2
    kernel = torch.exp(-(place**2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    x = functional.pad(x, (TAPS // 2,) * 4, mode="reflect")
    x = functional.conv2d(x, kernel.view(1, 1, TAPS, 1))
    return functional.conv2d(x, kernel.view(1, 1, 1, TAPS))


def scanned(x: Tensor, draw: Draw) -> Tensor:
    """Add what every scanner adds: tilt, bow, shifted rows."""
    side = x.shape[-1]
    along = torch.linspace(-1, 1, side, device=x.device)
    down = along[:, None]
    added = along * draw.normal() * draw.amplitude(0.4, 0.8)
    added = added + down * draw.normal() * draw.amplitude(0.4, 0.8)
    added = added + (along**2 + down**2) * draw.normal() * draw.amplitude(0.2, 0.6)
    added = added + draw.normal(1, side, 1) * draw.amplitude(0.35, 0.35)
    return x + added


def drifted(x: Tensor, draw: Draw) -> Tensor:
    """Let the height drift within each row."""
    walk = draw.normal(1, *x.shape[2:]).cumsum(3) / x.shape[3] ** 0.5
    return x + (walk - walk.mean(3, keepdim=True)) * draw.uniform() * 0.6


def scarred(x: Tensor, draw: Draw) -> Tensor:
    """Shift pieces of some rows up or down."""
    starts = (draw.uniform(1, *x.shape[2:]) < 0.002).float()
    scars = starts.cumsum(3) % 2  # from one start to the next of its row
    return x + scars * 1.5 * draw.normal()


def rows_levelled(x: Tensor, draw: Draw) -> Tensor:
    """Subtract the mean of each row, as AFM software does."""
    return x - x.mean(3, keepdim=True)


def rendered(x: Tensor, draw: Draw) -> tuple[Tensor, Tensor]:
    """Show heights as such, as slopes, as edges, or as a contrast of heights and edges."""
    chosen = torch.zeros(len(x), dtype=torch.long, device=x.device)
    limits = torch.tensor(SHARES[:-1], device=x.device).cumsum(0)
    places = torch.randperm(len(x), generator=draw.generator, device=x.device)
    ends = [0, *(limits * len(x)).round().long().tolist(), len(x)]
    shown = x.clone()
    ways = (lambda part: part, _slope, _edges, _contrast)
    for number, way in enumerate(ways):
        part = places[ends[number] : ends[number + 1]]
        chosen[part] = number
        if number and len(part):
            shown[part] = way(x[part], Draw(part, draw.generator))
    return shown, chosen


def _gradient(x: Tensor) -> tuple[Tensor, Tensor]:
    down, along = torch.gradient(x, dim=(2, 3))
    return down, along


def _slope(x: Tensor, draw: Draw) -> Tensor:
    down, along = _gradient(x)
    angle = 2 * torch.pi * draw.uniform()
    return torch.cos(angle) * along + torch.sin(angle) * down


def _edges(x: Tensor, draw: Draw) -> Tensor:
    down, along = _gradient(x)
    return (down**2 + along**2 + 1e-8) ** 0.25 + 0.3 * draw.uniform() * x


def _contrast(x: Tensor, draw: Draw) -> Tensor:
    # Brightness that saturates, of either sign, with edges that shine: a crude micrograph
    sign = torch.where(draw.uniform() < 0.5, -1.0, 1.0)
    gain = 0.5 * 5 ** draw.uniform()
    smooth = functional.avg_pool2d(functional.pad(x, (1,) * 4, mode="reflect"), 3, 1)
    return torch.tanh(sign * gain * x) + 20 ** (draw.uniform() - 1) * (x - smooth)


def toned(x: Tensor, draw: Draw) -> Tensor:
    """Clip, and bend grey values by a random gamma."""
    x = standardised(x).clamp(-2.6, 2.6)
    low = x.amin((2, 3), keepdim=True)
    grey = (x - low) / (x.amax((2, 3), keepdim=True) - low + 1e-3)
    bent = (draw.uniform() < 0.6) * 1.6 * (draw.uniform() - 0.5)
    return grey.clamp_min(1e-4) ** torch.exp2(bent)
