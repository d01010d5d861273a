"""Domains family, first part: how much film, how many domains.

Each function takes heights (H, W), levelled, and the pixel size in nm; or a `Film`, whose
islands it describes; or `Segments`. Islands lie above Otsu's threshold of the smoothed map. That
threshold cuts every map: `phase_valley` says whether there are two levels at all. On a flat map
there are no islands: amounts are 0, and what describes islands is undefined (NaN).
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.segmentation_film import Film, film
from tmdfeat.physical.segmentation_objects import NEIGHBOURS, crofton_weights
from tmdfeat.physical.segmentation_result import Segments

UM = 1000.0  # nm


def islands(z, pixel_size=1.0) -> Segments:
    """Return the segments themselves, or the islands of a `Film` or of a map."""
    return z if isinstance(z, Segments) else film(z, pixel_size).islands


def coverage(z, pixel_size=1.0) -> float:
    """Share of the area that is island, 0 to 1.

    Unchanged by an offset, a positive factor, quarter turns and flips, as all descriptors of
    this family but heights and volumes.

    Examples
    --------
    >>> z = np.zeros((40, 40))
    >>> z[10:30, :] = 0.65
    >>> coverage(z)
    0.5
    """
    return float(np.mean(islands(z, pixel_size).labels > 0))


def phase_valley(z, pixel_size=1.0) -> float:
    """Valley between two levels: 0 if they are apart, 1 if heights are uniform, more if one peak.

    Pixels near the height midway between the medians of islands and of the rest, over those
    near the rarer of these medians; near is an eighth of their distance.

    Examples
    --------
    >>> round(phase_valley(np.linspace(0, 1, 10000).reshape(100, 100)), 1)
    1.0
    """
    return float(film(z, pixel_size).valley)


def domain_count(z, pixel_size=1.0) -> float:
    """Number of islands that are seen, whole or cut by the edge of the map.

    Domains that touch count as one.
    """
    return float(islands(z, pixel_size).n)


def domain_density(z, pixel_size=1.0) -> float:
    """Islands per area, 1/um2, by the unbiased counting frame.

    Islands at an edge of the map count by half, as each belongs to two maps; see
    `Segments.counts`.

    Examples
    --------
    >>> z = np.zeros((101, 101))
    >>> z[40:60, 40:60] = 1.0  # inside
    >>> z[:10, 40:60] = 1.0  # at an edge
    >>> domain_density(z, 10.0)
    1.5
    """
    found = islands(z, pixel_size)
    return float(found.counts.sum() / found.frame * UM**2)


def boundary_density(z, pixel_size=1.0) -> float:
    """Length of the islands' outline per area, 1/um; the edge of the map is none.

    Where grains touch (a watershed's `Segments`), their common boundary counts once.

    By Crofton's formula: pi/2 times the crossings per length of line, in four directions.

    References
    ----------
    A. J. Baddeley and E. B. V. Jensen, Stereology for Statisticians (2004).

    Examples
    --------
    >>> y, x = np.mgrid[-100:100, -100:100]
    >>> z = 1.0 * (np.hypot(y, x) < 60)  # 2 pi 60 nm in 200 x 200 nm
    >>> round(boundary_density(z) / (2 * np.pi * 60 / 200**2 * 1000), 1)
    1.0
    """
    found = islands(z, pixel_size)
    dy, dx = found.pixel_size
    density = 0.0
    for (down, right), share in zip(NEIGHBOURS, crofton_weights((dy, dx))[1], strict=True):
        here, there = _pairs(found.labels, down, right)
        if here.size:
            density += share * np.mean(here != there) / np.hypot(down * dy, right * dx)
    return float(density * np.pi / 2 * UM)


def _pairs(labels, down, right):
    """Each pixel that has a neighbour so far away, and that neighbour."""
    height, width = labels.shape
    here = labels[: height - down, max(0, -right) : width - max(0, right)]
    return here, labels[down:, max(0, right) : width + min(0, right)]


_domain = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
    source="Otsu, DOI 10.1109/TSMC.1979.4310076",
)
_count = partial(_domain, source="Gundersen, DOI 10.1111/j.1365-2818.1977.tb00062.x")

DESCRIPTORS = (
    _domain("coverage", coverage),
    _domain("phase_valley", phase_valley, source="histogram between two medians"),
    _domain("domain_count", domain_count),
    _count("domain_density", domain_density, unit="1/um2", unit_px="1/Mpx"),
    _count("boundary_density", boundary_density, unit="1/um", unit_px="1/kpx", source="Crofton"),
)
