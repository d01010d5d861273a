"""Scores against the number of images there are to learn from."""

from matplotlib import pyplot as plt
from matplotlib.ticker import NullLocator

STYLES = ("-", "--", ":", "-.")


def plot_low_data(summary, *, axes=None):
    """Draw learning curves: one panel for each stage, one line for each strategy.

    Parameters
    ----------
    summary : DataFrame
        From `tmdfeat.study.summarize_transfer`: one row per point, with columns ``stage``,
        ``added``, ``strategy``, ``target``, ``n_new_train``, ``metric``, ``mean``, ``low`` and
        ``high``. Stages with one volume are left out unless there are no others.
    axes : sequence of matplotlib Axes, optional
        Where to draw, one per stage; by default a new figure.

    Returns
    -------
    list of matplotlib Axes
        The horizontal axis is logarithmic; bars are the intervals. Colour tells the strategy,
        the line the target. Points of one volume stand side by side.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(1, "WSe2", "imagenet", "multiclass", n, "f1_macro", m, m - 0.1, m + 0.1)
    ...         for n, m in ((8, 0.7), (64, 0.8))]
    >>> names = ["stage", "added", "strategy", "target", "n_new_train", "metric", "mean", "low",
    ...          "high"]
    >>> [ax] = plot_low_data(pd.DataFrame(rows, columns=names))
    >>> ax.get_xscale(), ax.lines[0].get_ydata().tolist()
    ('log', [0.7, 0.8])
    """
    curves = summary.groupby("stage").filter(lambda part: part["n_new_train"].nunique() > 1)
    summary = curves if len(curves) else summary
    stages = list(summary.groupby("stage"))
    if axes is None:
        size = (4.2 * len(stages) + 1.5, 3.6)
        axes = plt.subplots(1, len(stages), figsize=size, layout="constrained", sharey=True)[1]
    axes = list(axes.flat) if hasattr(axes, "flat") else axes if isinstance(axes, list) else [axes]
    names, targets = (list(dict.fromkeys(summary[key])) for key in ("strategy", "target"))
    for ax, (_, part) in zip(axes, stages, strict=True):
        _draw_stage(ax, part, names, targets)
    axes[0].set_ylabel(f"{summary['metric'].iloc[0].replace('_', ' ')} (mean, interval)")
    axes[-1].legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    return axes


def _draw_stage(ax, part, names, targets):
    lines = [(name, target) for name in names for target in targets]
    for number, (name, target) in enumerate(lines):
        rows = part.query("strategy == @name and target == @target").sort_values("n_new_train")
        # A few per cent aside, so that intervals do not hide each other.
        at = rows["n_new_train"] * 1.03 ** (number - (len(lines) - 1) / 2)
        error = [rows["mean"] - rows["low"], rows["high"] - rows["mean"]]
        ax.errorbar(
            at,
            rows["mean"],
            yerr=error,
            marker="o",
            markersize=3,
            capsize=2,
            color=f"C{names.index(name)}",
            linestyle=STYLES[targets.index(target)],
            label=name if len(targets) == 1 else f"{name}, {target}",
        )
    ticks = sorted(part["n_new_train"].round().astype(int).unique())
    ax.set_xscale("log")
    ax.set_xticks(ticks, [str(n) for n in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(title=f"+ {part['added'].iloc[0]}", xlabel="images to learn it from")
