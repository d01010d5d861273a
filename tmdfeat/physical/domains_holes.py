"""Domains family, last part: holes of a film that has nearly closed.

There islands are one piece, and the gaps between domains tell more. Holes lie below Otsu's
threshold; otherwise the same conventions as in `domains`.
"""

from functools import partial

from tmdfeat.physical import domains, domains_shape, domains_size
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.segmentation_film import Film, film


def hole_density(z, pixel_size=1.0) -> float:
    """Holes per area, 1/um2, by the unbiased counting frame."""
    return domains.domain_density(film(z, pixel_size).holes)


def hole_diameter(z, pixel_size=1.0) -> float:
    """Mean equivalent diameter of holes, nm."""
    return domains_size.mean_diameter(film(z, pixel_size).holes)


def hole_circularity(z, pixel_size=1.0) -> float:
    """Mean circularity 4 pi A / P^2 of whole holes."""
    return domains_shape.circularity(film(z, pixel_size).holes)


def hole_trigonality(z, pixel_size=1.0) -> float:
    """Mean trigonality of whole holes: 1 equilateral triangle, 0 square, hexagon, disk."""
    return domains_shape.trigonality(film(z, pixel_size).holes)


_hole = partial(
    Descriptor,
    family="domains",
    needs=("pixel_size",),
    unit_px="px",
    minimum=(3, 3),
    prepare=Film,
    source="Otsu, DOI 10.1109/TSMC.1979.4310076",
)

DESCRIPTORS = (
    _hole("hole_density", hole_density, unit="1/um2", unit_px="1/Mpx"),
    _hole("hole_diameter_mean", hole_diameter, unit="nm"),
    _hole("hole_circularity", hole_circularity),
    _hole("hole_trigonality", hole_trigonality),
)
