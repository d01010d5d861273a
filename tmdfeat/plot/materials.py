"""Embeddings of materials: shape tells the metal, colour the chalcogen."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D

from tmdfeat.targets import elements

CHALCOGENS = ("O", "S", "Se", "Te")
COLOURS = {"S": "tab:blue", "Se": "tab:green", "Te": "tab:red", "O": "tab:olive"}
SHAPES = {"Mo": "^", "W": "s", "Nb": "D", "V": "v", "Pt": "P", "Re": "h"}
OTHERS = ("o", "tab:gray")  # one metal without a shape of its own; no chalcogen
SEVERAL = ("*", "tab:purple")


def plot_materials(points, materials, *, names=("PC 1", "PC 2"), ax=None):
    """Draw scans in two dimensions, each marked by the elements of its material.

    Parameters
    ----------
    points : array of shape (n, 2)
        E.g. the first two principal components of latent features.
    materials : array of str, shape (n,)
        Formulas, see `tmdfeat.targets.elements`.
    names : (str, str), default ("PC 1", "PC 2")
        What the axes are.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib Axes
        Triangles are Mo, squares W, stars both, or any other two metals; S is blue, Se green.
        The legend names each material that occurs.

    Raises
    ------
    ValueError
        If a material is no formula, or the lengths differ.

    Examples
    --------
    >>> ax = plot_materials([[0, 0], [1, 2], [3, 1]], ["MoS2", "Mo-WSe2", "MoS2"])
    >>> [(dots.get_label(), len(dots.get_offsets())) for dots in ax.collections]
    [('MoS2', 2), ('Mo-WSe2', 1)]
    """
    points = check_points(points, len(materials), "materials")
    materials = np.asarray(materials)
    ax = plt.subplots(figsize=(5, 4), layout="constrained")[1] if ax is None else ax
    for material in dict.fromkeys(materials.tolist()):
        marker, colour = material_style(material)
        x, y = points[materials == material].T
        style = {"marker": marker, "color": colour, "edgecolors": "white", "linewidths": 0.3}
        ax.scatter(x, y, s=60 if marker == "*" else 25, alpha=0.8, label=material, **style)
    ax.set(xlabel=names[0], ylabel=names[1])
    handles = [_handle(material) for material in dict.fromkeys(materials.tolist())]
    ax.legend(handles=handles, frameon=False, fontsize="small", handletextpad=0.2)
    return ax


def material_style(material: str) -> tuple[str, str]:
    """Marker and colour of a material: its metals and its chalcogens.

    Parameters
    ----------
    material : str
        A formula.

    Returns
    -------
    (str, str)
        A marker and a colour of matplotlib.

    Examples
    --------
    >>> material_style("MoSe2"), material_style("Mo-WSe2")
    (('^', 'tab:green'), ('*', 'tab:green'))
    """
    atoms = elements(material)
    metals = [atom for atom in atoms if atom not in CHALCOGENS]
    chalcogens = [atom for atom in atoms if atom in CHALCOGENS]
    marker = _choose(metals, SHAPES, OTHERS[0], SEVERAL[0])
    return marker, _choose(chalcogens, COLOURS, OTHERS[1], SEVERAL[1])


def check_points(points, n: int, what: str) -> np.ndarray:
    """Points as a float array (n, 2), or an error that says what came."""
    points = np.asarray(points, dtype=float)
    if points.shape != (n, 2) or not np.isfinite(points).all():
        raise ValueError(
            f"points must be finite and of shape ({n}, 2), one row for each of the {what}, "
            f"got shape {points.shape}."
        )
    return points


def _choose(atoms, known, other, several):
    return several if len(atoms) > 1 else known.get(atoms[0], other) if atoms else other


def _handle(material):
    marker, colour = material_style(material)
    return Line2D([], [], linestyle="", marker=marker, color=colour, label=material)
