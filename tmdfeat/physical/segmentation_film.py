"""`Film`: a map as terraces with a film on them; what domains and steps are read from."""

from functools import cached_property

import cv2
import numpy as np

from tmdfeat.physical.arrays import check_heights, check_pixel_size, is_flat
from tmdfeat.physical.segmentation import Segmentation
from tmdfeat.physical.segmentation_level import two_level_tilt, valley
from tmdfeat.physical.segmentation_result import Segments
from tmdfeat.physical.steps_facets import fitted_plane, terrace_slope, wave_phase
from tmdfeat.physical.steps_joint import film_edge
from tmdfeat.physical.steps_numbers import number_terraces
from tmdfeat.physical.steps_period import Wave, find_wave
from tmdfeat.physical.steps_ridges import (
    SMOOTHING,
    Ridges,
    clear_ridges,
    drops,
    find_ridges,
    gradient,
    median3,
)

FILM = 0.9  # valley below which islands are a film; 1 for a staircase, above 1 for noise
COARSE = 0.3  # band of the phase that terraces are numbered by: a wider one slips
SQUARE = np.ones((3, 3), np.uint8)


class Film:
    """Islands, holes, terraces and steps of one map, each found when first asked for.

    The functions of the families domains and steps take an array or this.

    Parameters
    ----------
    z : array of shape (H, W), nm, levelled by a plane
    pixel_size : float or (dy, dx), nm

    Examples
    --------
    >>> film = Film(np.kron(np.eye(2), np.ones((8, 8))), pixel_size=4.0)
    >>> film.islands.n, film.holes.n
    (1, 1)
    """

    def __init__(self, z, pixel_size=1.0):
        self.z = check_heights(z)
        self.pixel_size = check_pixel_size(pixel_size)
        self.flat = is_flat(self.z)

    @cached_property
    def islands(self) -> Segments:
        """Objects above Otsu's threshold."""
        return Segmentation().segment(self.z, self.pixel_size)

    @cached_property
    def holes(self) -> Segments:
        """Objects below Otsu's threshold."""
        return Segmentation(polarity="holes").segment(self.z, self.pixel_size)

    @cached_property
    def valley(self) -> float:
        """How many heights lie between islands and the rest, see `phase_valley`."""
        return valley(self.clean, self.islands.mask)

    @cached_property
    def film(self) -> np.ndarray:
        """The islands, if they are a layer of their own and not a cut through one; bool (H, W)."""
        return self.islands.mask & (self.valley < FILM)

    @cached_property
    def rim(self) -> np.ndarray:
        """Pixels at the boundary of the film, on both sides of it, bool (H, W)."""
        mask = self.film.astype(np.uint8)
        return cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, SQUARE).astype(bool)

    @cached_property
    def level(self) -> np.ndarray:
        """Heights without the tilt that large islands leave when a plane fits all, (H, W)."""
        if self.flat:
            return self.z
        return self.z - two_level_tilt(self.z, self.islands.mask)

    @cached_property
    def clean(self) -> np.ndarray:
        """Median over 3 x 3 pixels of the levelled heights about their mean, (H, W)."""
        return median3(self.level)

    @cached_property
    def thickness(self) -> float:
        """Median drop at the rim of the film, nm; 0 without any."""
        if not self.rim.any():
            return 0.0
        ridges = find_ridges(*gradient(self.z, self.pixel_size, SMOOTHING), self.pixel_size)
        drop = drops(self.clean, ridges.where(self.rim[ridges.row, ridges.column]), self.pixel_size)
        drop = drop[~np.isnan(drop)]
        return float(np.median(drop)) if drop.size else 0.0

    @cached_property
    def bare(self) -> np.ndarray:
        """Heights with the film taken off, (H, W)."""
        return median3(self.level - self.thickness * self.film)

    @cached_property
    def plane(self) -> np.ndarray:
        """The plane that fits `bare` best, (H, W)."""
        return fitted_plane(self.bare)

    @cached_property
    def substrate(self) -> np.ndarray:
        """`bare`, levelled: a staircase about zero, (H, W)."""
        return self.bare - self.plane

    @cached_property
    def wave(self) -> Wave:
        """The staircase's wave."""
        return find_wave(self.substrate, self.pixel_size)

    @cached_property
    def slope(self) -> tuple[float, float]:
        """Gradient (y, x) of terraces where the staircase is levelled by a plane."""
        phase = wave_phase(self.substrate, self.pixel_size, self.wave)
        return terrace_slope(self.substrate, self.pixel_size, self.wave, phase, ~self.rim)

    @cached_property
    def facet_step(self) -> float:
        """Slope of terraces times their width, nm; NaN without a wave."""
        return float(np.hypot(*self.slope) / np.hypot(self.wave.y, self.wave.x))

    @cached_property
    def numbers(self) -> np.ndarray:
        """How many steps lie below each pixel, from any start, (H, W)."""
        phase = wave_phase(self.substrate, self.pixel_size, self.wave, COARSE)
        uphill = -(self.slope[0] * self.wave.y + self.slope[1] * self.wave.x)
        # The wave rises steepest a quarter of a period before its crest.
        return number_terraces((phase if uphill > 0 else -phase) + 0.25)

    @cached_property
    def covered(self) -> np.ndarray:
        """The film once more, now cut from the map without its staircase, bool (H, W)."""
        if not self.film.any():
            return self.film
        return film_edge(self.level, self.numbers, self.facet_step, self.film)

    @cached_property
    def flat_terraces(self) -> np.ndarray:
        """Heights, the film included, levelled so that terraces lie flat, (H, W)."""
        down, right = self.slope[0] * self.pixel_size[0], self.slope[1] * self.pixel_size[1]
        rows, columns = np.ogrid[: self.z.shape[0], : self.z.shape[1]]
        return self.clean - self.plane - (down * rows + right * columns)

    @cached_property
    def steps(self) -> Ridges:
        """Ridges of the map with flat terraces that stand above its noise."""
        slopes = gradient(self.flat_terraces, self.pixel_size, SMOOTHING)
        ridges = find_ridges(*slopes, self.pixel_size)
        if self.flat:
            return ridges.where(slice(0))
        return clear_ridges(ridges, np.hypot(*slopes))

    @cached_property
    def drops(self) -> np.ndarray:
        """Drop at each pixel of `steps`, nm; NaN near the edge of the map."""
        return drops(self.flat_terraces, self.steps, self.pixel_size)


def film(z, pixel_size=1.0) -> Film:
    """Return `z` if it is already prepared, else prepare it."""
    return z if isinstance(z, Film) else Film(z, pixel_size)
