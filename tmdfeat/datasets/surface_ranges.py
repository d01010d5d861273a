"""Checks of the numbers that describe a surface."""

from numbers import Real

import numpy as np

NO_LIMIT = (-np.inf, np.inf)
POSITIVE = (0.0, np.inf)  # or zero
SHARE = (0.0, 1.0)


def check_ranges(owner, ranges) -> None:
    """Raise ValueError unless each field of a dataclass lies in its range, ends included.

    Examples
    --------
    >>> from tmdfeat.datasets import Substrate
    >>> Substrate(scatter=2.0)
    Traceback (most recent call last):
    ...
    ValueError: Substrate.scatter must be a number from 0 to 1, got 2.0.
    """
    for field, (low, high) in ranges.items():
        value = getattr(owner, field)
        # numpy's integers and floats are registered as numbers too
        if not isinstance(value, Real) or not low <= value <= high:
            raise ValueError(
                f"{type(owner).__name__}.{field} must be a number from {low:g} to {high:g}, "
                f"got {value!r}."
            )
