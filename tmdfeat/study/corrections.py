"""Several tests at once: p values that say so."""

import numpy as np
from scipy.stats import false_discovery_control

CORRECTIONS = ("holm", "bh")


def adjust(p, correction: str) -> np.ndarray:
    """Correct p values for their number; NaN stays NaN and does not count.

    Parameters
    ----------
    p : array of shape (k,)
    correction : {"holm", "bh"}
        "holm": below 0.05 in all, with 5 % chance of even one false alarm. "bh" (Benjamini and
        Hochberg): of those below 0.05, 5 % are expected to be false.

    Returns
    -------
    array of shape (k,)

    References
    ----------
    Holm (1979), Scand. J. Statist. 6, 65-70. Benjamini and Hochberg (1995), J. R. Stat. Soc. B
    57, 289-300.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03], "holm")
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    known = np.isfinite(p)
    if known.any():
        adjusted[known] = (
            _holm(p[known]) if correction == "holm" else false_discovery_control(p[known])
        )
    return adjusted


def _holm(p: np.ndarray) -> np.ndarray:
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
