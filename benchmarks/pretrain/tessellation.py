"""Voronoi cells, from a hexagonal lattice to scattered points."""

from dataclasses import dataclass

import numpy as np
from grid import smooth
from scipy.spatial import cKDTree


@dataclass(frozen=True, eq=False)
class Cells:
    """A map divided among points.

    Attributes
    ----------
    near : float32 array of shape (size, size)
        Distance to the cell's own point, px.
    edge : float32 array of shape (size, size)
        Distance to the nearest edge of the cell, px.
    owner, neighbour : int arrays of shape (size, size)
        The nearest and the second nearest point.
    x, y : float32 arrays of shape (n,)
        Where the points lie.
    """

    near: np.ndarray
    edge: np.ndarray
    owner: np.ndarray
    neighbour: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def __len__(self):
        return len(self.x)


def lattice(rng, reach, spacing, order):
    """Points of a hexagonal lattice within a rectangle about 0, scattered by less order."""
    height = spacing * np.sqrt(np.sqrt(3) / 2)
    width = spacing**2 / height
    rows, columns = (int(r / s) + 3 for r, s in zip(reach, (height, width), strict=True))
    row, column = np.mgrid[-rows : rows + 1, -columns : columns + 1].reshape(2, -1)
    points = np.c_[row * height, (column + row % 2 / 2) * width] + rng.random(2) * spacing
    points += rng.standard_normal(points.shape) * spacing * 0.6 * (1 - order)
    return points[(np.abs(points) < np.asarray(reach) + 2.5 * spacing).all(1)]


def frame(grid, angle, aspect):
    """Pixels about the middle, turned, and shortened along the angle; and the way back."""
    c, s, root = np.cos(angle), np.sin(angle), np.sqrt(aspect)
    there = np.array([[c * root, -s * root], [s / root, c / root]])
    middle = (grid.size - 1) / 2
    pixels = np.c_[grid.y.ravel(), grid.x.ravel()] - middle
    return pixels @ there.T, np.linalg.inv(there), middle


def cells(grid, rng, spacing, order=0.3, warp=0.0, aspect=1.0):
    """Divide a map into cells of area spacing².

    `order` 0 scatters the points, 1 makes a lattice of them; `warp` bends the edges by a share of
    the spacing; cells are `aspect` times longer than wide.
    """
    pixels, back, middle = frame(grid, rng.uniform(0, np.pi), aspect)
    points = lattice(rng, np.abs(pixels).max(0), spacing, order)
    if warp > 0:
        bend = [smooth(grid, rng, 1.6 * spacing).ravel() * warp * spacing for _ in range(2)]
        pixels = pixels + np.stack(bend, 1)
    tree = cKDTree(points, balanced_tree=False, compact_nodes=False)
    distance, index = tree.query(pixels, k=2)
    apart = np.linalg.norm(points[index[:, 0]] - points[index[:, 1]], axis=1)
    edge = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * np.maximum(apart, 1e-3))
    maps = [m.reshape(grid.x.shape) for m in (distance[:, 0], edge, *index.T)]
    place = (points @ back.T + middle).astype(np.float32)
    near, edge = maps[0].astype(np.float32), maps[1].astype(np.float32)
    return Cells(near, edge, maps[2], maps[3], place[:, 1], place[:, 0])
