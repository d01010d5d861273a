"""Confusion matrix: rows true, columns predicted."""

import numpy as np
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
    totals = counts.sum(axis=1, keepdims=True)
    percent = 100 * counts / np.maximum(totals, 1)
    ax = plt.subplots(figsize=(4.5, 4), layout="constrained")[1] if ax is None else ax
    ax.imshow(percent, vmin=0, vmax=100, cmap="Blues")
    for (row, column), value in np.ndenumerate(percent):
        colour = "white" if value > 55 else "black"
        ax.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour)
    names = [f"{label} ({n})" for label, n in zip(labels, totals.ravel(), strict=True)]
    ax.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    ax.set_yticks(range(len(labels)), names)
    ax.set(xlabel="predicted", ylabel="true (scans)", title="per cent of each true class")
    return ax
