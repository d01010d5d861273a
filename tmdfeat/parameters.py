"""Checks of parameters that several rooms share; called on use, as scikit-learn wants it."""

import math
from collections.abc import Collection
from numbers import Integral, Real


def check_integer(name: str, value, lowest: int) -> int:
    """Return an int of any integer type, or raise ValueError if it is none or below `lowest`.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.parameters import check_integer
    >>> check_integer("degree", np.uint8(2), 0)
    2
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < lowest:
        raise ValueError(f"{name} must be an integer of at least {lowest}, got {value!r}.")
    return int(value)


def check_number(name: str, value, low: float, high: float) -> None:
    """Raise ValueError unless `value` is a finite number with low < value <= high."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not (number and low < float(value) <= high and math.isfinite(value)):
        raise ValueError(
            f"{name} must be a number above {low:g} and up to {high:g}, got {value!r}."
        )


def check_choice(name: str, value, known: Collection) -> None:
    """Raise ValueError unless `value` is one of `known`."""
    if value not in known:
        raise ValueError(f"{name} must be one of {known}, got {value!r}.")
