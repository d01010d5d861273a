"""Labels and groups of any kind as an array without gaps."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.multiclass import check_classification_targets


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


def check_labels(y) -> np.ndarray:
    """Return the labels of a classification as a 1-D array.

    Raises
    ------
    ValueError
        If y is continuous, infinite, not 1-D, or misses values.

    Examples
    --------
    >>> check_labels(["WS2", "MoS2"]).tolist()
    ['WS2', 'MoS2']
    """
    labels = column_or_1d(complete_array(y, "y"), warn=True)
    check_array(labels, ensure_2d=False, dtype=None, input_name="y")  # refuses inf
    check_classification_targets(labels)
    return labels


def number_classes(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes, sorted, and each label's place among them.

    Raises
    ------
    ValueError
        If there is one class only.

    Examples
    --------
    >>> number_classes(np.array([7, 3, 7]))
    (array([3, 7]), array([1, 0, 1]))
    """
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"a classifier needs at least two classes, got only the class {classes.item()!r} "
            f"({len(y)} samples). If this is the training part of a split, use fewer folds or a "
            "stratified splitter, e.g. StratifiedGroupKFold."
        )
    return classes, codes
