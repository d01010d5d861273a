"""Which of the given images choose the epoch."""

import warnings

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_consistent_length

from tmdfeat.deep.finetune.inner_split import held_out
from tmdfeat.targets import complete_array


def choose_validation(
    y: np.ndarray, groups, validation_mask, fraction: float, seed: int
) -> np.ndarray:
    """Return the mask that is given, or hold out groups.

    Parameters
    ----------
    y : array of shape (n,)
        Numbers of classes; zeros where there are none.
    groups : array of shape (n,), or None
    validation_mask : bool array of shape (n,), or None
    fraction : float
        Of each class; 0: none.
    seed : int

    Returns
    -------
    bool array of shape (n,)

    Raises
    ------
    ValueError
        If the mask or groups do not fit, share a group between both sides, or leave a class
        or everything out of training.

    Warns
    -----
    UserWarning
        If images are to be held out and nothing says which belong together.
    """
    if groups is not None:
        groups = complete_array(groups, "groups")
        if groups.ndim != 1:
            raise ValueError(f"groups must be 1-D, one for each image, got shape {groups.shape}.")
        check_consistent_length(y, groups)
    if validation_mask is not None:
        return _checked(y, groups, validation_mask)
    if fraction == 0:
        return np.zeros(len(y), dtype=bool)
    if groups is None:
        warnings.warn(
            f"validation_fraction={fraction} of the images choose the epoch, but no groups say "
            "which images belong together: images of one sample may be on both sides, and the "
            "validation score too good. Use fit(X, y, groups=...), or validation_fraction=0.",
            stacklevel=3,
        )
        groups = np.arange(len(y))
    chosen = held_out(y, pd.factorize(groups)[0], fraction, seed)
    if not chosen.any():
        raise ValueError(
            f"validation_fraction={fraction} needs a class with at least two groups, got "
            f"{len(set(groups.tolist()))} groups in all. Add groups, or use validation_fraction=0."
        )
    return chosen


def _checked(y: np.ndarray, groups, validation_mask) -> np.ndarray:
    mask = np.asarray(validation_mask)
    if mask.shape != (len(y),) or mask.dtype != bool:
        raise ValueError(
            f"validation_mask must be {len(y)} booleans, one for each image, got "
            f"dtype {mask.dtype} and shape {mask.shape}."
        )
    left_out = sorted(set(y.tolist()) - set(y[~mask].tolist()))
    if left_out:
        raise ValueError(
            f"validation_mask leaves {len(left_out)} class(es) without any image to learn from."
        )
    if groups is not None:
        shared = set(groups[mask].tolist()) & set(groups[~mask].tolist())
        if shared:
            raise ValueError(
                f"validation_mask puts group {min(shared, key=str)!r} on both sides "
                f"({len(shared)} such groups), so the validation score would be too good. Hold "
                "out whole groups."
            )
    return mask
