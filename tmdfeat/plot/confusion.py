"""Confusion matrix: rows true, columns predicted."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from sklearn.metrics import confusion_matrix


def plot_confusion(truth, predicted, *, ax=None):
    """Draw which class was taken for which, each row in per cent of its true class.

    Parameters
    ----------
    truth, predicted : array-like of shape (n,)
        True and predicted labels, e.g. of all held-out scans.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        True classes along the vertical axis, predicted along the horizontal.

    Examples
    --------
    >>> ax = plot_confusion(["MoS2", "MoS2", "WS2", "WS2"], ["MoS2", "WS2", "WS2", "WS2"])
    >>> [text.get_text() for text in ax.texts]
    ['50', '50', '0', '100']
    """
    labels = np.unique(np.concatenate([np.asarray(truth), np.asarray(predicted)]))
    counts = confusion_matrix(truth, predicted, labels=labels)
    return plot_confusion_counts(pd.DataFrame(counts, labels, labels), ax=ax)


def plot_confusion_counts(counts, *, ax=None):
    """Draw a confusion matrix that is counted already, each row in per cent of its sum.

    Parameters
    ----------
    counts : DataFrame
        A row per true class, a column per answer; e.g. means over several models, hence any
        number from 0. There may be more columns than rows, as for an answer "none".
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        True classes along the vertical axis, predicted along the horizontal. Beside each true
        class stands the sum of its row.

    Raises
    ------
    ValueError
        If a count is negative or missing.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame([[3.6, 0.4]], index=["MoS2"], columns=["MoS2", "none"])
    >>> [text.get_text() for text in plot_confusion_counts(counts).texts]
    ['90', '10']
    """
    found = np.asarray(counts, dtype=float)
    if not (found >= 0).all():
        raise ValueError(f"counts must be 0 or more, none missing, got {found.tolist()}.")
    totals = found.sum(axis=1, keepdims=True)
    percent = 100 * found / np.where(totals > 0, totals, 1)
    ax = plt.subplots(figsize=(4.5, 4), layout="constrained")[1] if ax is None else ax
    ax.imshow(percent, vmin=0, vmax=100, cmap="Blues")
    for (row, column), value in np.ndenumerate(percent):
        colour = "white" if value > 55 else "black"
        ax.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour)
    names = [f"{label} ({n:.5g})" for label, n in zip(counts.index, totals.ravel(), strict=True)]
    ax.set_xticks(range(found.shape[1]), counts.columns, rotation=45, ha="right")
    ax.set_yticks(range(found.shape[0]), names)
    ax.set(xlabel="predicted", ylabel="true (scans)", title="per cent of each true class")
    return ax
