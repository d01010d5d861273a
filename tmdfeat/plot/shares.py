"""How much of the prediction each block of columns carries."""

import numpy as np
from matplotlib import pyplot as plt

from tmdfeat.explain import Attribution


def plot_shares(shares, *, ax=None):
    """Draw attribution shares with their intervals.

    Parameters
    ----------
    shares : DataFrame or Attribution
        Of an Attribution its ``share("block")``. Index: names of blocks or families; columns
        ``share``, ``low``, ``high`` in 0 to 1, as from ``Attribution.share``. NaN is written as
        "undefined".
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"share": [0.7], "low": [0.6], "high": [0.8]}, index=["latent"])
    >>> [label.get_text() for label in plot_shares(shares).get_yticklabels()]
    ['latent']
    """
    if isinstance(shares, Attribution):
        shares = shares.share("block")
    if ax is None:
        size = (6, 1 + 0.4 * len(shares))
        ax = plt.subplots(figsize=size, layout="constrained")[1]
    error = [shares["share"] - shares["low"], shares["high"] - shares["share"]]
    colours = [f"C{i}" for i in range(len(shares))]
    ax.barh(range(len(shares)), shares["share"], xerr=error, capsize=3, color=colours)
    for row in np.flatnonzero(shares["share"].isna()):
        ax.text(0.01, row, "undefined", va="center")
    ax.set_yticks(range(len(shares)), [str(name) for name in shares.index])
    ax.invert_yaxis()
    ax.set(xlim=(0, 1), xlabel="share of attribution (95 % interval)")
    return ax
