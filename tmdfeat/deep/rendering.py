"""From heights to what a network sees: one grey channel, in float, of the network's size.

Everything is computed in float on one channel; nothing passes through 8 bits unless asked. The
network's own normalisation comes after, where the channel is repeated (see
`tmdfeat.deep.tapped`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from tmdfeat.deep.tails import median_and_spread, percentiles
from tmdfeat.heightmap import HeightMap, is_flat_between
from tmdfeat.parameters import check_choice, check_integer

UNITS = ("percent", "spread", "nm")
FLAT = 0.5
NARROW = (1e-30, 1e30)  # height ranges that float32 can hold with room to spare


@dataclass(frozen=True)
class Rendering:
    """How heights become the grey values that a network sees.

    Heights at `low` become 0 (black), at `high` 1 (white), linear between and clipped outside.
    The map is then resized to the network's square input (bilinear, antialiased). A map that is
    not square is squeezed: crop it first, or use `Tiles`, where that matters. Tilt is height
    too: level first, as a step of the Pipeline.

    Parameters
    ----------
    low, high : float, default 0.5 and 99.5
        Where grey begins and ends, in `unit`.
    unit : {"percent", "spread", "nm"}, default "percent"
        ``"percent"``: percentiles of each map; 0 and 100 are its minimum and maximum.
        ``"spread"``: distance from the map's median in units of its robust standard deviation
        (1.4826 times the median absolute deviation), e.g. ``Rendering(-3, 5, unit="spread")``.
        Both make networks blind to absolute heights. ``"nm"``: the same heights for all maps,
        which must be in nm, e.g. ``Rendering(-1, 4, unit="nm")``.
    size : int, optional
        Side of the network's input in pixels. By default what the backbone was trained on;
        fewer is faster. Transformers (ViT, Swin) take their own size only.
    eight_bit : bool, default False
        Round to 256 grey values before resizing and resize as pictures are, like pipelines that
        begin with `PIL.Image` do: for comparison with features computed that way.

    Notes
    -----
    A map that is flat between its limits is 0.5 everywhere.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import HeightMap
    >>> from tmdfeat.deep import Rendering
    >>> steps = HeightMap(np.repeat([[0.0, 0.7, 1.4]], 3, axis=0), z_unit="nm", pixel_size=4.0)
    >>> Rendering(0, 2.8, unit="nm").stretch(steps)[0]
    array([0.  , 0.25, 0.5 ], dtype=float32)
    """

    low: float = 0.5
    high: float = 99.5
    unit: str = "percent"
    size: int | None = None
    eight_bit: bool = False

    def __post_init__(self):
        check_choice("unit", self.unit, UNITS)
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(
                f"low and high must be finite, low below high, got {self.low} and {self.high}."
            )
        if self.unit == "percent" and not 0 <= self.low < self.high <= 100:
            raise ValueError(f"percentiles lie in 0..100, got {self.low} and {self.high}.")
        if self.size is not None:
            check_integer("size", self.size, 1)

    def recipe(self) -> tuple:
        """Plain values of everything that changes the result."""
        limits = (float(self.low), float(self.high), self.unit)
        return ("grey", *limits, bool(self.eight_bit), FLAT)

    def check(self, image: HeightMap) -> None:
        """Raise ValueError if `unit` is "nm" and the map's heights are not."""
        if self.unit == "nm" and image.z_unit != "nm":
            raise ValueError(
                "Rendering(unit='nm') needs heights in nm, got relative ones. Give the unit where "
                "the map is made, read(path, z_unit=...) or HeightMap(z, z_unit='nm'), or use "
                "unit='percent'."
            )

    def stretch(self, image: HeightMap) -> np.ndarray:
        """Map heights to grey values in 0..1, at full resolution.

        Parameters
        ----------
        image : HeightMap, finite

        Returns
        -------
        float32 array of shape (H, W)

        Raises
        ------
        ValueError
            If `unit` is "nm" and the map's heights are not.
        """
        low, high = self._limits(image)
        if is_flat_between(low, high):
            return np.full(image.shape, FLAT, dtype=np.float32)
        grey = _linear(image.z, low, high)
        return np.round(grey * 255) / np.float32(255) if self.eight_bit else grey

    def resize(self, grey: np.ndarray, size: int) -> torch.Tensor:
        """Resize a grey map, or a tile of one, to a square.

        Parameters
        ----------
        grey : float32 array of shape (H, W), in 0..1
        size : int

        Returns
        -------
        float32 tensor of shape (1, size, size)
        """
        if grey.shape == (size, size):
            return torch.from_numpy(np.ascontiguousarray(grey))[None]
        if self.eight_bit:
            picture = Image.fromarray(np.round(grey * 255).astype(np.uint8))
            resized = np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))
            return torch.from_numpy(resized / np.float32(255))[None]
        return torch.nn.functional.interpolate(
            torch.from_numpy(np.ascontiguousarray(grey))[None, None],
            (size, size),
            mode="bilinear",
            antialias=True,
            align_corners=False,
        )[0]

    def _limits(self, image: HeightMap) -> Sequence[float]:
        if self.unit == "percent":
            return percentiles(image.z, (self.low, self.high))
        if self.unit == "spread":
            middle, spread = median_and_spread(image.z)
            return (middle + self.low * spread, middle + self.high * spread)
        self.check(image)
        return (self.low, self.high)


def _linear(z: np.ndarray, low: float, high: float) -> np.ndarray:
    # Differences in float64, kept in float32: the offset of a map can be far above its range.
    if not NARROW[0] < high - low < NARROW[1]:
        return np.clip((z / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0).astype(np.float32)
    grey = np.empty(z.shape, dtype=np.float32)
    np.subtract(np.clip(z, low, high), low, out=grey, casting="same_kind")
    return np.divide(grey, np.float32(high - low), out=grey)
