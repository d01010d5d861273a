"""Images -> feature tables, once, before any fold: nothing here is fitted."""

import numpy as np
import pandas as pd
from sklearn.base import clone
from tqdm import tqdm

from tmdfeat.gate import check_images


def feature_tables(X, *transformers) -> list[pd.DataFrame]:
    """Compute each transformer's columns for all images.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
    *transformers : image -> table transformers that learn nothing from the data
        E.g. ``CNNFeatures()`` and ``PhysicalFeatures()``: the result may then be used in every
        fold of a cross-validation without leakage.

    Returns
    -------
    list of DataFrame
        One per transformer, rows as in X, columns with the transformer's own names.

    Raises
    ------
    ValueError
        If a transformer says (by its scikit-learn tags) that it must be fitted.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import PhysicalFeatures
    >>> [table] = feature_tables(np.eye(4)[None], PhysicalFeatures(names=["Sku"]))
    >>> table.columns.tolist()
    ['Sku']
    """
    tables = []
    for transformer in transformers:
        if not hasattr(transformer, "transform"):
            raise TypeError(
                "features must be a transformer from images to a table, e.g. CNNFeatures(), got "
                f"{transformer!r}."
            )
        if transformer.__sklearn_tags__().requires_fit:
            raise ValueError(
                f"features are computed before the folds, so {type(transformer).__name__} must "
                "not learn from the data. Put what learns into a Pipeline inside the folds."
            )
        stateless = clone(transformer).set_output(transform="default").fit(X)
        names = stateless.get_feature_names_out()
        tables.append(pd.DataFrame(np.asarray(stateless.transform(X)), columns=names))
    return tables


def drop_unreadable(X, *, allow_nan: bool = False) -> tuple[np.ndarray, pd.DataFrame]:
    """Find the images that can be read.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
    allow_nan : bool, default False
        Keep maps with missing pixels, which are to be filled later.

    Returns
    -------
    kept : array of int
        Positions that can be read and are finite.
    failures : DataFrame
        Columns ``position``, ``error``: the rest, and why.

    Examples
    --------
    >>> import numpy as np
    >>> kept, failures = drop_unreadable([np.eye(3), np.full((3, 3), np.nan)])
    >>> kept.tolist(), failures["position"].tolist()
    ([0], [1])
    """
    images = check_images(X, allow_nan=allow_nan)
    kept, failures = [], []
    for position in tqdm(range(len(images)), desc="reading", unit="scan", disable=None):
        error = _failure(images, position)
        if error is None:
            kept.append(position)
        else:
            failures.append((position, error))
    return np.array(kept, dtype=int), pd.DataFrame(failures, columns=["position", "error"])


def _failure(images, position) -> str | None:
    try:
        _ = images[position]
    except (ValueError, OSError) as error:  # ReadError is a ValueError
        return str(error)
    return None
