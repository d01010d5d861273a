"""Which pictures show one place of one specimen: overlapping fields, where no ids are published.

Two pictures of unrelated places correlate a little at some shift. How much, the data say: the
mirror image of a picture shows no place of the specimen, so no pair of a picture and a mirrored
other one is real, and the largest of all such correlations is taken as the bound. There are as
many of these pairs as of others, so about one unrelated pair is expected beyond the bound.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import fft
from scipy.ndimage import gaussian_filter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SIZE = (128, 96)
SMOOTHING = 3  # pixels of the thumbnail: charging and shading, which many pictures share, go


def thumbnails(paths: list[Path]) -> np.ndarray:
    """Shrink pictures, take off what is smooth, and scale them to mean 0 and sum of squares 1."""
    small = np.array(
        [
            np.asarray(Image.open(path).convert("L").resize(SIZE, Image.Resampling.BOX))
            for path in paths
        ],
        dtype=np.float32,
    )
    small -= gaussian_filter(small, (0, SMOOTHING, SMOOTHING))
    small -= small.mean((1, 2), keepdims=True)
    return small / np.sqrt((small**2).sum((1, 2), keepdims=True))


def overlaps(pictures: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Largest correlation over all shifts of picture i with other j > i; 0 elsewhere."""
    spectra, theirs = fft.rfft2(pictures), fft.rfft2(others)
    found = np.zeros((len(pictures), len(pictures)))
    for i in range(len(pictures) - 1):
        shifted = fft.irfft2(spectra[i].conj() * theirs[i + 1 :], s=pictures.shape[1:])
        found[i, i + 1 :] = shifted.max((1, 2))
    return found


def fields(paths: list[Path]) -> tuple[np.ndarray, dict]:
    """Give each picture the number of its field, and say what was found.

    Pictures are of one field if a chain of overlapping pictures joins them.
    """
    pictures = thumbnails(paths)
    correlation = overlaps(pictures, pictures)
    bound = overlaps(pictures, pictures[:, :, ::-1]).max()
    pairs = correlation > bound
    number, field = connected_components(coo_array(pairs), directed=False)
    return field, {
        "pairs_that_overlap": int(pairs.sum()),
        "without_a_shift": int(np.sum(_unshifted(pictures)[pairs] > bound)),
        "largest_correlation_with_a_mirrored_picture": round(float(bound), 3),
        "fields": int(number),
        "pictures_of_the_largest_field": int(np.bincount(field).max()),
    }


def _unshifted(pictures: np.ndarray) -> np.ndarray:
    flat = pictures.reshape(len(pictures), -1)
    return flat @ flat.T
