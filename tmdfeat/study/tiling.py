"""Scans cut into overlapping tiles, and tiles' answers joined to one for each scan."""

from dataclasses import replace

import numpy as np
import pandas as pd

from tmdfeat.gate import check_images
from tmdfeat.heightmap import HeightMap


def cut_tiles(X, size: int, overlap: float, masks=None) -> tuple[list[HeightMap], pd.DataFrame]:
    """Cut scans into square tiles that reach all four edges.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
    size : int
        Side of a tile, px; a scan that is smaller is one tile.
    overlap : float
        Least share of a tile that its neighbour sees too, see `tmdfeat.deep.Tiles`.
    masks : sequence of bool arrays, optional
        Of each scan and of its shape: what counts.

    Returns
    -------
    tiles : list of HeightMap
        Scan after scan. Heights are as in X, and are not copied.
    places : DataFrame
        One row per tile: scan (its place in X), row, column (of its first pixel), share (of its
        scan's area: a pixel that several tiles see is divided among them) and, with masks,
        coverage (what part of the tile is in the mask).

    Raises
    ------
    ValueError
        If `size` or `overlap` is out of range, or masks are not as many, or not of the shape of
        the scans.

    Examples
    --------
    >>> tiles, places = cut_tiles(np.zeros((1, 4, 6)), 4, 0.5)
    >>> [tile.shape for tile in tiles], places["share"].round(3).tolist()
    ([(4, 4), (4, 4)], [0.5, 0.5])
    """
    from tmdfeat.deep import Tiles  # here, not above: it imports torch

    images, cut = check_images(X), Tiles(size, overlap=overlap).cut
    if masks is not None and len(masks) != len(images):
        raise ValueError(f"X has {len(images)} scans, but there are {len(masks)} masks.")
    tiles: list[HeightMap] = []
    rows: list[dict] = []
    for scan, image in enumerate(images):
        mask = None if masks is None else _check_mask(masks[scan], image, scan)
        places = cut(image.shape)
        for where, share in zip(places, _shares(image.shape, places), strict=True):
            start = [place.start for place in where]
            name = f"{image.name or f'X[{scan}]'} tile at {start[0]}, {start[1]}"
            tiles.append(replace(image, z=image.z[where], name=name))
            row = {"scan": scan, "row": start[0], "column": start[1], "share": share}
            rows.append(row if mask is None else row | {"coverage": float(mask[where].mean())})
    return tiles, pd.DataFrame(rows)


def join_tiles(places: pd.DataFrame, values) -> pd.Series:
    """Return the mean of each scan's tiles, each weighing as much as the area it stands for.

    Parameters
    ----------
    places : DataFrame
        Rows of `cut_tiles`' table, all of a scan or none.
    values : array of shape (n_tiles,)

    Returns
    -------
    Series, by scan

    Examples
    --------
    >>> places = pd.DataFrame({"scan": [0, 0, 3], "share": [0.75, 0.25, 1.0]})
    >>> join_tiles(places, [0.0, 1.0, 0.5]).to_dict()
    {0: 0.25, 3: 0.5}
    """
    weighed = pd.Series(np.asarray(values) * places["share"].to_numpy())
    return weighed.groupby(places["scan"].to_numpy()).sum()


def _shares(shape, places) -> list[float]:
    seen = np.zeros(shape)
    for where in places:
        seen[where] += 1
    return [float((1 / seen[where]).sum() / seen.size) for where in places]


def _check_mask(mask, image: HeightMap, scan: int) -> np.ndarray:
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.shape != image.shape:
        raise ValueError(
            f"masks[{scan}] must be an array of bool of its scan's shape {image.shape}, got "
            f"{mask.dtype} of shape {mask.shape}. Of a map of layers, take layer >= 1."
        )
    return mask
