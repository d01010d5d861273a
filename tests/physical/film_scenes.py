"""Synthetic scans with everything known about them: which pixel belongs to which domain too."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tmdfeat import HeightMap
from tmdfeat.datasets.domains import Nuclei, arrival, cover, sow
from tmdfeat.datasets.materials import MATERIALS, Growth, draw_growth
from tmdfeat.datasets.scan import scan_growth
from tmdfeat.preprocess import preset


class Scene(NamedTuple):
    z: np.ndarray
    pixel: float
    growth: Growth
    nuclei: Nuclei
    domain: np.ndarray  # index into nuclei for each pixel
    film: np.ndarray

    def domains(self, smallest=1):
        """Indices of domains that are seen with at least so many pixels."""
        which, count = np.unique(self.domain[self.film], return_counts=True)
        return which[count >= smallest]


def make_scene(material, seed, *, size, scan_nm, typical, **growth):
    """Scan a film as `make_tmd_afm` does, and level it by the standard preset."""
    rng = np.random.default_rng(seed)
    drawn = replace(draw_growth(MATERIALS[material], rng), **growth)
    shape, pixel = (size, size), scan_nm / size
    before = rng.bit_generator.state
    z, _ = scan_growth(drawn, shape, pixel, typical, rng)
    rng.bit_generator.state = before  # the nuclei once more
    nuclei = sow(drawn, (scan_nm, scan_nm), rng)
    time, domain = arrival(shape, pixel, nuclei, drawn.truncation)
    [levelled] = preset("standard").fit_transform([HeightMap(z, "nm", pixel_size=pixel)])
    film = cover(time, drawn.coverage)
    return Scene(levelled.z.astype(float), pixel, drawn, nuclei, domain, film)


def polygon(corners, radius, turn=0.0, side=257, centre=(0.0, 0.0)):
    """Regular polygon with a corner at angle `turn` (degrees) from columns towards rows."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    y, x = y - centre[0], x - centre[1]
    inside = np.ones((side, side), bool)
    for k in range(corners):
        normal = np.radians(turn) + 2 * np.pi * (k + 0.5) / corners
        inside &= x * np.cos(normal) + y * np.sin(normal) <= radius * np.cos(np.pi / corners)
    return inside


def disk(radius, side=257):
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.hypot(y, x) <= radius


def dots(points, side, radius=3):
    """A disk around each (row, column); what lies outside is cut off."""
    z = np.zeros((side, side))
    for row, column in points:
        (top, bottom), (left, right) = (
            (max(0, int(at - radius)), max(0, int(at + radius) + 2)) for at in (row, column)
        )
        y, x = np.ogrid[top : min(bottom, side), left : min(right, side)]
        z[top:bottom, left:right][np.hypot(y - row, x - column) <= radius] = 1.0
    return z
