"""What a segmentation found: outlines of the objects, and where each points."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke

from tmdfeat.physical.domains_order import is_single

WHOLE, CUT = "cyan", "white"
MARK = 0.45  # length of an orientation mark in units of the root of the area


def plot_segments(segments, image=None, ax=None):
    """Draw the outlines of objects over their map.

    Outlines are cyan, those of objects that the edge of the map cuts are white, and lines between
    grains that touch are cyan. A mark runs from
    the centroid of each single, triangular domain towards the corner that its orientation th3
    names; objects without a mark take no part in the order parameters. Grains of a watershed have
    none.

    Parameters
    ----------
    segments : tmdfeat.physical.Segments
    image : HeightMap or array of shape (H, W), optional
        What to draw the outlines over; by default the map that was segmented.
    ax : matplotlib Axes, optional
        By default a new figure.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If the image has another shape than the map that was segmented.

    Examples
    --------
    >>> from tmdfeat.physical import Segmentation
    >>> z = np.zeros((32, 32))
    >>> z[8:20, 8:24] = 0.65
    >>> plot_segments(Segmentation().segment(z, pixel_size=4.0)).get_title()
    'islands: 1 on 19 % of the area'
    """
    z = segments.z if image is None else np.asarray(getattr(image, "z", image))
    if z.shape != segments.labels.shape:
        raise ValueError(
            f"the image must have the shape of the segmented map, {segments.labels.shape}, "
            f"got {z.shape}."
        )
    if ax is None:
        ax = plt.subplots(figsize=(5, 5), layout="constrained")[1]
    low, high = np.nanpercentile(z, (0.5, 99.5))
    ax.imshow(z, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    _draw_outlines(ax, segments)
    share = 100 * np.mean(segments.mask)
    cut = np.isfinite(segments.threshold)
    if cut:
        _draw_marks(ax, segments)
    what = segments.settings.polarity if cut else "grains"
    how = f"cut at {segments.threshold:.3g}" if cut else segments.settings.threshold
    title = f"{what}: {segments.n} on {share:.0f} % of the area"
    ax.set(title=title, xticks=[], yticks=[], xlabel=how.replace("_", ", "))
    return ax


def _draw_outlines(ax, segments):
    # A rim of background closes the outlines of objects at the edge.
    labels = np.pad(segments.labels, 1)
    cut = np.concatenate([[False], segments.touches_edge])[labels]
    ticks = [np.arange(n) - 1 for n in labels.shape[::-1]]
    for mask, color in (((labels > 0) & ~cut, WHOLE), (cut, CUT)):
        if mask.any():
            ax.contour(*ticks, mask, levels=[0.5], colors=color, linewidths=1)
    _draw_borders(ax, segments.labels)
    ax.set(xlim=(-0.5, labels.shape[1] - 2.5), ylim=(labels.shape[0] - 2.5, -0.5))


def _draw_borders(ax, labels):
    """Lines between objects that touch, along the sides of pixels."""
    lines = []
    for axis in (0, 1):
        turned = labels if axis == 0 else labels.T
        upper, lower = turned[:-1], turned[1:]
        row, column = np.nonzero((upper != lower) & (upper > 0) & (lower > 0))
        ends = np.stack([column - 0.5, row + 0.5, column + 0.5, row + 0.5], axis=1)
        ends = ends.reshape(-1, 2, 2)
        lines.append(ends if axis == 0 else ends[..., ::-1])
    lines = np.concatenate(lines)
    if len(lines):
        ax.add_collection(LineCollection(lines, colors=WHOLE, linewidths=1))


def _draw_marks(ax, segments):
    single = is_single(segments)
    dy, dx = segments.pixel_size
    m, angle = segments.moments, np.radians(segments.th3)
    length = MARK * np.sqrt(m.area)
    for i in np.flatnonzero(single):
        y = np.array([m.y[i], m.y[i] + length[i] * np.sin(angle[i])]) / dy
        x = np.array([m.x[i], m.x[i] + length[i] * np.cos(angle[i])]) / dx
        outline = [withStroke(linewidth=3.5, foreground="black")]
        ax.plot(x, y, color="yellow", linewidth=1.5, path_effects=outline)
