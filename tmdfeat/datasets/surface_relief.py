"""What a film's surface is like beside its layers: rims, ridges, wrinkles, roughness."""

from dataclasses import dataclass

import cv2
import numpy as np

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.surface_ranges import NO_LIMIT, POSITIVE, check_ranges

WRINKLE_SHAPE = (400.0, 0.9)  # correlation length in nm, Hurst exponent
WRINKLE_SMOOTH = 30.0  # nm; level lines of a rough field would run everywhere


@dataclass(frozen=True)
class Relief:
    """Heights on a film, in nm; negative rims and ridges are grooves.

    Parameters
    ----------
    rim_height, rim_width : float, nm
        Of free edges; a rim falls as a Gaussian with the distance from the edge.
    ridge_height, ridge_width : float, nm
        Of boundaries between domains of one layer.
    wrinkle_height, wrinkle_width : float, nm
        Of ridges along the level lines of a random field.
    roughness : float, nm
        Rms of the film's self-affine roughness over all wavelengths.
    roughness_length : float, nm
        Where its spectrum levels off.
    hurst : float, 0 to 1
        How it falls.
    """

    rim_height: float = 0.0
    rim_width: float = 8.0
    ridge_height: float = 0.0
    ridge_width: float = 8.0
    wrinkle_height: float = 0.0
    wrinkle_width: float = 12.0
    roughness: float = 0.0
    roughness_length: float = 30.0
    hurst: float = 0.5

    def __post_init__(self):
        check_ranges(
            self,
            {
                "rim_height": NO_LIMIT,
                "ridge_height": NO_LIMIT,
                "wrinkle_height": NO_LIMIT,
                **dict.fromkeys(("rim_width", "ridge_width", "wrinkle_width"), (0.1, np.inf)),
                "roughness": POSITIVE,
                "roughness_length": (0.1, np.inf),
                "hurst": (0.01, 1.0),
            },
        )


def rims(relief: Relief, layer) -> np.ndarray:
    """Return the rims of a layer's free edges.

    Parameters
    ----------
    relief : Relief
    layer : tmdfeat.datasets.surface_layers.Layer

    Returns
    -------
    float32 array of shape (H, W), nm
    """
    fall = np.exp(-((layer.from_edge / np.float32(relief.rim_width)) ** 2))
    return np.float32(relief.rim_height) * fall * layer.mask


def ridges(relief: Relief, layer, pixel) -> np.ndarray:
    """Return the ridges of a layer's domain boundaries, float32 array of shape (H, W), nm."""
    boundary = np.zeros(layer.mask.shape, dtype=np.uint8)
    for axis in (0, 1):
        a, b = (_ends(layer.grain, axis, side) for side in (slice(1, None), slice(None, -1)))
        _ends(boundary, axis, slice(1, None))[(a != b) & (a >= 0) & (b >= 0)] = 1
    if not boundary.any():
        return np.zeros(boundary.shape, dtype=np.float32)
    distance = cv2.distanceTransform(1 - boundary, cv2.DIST_L2, 5) * np.float32(pixel)
    fall = np.exp(-((distance / np.float32(relief.ridge_width)) ** 2))
    return np.float32(relief.ridge_height) * fall * layer.mask


def wrinkles(relief: Relief, shape, pixel, rng) -> np.ndarray:
    """Return ridges along level lines, float32 array of shape (H, W), nm."""
    field = gaussian_field(shape, pixel, *WRINKLE_SHAPE, rng)
    field = cv2.GaussianBlur(field, (0, 0), WRINKLE_SMOOTH / pixel)
    steep = np.hypot(*np.gradient(field, pixel)) + np.float32(1e-6)
    distance = (field - field.mean()) / steep
    fall = np.exp(-((distance / np.float32(relief.wrinkle_width / 2)) ** 2))
    return np.float32(relief.wrinkle_height) * fall


def roughness(relief: Relief, shape, pixel, rng) -> np.ndarray:
    """Return a rough surface of rms 1 over all wavelengths, float32 array of shape (H, W)."""
    return gaussian_field(shape, pixel, relief.roughness_length, relief.hurst, rng)


def _ends(values, axis, side):
    return values[side] if axis == 0 else values[:, side]
