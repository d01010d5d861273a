"""Topology family, first part: Minkowski functionals at a few levels.

Area, boundary length and Euler number of what lies above a level. Levels count from the mean in
units of Sq, or are quantiles, so an offset and a positive factor of the heights do not matter;
nor do quarter turns and flips. Flat maps have no levels: NaN.
"""

from functools import cached_property, partial

import numpy as np

from tmdfeat.physical.arrays import check_pixel_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.height import Heights, heights
from tmdfeat.physical.topology_curves import minkowski_curves

LEVELS = (-2, -1, 0, 1, 2)  # Sq
SHARES = (10, 50, 90)  # percent of the map above the level
EPSILON = 1e-9  # Sq; heights on a level count as above it whatever their rounding


class Minkowski:
    """The curves at the levels and shares of this family, for maps in units of Sq.

    The functions of this family take an array or this.

    Parameters
    ----------
    z : array of shape (H, W)
    pixel_size : float or (dy, dx), nm
    """

    def __init__(self, z, pixel_size=1.0):
        self.heights = heights(z)
        self.pixel_size = check_pixel_size(pixel_size)

    @cached_property
    def curves(self) -> dict[str, tuple[float, float]]:
        """Boundary density and Euler number per area, by names such as "m2", "p1" and "q10"."""
        h = self.heights
        places = h.sorted.size - np.ceil(np.array(SHARES) / 100 * h.sorted.size).astype(int)
        levels = np.concatenate([np.array(LEVELS) * h.rms, h.sorted[places]]) - EPSILON * h.rms
        order = np.argsort(levels)
        _, boundary, euler = minkowski_curves(h.unit, levels[order], self.pixel_size)
        density = euler / (h.unit.size * np.prod(self.pixel_size))
        names = np.array(list(_TEXTS))[order]
        return dict(zip(names, zip(boundary, density, strict=True), strict=True))


def minkowski(z, pixel_size=1.0) -> Minkowski:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Minkowski) else Minkowski(z, pixel_size)


def area_above(z, level) -> float:
    """Share of the map at least `level` Sq above the mean; NaN for a flat map.

    Examples
    --------
    >>> area_above([[0.0, 0.0], [0.0, 4.0]], level=1)
    0.25
    """
    h: Heights = heights(z)
    return float(np.mean(h.unit >= (level - EPSILON) * h.rms)) if h.size else np.nan


def boundary_density(z, pixel_size=1.0, *, at) -> float:
    """Length of the boundary of what is above a level, over the area of the map, 1/nm.

    `at` is "m2" to "p2" for levels of -2 to 2 Sq, or "q10", "q50", "q90" for the level above which
    that percentage of the map lies. Boundaries are measured as in `minkowski_curves`.

    Examples
    --------
    >>> round(boundary_density([[0.0, 1.0], [0.0, 1.0]], at="q50"), 4)  # pi/4 times 2/4
    0.3927
    """
    m = minkowski(z, pixel_size)
    return float(m.curves[at][0]) if m.heights.size else np.nan


def euler_density(z, pixel_size=1.0, *, at) -> float:
    """Islands minus lakes of what is above a level, over the area of the map, 1/um2.

    `at` is as in `boundary_density`.

    Examples
    --------
    >>> euler_density([[0.0, 1.0, 0.0, 1.0, 0.0]], pixel_size=100.0, at="p1")  # 2 in 0.05 um2
    40.0
    """
    m = minkowski(z, pixel_size)
    return float(m.curves[at][1]) * 1e6 if m.heights.size else np.nan


def _names():
    for level in LEVELS:
        yield f"{'m' if level < 0 else 'p'}{abs(level)}", f"{level} Sq from the mean"
    for share in SHARES:
        yield f"q{share}", f"the level above which {share} % of the map lies"


_TEXTS = dict(_names())

SOURCE = "Mecke, doi:10.1007/3-540-45043-2_6"
_family = partial(Descriptor, family="topology", source=SOURCE)
_scaled = partial(_family, needs=("pixel_size",), prepare=Minkowski)

DESCRIPTORS = (
    *(
        _family(
            f"minkowski_v_{name}",
            partial(area_above, level=level),
            prepare=Heights,
            summary=f"Share of the map above {_TEXTS[name]}.",
        )
        for name, level in zip(_TEXTS, LEVELS, strict=False)
    ),
    *(
        _scaled(
            f"minkowski_s_{name}",
            partial(boundary_density, at=name),
            unit="1/nm",
            unit_px="1/px",
            summary=f"Boundary length per area of what is above {text}, 1/nm.",
        )
        for name, text in _TEXTS.items()
    ),
    *(
        _scaled(
            f"minkowski_chi_{name}",
            partial(euler_density, at=name),
            unit="1/um2",
            unit_px="1/Mpx",
            summary=f"Islands minus lakes per area of what is above {text}, 1/um2.",
        )
        for name, text in _TEXTS.items()
    ),
)
