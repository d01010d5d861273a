"""An embedding drawn as the scans themselves, on a grid, without overlap."""

import cv2
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from tmdfeat.gate import check_images
from tmdfeat.plot.materials import check_points

SIZE = 0.86  # of a picture in units of its cell
PIXELS = 64  # at most so many are drawn of each scan


def plot_thumbnails(points, images, labels, *, cells=None, ax=None):
    """Draw scans where they lie in an embedding, moved as little as needed not to overlap.

    Each scan takes a cell of a grid over the embedding, so that the sum of the squared distances
    to the true places is smallest. A line leads from its picture to its true place. The frame
    tells its class.

    Parameters
    ----------
    points : array of shape (n, 2)
        True places.
    images : images, see `tmdfeat.gate.check_images`
        n height maps, paths, arrays, ...
    labels : array of shape (n,)
        Class of each scan.
    cells : int, optional
        Cells along each side of the grid; by default so many that half of them stay free.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        In units of `points`.

    Raises
    ------
    ValueError
        If there are fewer cells than scans, or the lengths differ.

    Examples
    --------
    >>> scans = np.arange(48.0).reshape(3, 4, 4)
    >>> ax = plot_thumbnails([[0, 0], [0, 0], [1, 1]], scans, ["MoS2", "WS2", "WS2"])
    >>> len(ax.images), len(ax.patches)
    (3, 3)
    """
    images = check_images(images, allow_nan=True)
    points = check_points(points, len(images), "images")
    labels = np.asarray(labels)
    if len(labels) != len(images):
        raise ValueError(f"needed is one label per image, got {len(labels)} for {len(images)}.")
    centres, size = _grid(points, cells)
    centres = centres[_assign(points, centres, size)]
    ax = plt.subplots(figsize=(9, 9), layout="constrained")[1] if ax is None else ax
    classes = list(dict.fromkeys(labels.tolist()))
    colours = [f"C{classes.index(label)}" for label in labels.tolist()]
    ends = np.stack([centres, points], axis=1)
    ax.add_collection(LineCollection(list(ends), colors=colours, linewidths=1, zorder=2.6))
    ax.scatter(*points.T, s=14, c=colours, edgecolors="white", linewidths=0.5, zorder=3)
    for image, centre, colour in zip(images, centres, colours, strict=True):
        _draw_picture(ax, image.z, centre - SIZE * size / 2, SIZE * size, colour)
    _finish(ax, np.vstack([centres, points]), size, classes)
    return ax


def snap_to_grid(points, cells=None) -> np.ndarray:
    """Move points to cells of a grid over them, one to a cell, as little as possible.

    Parameters
    ----------
    points : array of shape (n, 2)
    cells : int, optional
        Cells along each side; by default so many that half of them stay free.

    Returns
    -------
    array of shape (n, 2)
        Centres of the cells; distances count in cells, so that neither axis counts more.

    Raises
    ------
    ValueError
        If there are fewer cells than points.

    Examples
    --------
    >>> snap_to_grid([[0.0, 0.0], [0.1, 0.0], [1.0, 1.0]], cells=2).tolist()
    [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75]]
    """
    points = np.asarray(points, dtype=float)
    centres, size = _grid(points, cells)
    return centres[_assign(points, centres, size)]


def _grid(points, cells):
    """Centres (cells², 2) of a grid that spans the points, and the size (2,) of a cell."""
    cells = int(np.ceil(np.sqrt(2 * len(points)))) if cells is None else cells
    if cells**2 < len(points):
        raise ValueError(f"{len(points)} scans do not fit into {cells} times {cells} cells.")
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    span = np.where(span > 0, span, 1.0)
    steps = (np.arange(cells) + 0.5) / cells
    x, y = np.meshgrid(steps, steps)
    return low + np.stack([x.ravel(), y.ravel()], axis=1) * span, span / cells


def _assign(points, centres, size):
    """The cell of each point: of all ways, the one with the least sum of squared distances."""
    return linear_sum_assignment(cdist(points / size, centres / size, "sqeuclidean"))[1]


def _draw_picture(ax, z, corner, size, colour):
    step = max(z.shape) / PIXELS
    if step > 1:
        shape = (max(1, round(z.shape[1] / step)), max(1, round(z.shape[0] / step)))
        z = cv2.resize(np.ascontiguousarray(z, dtype=float), shape, interpolation=cv2.INTER_AREA)
    low, high = np.nanpercentile(z, (0.5, 99.5))
    (left, bottom), (width, height) = corner, size
    extent = (left, left + width, bottom, bottom + height)
    ax.imshow(z, cmap="gray", vmin=low, vmax=high, extent=extent, aspect="auto", zorder=2)
    frame = {"fill": False, "edgecolor": colour, "linewidth": 1.5, "zorder": 2.5}
    ax.add_patch(Rectangle((left, bottom), width, height, **frame))


def _finish(ax, places, size, classes):
    low, high = places.min(axis=0) - size, places.max(axis=0) + size
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="PC 1", ylabel="PC 2")
    marks = {"linestyle": "", "marker": "s", "fillstyle": "none", "markeredgewidth": 1.5}
    handles = [Line2D([], [], color=f"C{i}", label=str(c), **marks) for i, c in enumerate(classes)]
    ax.legend(handles=handles, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=6)
