"""From heights to what a network takes: grey, resized, three equal channels, normalised.

Everything is computed in float on one channel; nothing passes through 8 bits. The steps are
those of the usual RGB pipeline, with two differences to know of:

- Heights are stretched per map, so a network sees no absolute heights. Tilt is height too:
  level first, as a step of the Pipeline.
- The whole map is resized to the network's square input. A map that is not square is squeezed;
  crop it first, as a step of the Pipeline, where that matters.
"""

import numpy as np
import torch

from tmdfeat.heightmap import HeightMap, is_flat_between

PERCENTILES = (0.5, 99.5)
FLAT = 0.5


def stretch(z: np.ndarray) -> np.ndarray:
    """Map the 0.5th and 99.5th percentile of heights to 0 and 1, and clip there.

    Parameters
    ----------
    z : array of shape (H, W), finite

    Returns
    -------
    float32 array of shape (H, W), in 0..1
        0.5 everywhere if the two percentiles are equal up to rounding, as in a flat map.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.deep.rendering import stretch
    >>> stretch(np.linspace(0.0, 10.0, 201).reshape(3, 67))[1, 33]
    np.float32(0.5)
    """
    z = np.asarray(z, dtype=np.float64)
    low, high = np.percentile(z, PERCENTILES)
    if is_flat_between(low, high):
        return np.full(z.shape, FLAT, dtype=np.float32)
    return np.clip((z - low) / (high - low), 0.0, 1.0).astype(np.float32)


def render(
    image: HeightMap, size: int, mean: tuple[float, ...], std: tuple[float, ...]
) -> torch.Tensor:
    """Render one map as a network's input.

    Parameters
    ----------
    image : HeightMap, finite
    size : int
        Side of the network's input in pixels.
    mean, std : three floats
        The network's normalisation of its three channels.

    Returns
    -------
    float32 tensor of shape (3, size, size)
    """
    grey = torch.from_numpy(stretch(image.z))[None, None]
    if image.shape != (size, size):
        grey = torch.nn.functional.interpolate(
            grey, (size, size), mode="bilinear", antialias=True, align_corners=False
        )
    scale = torch.tensor(std, dtype=torch.float32)[:, None, None]
    return (grey[0] - torch.tensor(mean, dtype=torch.float32)[:, None, None]) / scale
