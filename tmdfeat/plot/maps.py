"""A row of height maps with scale bars and height ranges."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patheffects import withStroke

from tmdfeat.gate import check_images

NICE = np.array([1, 2, 5])


def plot_maps(images, *, titles=None, axes=None):
    """Draw height maps side by side.

    Parameters
    ----------
    images : images, see `tmdfeat.gate.check_images`
        Height maps, paths, arrays, ...; missing pixels stay blank.
    titles : sequence of str, optional
        One per map; by default the maps' names.
    axes : sequence of matplotlib Axes, optional
        Where to draw, one per map; by default a new figure with up to five maps a row.

    Returns
    -------
    list of matplotlib Axes
        Grey runs from the 0.5 to the 99.5 percentile of each map; that range stands below it.
        A bar gives the lateral scale where it is known.

    Examples
    --------
    >>> from tmdfeat import HeightMap
    >>> [ax] = plot_maps([HeightMap([[0, 1], [2, 3]], pixel_size=5, name="a")])
    >>> ax.get_title()
    'a'
    """
    images = check_images(images, allow_nan=True)
    titles = [image.name for image in images] if titles is None else titles
    axes = _axes(len(images)) if axes is None else axes
    for ax, image, title in zip(axes, images, titles, strict=True):
        low, high = np.nanpercentile(image.z, (0.5, 99.5))
        ax.imshow(image.z, cmap="afmhot", vmin=low, vmax=high, interpolation="nearest")
        unit = "nm" if image.z_unit == "nm" else "(relative)"
        ax.set(title=title, xticks=[], yticks=[], xlabel=f"range {high - low:.3g} {unit}")
        if image.scan_size is not None:
            _draw_bar(ax, image)
    return list(axes)


def _axes(n):
    columns = min(n, 5)
    rows = -(-n // columns)
    size = (2.4 * columns, 2.8 * rows)
    grid = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)[1]
    for ax in grid.flat[n:]:
        ax.set_axis_off()
    return list(grid.flat[:n])


def _draw_bar(ax, image):
    width = image.scan_size[1]
    power = 10.0 ** np.floor(np.log10(width / 4))
    length = (NICE * power)[NICE * power <= width / 4].max()
    pixels = length / image.pixel_size[1]
    row, left = 0.93 * image.shape[0], 0.05 * image.shape[1]
    ax.plot([left, left + pixels], [row, row], color="white", path_effects=_outline(5), linewidth=3)
    label = f"{length:g} nm" if length < 1000 else f"{length / 1000:g} µm"
    text = {"color": "white", "va": "bottom", "fontsize": "small", "path_effects": _outline(2)}
    ax.text(left, row - 0.03 * image.shape[0], label, **text)


def _outline(width):
    """Black around white, so that the bar shows on bright maps too."""
    return [withStroke(linewidth=width, foreground="black")]
