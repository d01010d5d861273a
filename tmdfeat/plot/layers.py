"""Scores from layer to layer of a network."""

import numpy as np
from matplotlib import pyplot as plt

STYLES = ("--", "-", ":", "-.")
WIDTH = 0.5  # of all points of one layer


def plot_layers(summary, *, metric=None, chance=None, ax=None):
    """Draw how scores change with depth: one line for each model and share of variance.

    Parameters
    ----------
    summary : DataFrame
        From `tmdfeat.study.layer_study`: one row per point, with columns ``layer``,
        ``variance``, ``model``, ``metric``, ``mean``, ``low`` and ``high``; the order of first
        appearance is kept.
    metric : str, optional
        Which one to draw, by default the first.
    chance : float, optional
        Score of guessing: a dotted line.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        Colour tells the model, the line the share of variance. Points of one layer stand side
        by side, with their intervals.

    Raises
    ------
    ValueError
        If `summary` has no such metric.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(layer, 0.99, "svc", "accuracy", m, m - 0.1, m + 0.1)
    ...         for layer, m in (("stage3", 0.6), ("pool", 0.8))]
    >>> names = ["layer", "variance", "model", "metric", "mean", "low", "high"]
    >>> ax = plot_layers(pd.DataFrame(rows, columns=names))
    >>> ax.lines[0].get_ydata().tolist()
    [0.6, 0.8]
    """
    metrics = list(dict.fromkeys(summary["metric"]))
    metric = metrics[0] if metric is None else metric
    if metric not in metrics:
        raise ValueError(f"metric must be one of {metrics}, got {metric!r}.")
    part = summary[summary["metric"] == metric]
    layers, models, shares = (
        list(dict.fromkeys(part[key])) for key in ("layer", "model", "variance")
    )
    ax = plt.subplots(figsize=(6, 3.5), layout="constrained")[1] if ax is None else ax
    parts = dict(list(part.groupby(["model", "variance"])))
    lines = [(model, share) for model in models for share in shares]
    for i, (model, share) in enumerate(lines):
        rows = parts[model, share].set_index("layer").reindex(layers)
        at = np.arange(len(layers)) + ((i + 0.5) / len(lines) - 0.5) * WIDTH
        ax.errorbar(
            at,
            rows["mean"],
            yerr=np.clip([rows["mean"] - rows["low"], rows["high"] - rows["mean"]], 0, None),
            marker="o",
            markersize=4,
            capsize=3,
            color=f"C{models.index(model)}",
            linestyle=STYLES[shares.index(share) % len(STYLES)],
            label=f"{model}, {100 * share:g} % of variance",
        )
    if chance is not None:
        ax.axhline(chance, color="0.2", linestyle=":", linewidth=1.2, label="guessing")
    ax.set_xticks(range(len(layers)), layers)
    ax.set(ylim=(0, 1.02), ylabel=f"{metric.replace('_', ' ')} (mean, 95 % interval)")
    ax.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    return ax
