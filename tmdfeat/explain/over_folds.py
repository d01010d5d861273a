"""Shares of attributions made by several models, each on the scans it has not seen."""

import pandas as pd

from tmdfeat.explain.attribution import Attribution
from tmdfeat.explain.shares import share_table


def share_over_folds(
    attributions: list[Attribution], level: str = "block", groups=None, random_state=0
) -> pd.DataFrame:
    """Return how much each block, family or column moves the models of a cross-validation.

    Parameters
    ----------
    attributions : list of Attribution
        One per fold, each of that fold's model on its held-out scans. The folds may know
        different classes, and different columns (a fold's PCA finds its own components).
    level : {"block", "family", "column"}, default "block"
    groups : array-like, optional
        One entry for each row of all folds, in their order; the bootstrap draws whole groups.
    random_state : int, RandomState or None, default 0

    Returns
    -------
    DataFrame
        As `Attribution.share`: index `level`, columns ``share``, ``low``, ``high``. The mean
        of absolute summed values is taken over the classes a fold knows, then over all rows.
        All NaN if nothing is attributed in any fold.

    Raises
    ------
    ValueError
        If there are no attributions, or `groups` has another length.

    Warns
    -----
    UserWarning
        If nothing is attributed in any fold.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.explain import Attribution
    >>> def fold(latent, physical):
    ...     return Attribution(
    ...         values=np.array([[[latent], [physical]]]), base=np.zeros(1),
    ...         names=("latent__a", "physical__b"), classes=("x",), output="margin",
    ...         output_values=np.array([[latent + physical]]))
    >>> share_over_folds([fold(1.0, 0.0), fold(-1.0, 2.0)])["share"].tolist()
    [0.5, 0.5]
    """
    if not attributions:
        raise ValueError("shares need the attribution of at least one fold, got none.")
    sizes = pd.concat([a.sizes(level) for a in attributions], ignore_index=True).fillna(0.0)
    return share_table(sizes, level, groups, random_state)
