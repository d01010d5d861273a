"""Labels and groups of any kind as an array without gaps."""

from collections.abc import Collection

import numpy as np
import pandas as pd


def complete_array(values, name: str) -> np.ndarray:
    """Turn labels or groups of any kind into an array of the dtype that numpy has for them.

    Parameters
    ----------
    values : array, Series, Categorical, list, tuple, ...
    name : str
        What to call it in errors.

    Returns
    -------
    array
        Whole numbers, booleans and strings as such, also from pandas' own dtypes.

    Raises
    ------
    ValueError
        If an entry is NaN or None, or there is a single value.

    Examples
    --------
    >>> import pandas as pd
    >>> complete_array(pd.array([3, 7], dtype="Int64"), "y")
    array([3, 7])
    """
    sized = isinstance(values, Collection) and not hasattr(values, "__array__")
    if sized or pd.api.types.is_extension_array_dtype(values):
        # By way of pandas: numpy would turn ["a", nan] into "a" and "nan", and Int64 into objects.
        series = pd.Series(list(values), dtype=object)
        strings = pd.api.types.infer_dtype(series, skipna=False) == "string"
        array = series.to_numpy(str) if strings else series.infer_objects().to_numpy()
    else:
        array = np.asarray(values)
    if array.ndim == 0:
        raise ValueError(f"{name} should be a 1d array, one entry per sample, got {values!r}.")
    missing = np.flatnonzero(pd.isna(array))
    if missing.size:
        raise ValueError(
            f"{name} has {missing.size} missing entries (NaN or None), at {missing[:5].tolist()}. "
            "Fill them in, or drop these samples."
        )
    return array
