"""Scores by training volume: bars for each split and series, panels side by side."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Patch

KEYS = ["series", "split", "n_new"]
WIDTH = 0.85  # of all bars of one training volume
HATCHES = ("//", "oo", "", "..", "xx", "++")  # train, validation, test as published; then others
BAR = {"capsize": 2, "edgecolor": "white", "error_kw": {"elinewidth": 0.8}}


def plot_modality(table, *, colors=None, limits=(0.0, 1.0), ax=None):
    """Draw mean scores by the number of training scans of the class that was added.

    For each training volume there is one group of bars per split, and in it one bar per series.
    Colour tells the series, hatching the split. Lines run over ± one standard deviation.

    Parameters
    ----------
    table : DataFrame
        One row per bar, in the order in which they are to stand: ``series`` (what is compared),
        ``split`` (train, val, test), ``n_new`` (training volume), ``mean``, ``std``. A
        combination without row, or with a mean of NaN, gets no bar.
    colors : mapping of series to colour, optional
        By default matplotlib's own, in the order of the series.
    limits : (float, float), default (0, 1)
        Ends of the axis of scores.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If two rows have the same series, split and n_new.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("ImageNet", "test", 88, 0.87, 0.03), ("sequential", "test", 88, 0.93, 0.01)]
    >>> ax = plot_modality(pd.DataFrame(rows, columns=["series", "split", "n_new", "mean", "std"]))
    >>> [float(bar.get_height()) for bar in ax.patches]
    [0.87, 0.93]
    """
    _check_once(table)
    ax = plt.subplots(figsize=(6, 3.2), layout="constrained")[1] if ax is None else ax
    series, splits, volumes = (list(dict.fromkeys(table[key])) for key in KEYS)
    colors = {name: f"C{i}" for i, name in enumerate(series)} if colors is None else colors
    width = WIDTH / (len(series) * len(splits))
    for (name, split), rows in table.dropna(subset=["mean"]).groupby(["series", "split"]):
        i = splits.index(split) * len(series) + series.index(name)
        groups = np.array([volumes.index(n) for n in rows["n_new"]])
        at = groups + (i + 0.5) * width - WIDTH / 2
        style = {"color": colors[name], "hatch": HATCHES[splits.index(split)]}
        ax.bar(at, rows["mean"], width, yerr=rows["std"], label=f"{name}, {split}", **style, **BAR)
    ax.set_xticks(range(len(volumes)), [str(n) for n in volumes])
    ax.set(ylim=limits, xlabel="scans of the added class", ylabel="score (mean ± std)")
    _add_legend(ax, {name: colors[name] for name in series}, splits)
    return ax


def plot_modalities(panels, *, columns=2, limits=(0.0, 1.0)):
    """Draw several studies by training volume as small multiples, to one scale.

    A series has one colour in all panels. Panels with the same legend in one column share it.

    Parameters
    ----------
    panels : mapping of title to DataFrame
        What `plot_modality` takes; they fill the figure row by row.
    columns : int, default 2
        Panels in a row.
    limits : (float, float), default (0, 1)

    Returns
    -------
    list of matplotlib Axes, in the order of `panels`

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"series": "ImageNet", "split": "test", "n_new": 88, "mean": 0.87, "std": 0.03}
    >>> table = pd.DataFrame([row])
    >>> [ax.get_title() for ax in plot_modalities({"3 classes": table, "4 classes": table})]
    ['3 classes', '4 classes']
    """
    rows = -(-len(panels) // columns)
    size = (5.5 * columns, 2.4 * rows + 0.6)
    grid = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)[1]
    for ax in grid.flat[len(panels) :]:
        ax.set_axis_off()
    series = dict.fromkeys(name for table in panels.values() for name in table["series"])
    colors = {name: f"C{i}" for i, name in enumerate(series)}
    for ax, (title, table) in zip(grid.flat, panels.items(), strict=False):
        plot_modality(table, colors=colors, limits=limits, ax=ax).set_title(title)
    for column in grid.T:
        _share_legends([ax for ax in column if ax.get_legend()])
    return list(grid.flat[: len(panels)])


def _share_legends(column):
    """Keep a legend only where the panel below has another one."""
    texts = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in column]
    for ax, mine, below in zip(column, texts, texts[1:], strict=False):
        if mine == below:
            ax.get_legend().remove()
            ax.set_xlabel("")


def _check_once(table):
    twice = table[table.duplicated(KEYS)]
    if len(twice):
        which = ", ".join(f"{key}={value}" for key, value in twice.iloc[0][KEYS].items())
        raise ValueError(
            f"each bar needs one row, but {which} has more: average the runs "
            "first, e.g. table.groupby(['series', 'split', 'n_new'], sort=False)['score']"
            ".agg(['mean', 'std']).reset_index()."
        )


def _add_legend(ax, colors, splits):
    colours = [Patch(color=color, label=name) for name, color in colors.items()]
    hatched = zip(splits, HATCHES, strict=False)
    grey = {"facecolor": "0.6", "edgecolor": "white"}
    ways = [Patch(hatch=hatch, label=split, **grey) for split, hatch in hatched]
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.22), "ncols": 5, "frameon": False}
    ax.legend(handles=colours + ways, fontsize="small", **place)
