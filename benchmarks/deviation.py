"""How far two sets of vectors of the same images lie apart."""

import numpy as np


def deviation(found: np.ndarray, reference: np.ndarray) -> dict:
    """Mean absolute difference over mean absolute value, and the smallest cosine of an image."""
    found, reference = (np.asarray(a, dtype=np.float64) for a in (found, reference))
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(reference, axis=1)
    cosines = (found * reference).sum(1) / lengths
    mean = np.abs(found - reference).mean() / np.abs(reference).mean()
    return {
        "mean_deviation": float(f"{mean:.2g}"),
        "smallest_cosine": round(float(cosines.min()), 6),
    }
