"""Errors by what else differs between scans: bars, the misclassified hatched."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt


def plot_errors(table: pd.DataFrame, *, axes=None):
    """Draw how many scans there are at each level of each confounder, and how many are wrong.

    Parameters
    ----------
    table : DataFrame
        As from `tmdfeat.study.error_by`: columns confounder, level, n, error, low, high, and
        perhaps p_adjusted.
    axes : sequence of matplotlib Axes, optional
        One per confounder; by default a new figure.

    Returns
    -------
    list of matplotlib Axes
        One per confounder: a bar for each level, its misclassified part hatched and at the
        bottom, with the interval of that part; above it the share that is wrong, in per cent.

    Examples
    --------
    >>> row = {"confounder": "substrate", "level": "c-plane", "n": 8, "error": 0.25,
    ...        "low": 0.07, "high": 0.59}
    >>> [ax] = plot_errors(pd.DataFrame([row]))
    >>> [float(bar.get_height()) for bar in ax.patches]
    [2.0, 6.0]
    """
    names = list(dict.fromkeys(table["confounder"]))
    if axes is None:
        size = (4 * len(names), 3.4)
        axes = plt.subplots(1, len(names), figsize=size, layout="constrained", squeeze=False)[1][0]
    for ax, name in zip(axes, names, strict=True):
        _draw(ax, table[table["confounder"] == name], name)
    axes[0].set_ylabel("scans")
    axes[0].legend(frameon=False, ncols=2, loc="upper left")
    return list(axes)


def _draw(ax, part: pd.DataFrame, name) -> None:
    at, n = np.arange(len(part)), part["n"].to_numpy()
    wrong = part["error"].to_numpy() * n
    reach = np.clip([wrong - part["low"] * n, part["high"] * n - wrong], 0, None)
    look = {"color": "C0", "edgecolor": "black", "linewidth": 0.8}
    ax.bar(
        at, wrong, yerr=reach, capsize=3, hatch="//", label="misclassified", **look | {"alpha": 0.5}
    )
    ax.bar(at, n - wrong, bottom=wrong, label="right", **look)
    for x, total, error in zip(at, n, part["error"], strict=True):
        ax.annotate(
            f"{100 * error:.0f} %", (x, total), (0, 2), textcoords="offset points", ha="center"
        )
    ax.set_xticks(at, [str(level) for level in part["level"]], rotation=30, ha="right")
    ax.margins(y=0.25)
    ax.set_title(
        name if "p_adjusted" not in part else f"{name}, {_said(part['p_adjusted'].iloc[0])}"
    )


def _said(p: float) -> str:
    if np.isnan(p):
        return "one level"
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
