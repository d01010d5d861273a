"""Named chains of steps."""

from sklearn.pipeline import Pipeline

from tmdfeat.parameters import check_choice
from tmdfeat.preprocess.steps_heights import AlignRows, ClipPercentiles, Level
from tmdfeat.preprocess.steps_paper import (
    PaperBow,
    PaperMedian,
    PaperResize,
    PaperScars,
    PaperStretch,
)


def preset(name: str) -> Pipeline:
    """Make a Pipeline of image steps by name, to use alone or as one step of another Pipeline.

    Parameters
    ----------
    name : {"plane", "standard", "paper"}
        - ``"plane"``: subtract a plane. For scans that were processed elsewhere.
        - ``"standard"``: align rows by the median of their differences, then subtract a plane.
          Heights stay in nm. (Aligning by each row's own median would leave bright and dark
          bands where an island fills more than half of a row.)
        - ``"paper"``: what the authors did. Plane; bow along the fast axis; one-pass scar
          filter; a parabola from each row; mean; 2 x 2 median; clip to percentiles 0.5 and
          99.5; stretch to 0 ... 255; resize to 224 x 224. Heights are relative afterwards; the
          pixel size, where known, is kept up to date.

    Returns
    -------
    sklearn.pipeline.Pipeline

    Raises
    ------
    ValueError
        If there is no preset of that name.

    Notes
    -----
    The scar filter and the median of "paper" tell up from down. The authors kept the rows of
    Bruker files in file order, bottom first, while `read` puts the top first: to get their very
    pixels, flip the maps before, as in ``dataclasses.replace(scan, z=scan.z[::-1])``.

    References
    ----------
    "paper": Moses and Reinhart, Materials Characterization 209 (2024) 113701,
    arXiv:2310.07816.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import HeightMap
    >>> from tmdfeat.preprocess import preset
    >>> scan = HeightMap(np.random.default_rng(0).normal(size=(64, 64)), "nm", pixel_size=7.0)
    >>> preset("paper").fit_transform([scan])[0]
    HeightMap('', 224x224 px, 448 x 448 nm, relative heights)
    >>> list(preset("paper")[:4].named_steps)
    ['plane', 'bow', 'scars', 'rows']
    """
    check_choice("name", name, tuple(PRESETS))
    return Pipeline(PRESETS[name]())


def _plane():
    return [("plane", Level(1))]


def _standard():
    return [("rows", AlignRows("median_diff")), ("plane", Level(1))]


def _paper():
    return [
        ("plane", Level(1)),
        ("bow", PaperBow()),
        ("scars", PaperScars()),
        ("rows", AlignRows("polynomial", degree=2)),
        ("mean", Level(0)),
        ("median", PaperMedian()),
        ("clip", ClipPercentiles(0.5, 99.5)),
        ("stretch", PaperStretch()),
        ("resize", PaperResize(224)),
    ]


PRESETS = {"plane": _plane, "standard": _standard, "paper": _paper}
