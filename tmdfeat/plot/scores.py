"""Scores with intervals, one group of bars per metric."""

import numpy as np
from matplotlib import pyplot as plt

WIDTH = 0.8  # of all bars of one metric


def plot_scores(summary, *, chance=None, ax=None):
    """Draw mean scores with their intervals.

    Parameters
    ----------
    summary : DataFrame
        One row per bar, with columns ``metric``, ``mean``, ``low``, ``high``, as from
        `cross_validate_groups`, and perhaps ``features``, what the bars of a metric are called;
        the order of first appearance is kept.
    chance : mapping of metric to float, Series, or float, optional
        Score of guessing in each metric, or in all: a dashed line over the metric's bars.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"features": "latent", "metric": "accuracy", "mean": 0.8, "low": 0.7, "high": 0.9}
    >>> [float(bar.get_height()) for bar in plot_scores(pd.DataFrame([row])).patches]
    [0.8]
    """
    ax = plt.subplots(figsize=(6, 3.5), layout="constrained")[1] if ax is None else ax
    if "features" not in summary:
        summary = summary.assign(features="model")
    features = list(dict.fromkeys(summary["features"]))
    metrics = list(dict.fromkeys(summary["metric"]))
    table = summary.set_index(["features", "metric"])
    width = WIDTH / len(features)
    for i, name in enumerate(features):
        rows = table.loc[name].loc[metrics]
        at = np.arange(len(metrics)) + (i - (len(features) - 1) / 2) * width
        error = np.clip([rows["mean"] - rows["low"], rows["high"] - rows["mean"]], 0, None)
        ax.bar(at, rows["mean"], width, yerr=error, capsize=3, label=name, color=f"C{i}")
    if chance is not None:
        _draw_chance(ax, chance, metrics)
    ax.set_xticks(range(len(metrics)), [m.replace("_", "\n") for m in metrics])
    ax.set(ylim=(0, 1.02), ylabel="score (mean, 95 % interval)")
    ax.legend(ncols=2, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    return ax


def _draw_chance(ax, chance, metrics):
    """A line as wide as each metric's bars: guessing scores differently in each."""
    if np.isscalar(chance):
        chance = dict.fromkeys(metrics, chance)
    known = [(at, chance[metric]) for at, metric in enumerate(metrics) if metric in chance]
    at, heights = np.reshape(known, (-1, 2)).T
    line = {"colors": "0.2", "linestyles": "--", "linewidth": 1.2, "zorder": 3}
    ax.hlines(heights, at - WIDTH / 2, at + WIDTH / 2, label="guessing", **line)
