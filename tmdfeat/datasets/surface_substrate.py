"""The substrate: atomic steps of miscut sapphire, bunched, meandering, of unequal widths."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.surface_ranges import NO_LIMIT, POSITIVE, SHARE, check_ranges

STEP_HEIGHT = 0.2165  # nm, a sixth of the c axis of sapphire
MEANDER_LENGTH = 5.0  # where its spectrum levels off, in terrace widths
MEANDER_HURST = 0.8
NARROWEST = 0.2  # of the mean width


@dataclass(frozen=True)
class Substrate:
    """Stepped sapphire.

    Parameters
    ----------
    terrace_width : float, nm
        Mean distance of steps along the ascent.
    azimuth : float, degrees
        Direction of the ascent, from the column axis towards the row axis.
    step_height : float, nm
        Of a single step, by default a sixth of the c axis of sapphire.
    bunching : int, 0 or more
        How many single steps make one; 0 is a flat substrate.
    meander : float
        Rms shift of the steps along their course, in terrace widths.
    scatter : float, 0 to 1
        Standard deviation of the terraces' widths, in terrace widths.
    roughness : float, nm
        Rms roughness of bare substrate, of the shape that `Relief` gives the film.
    """

    terrace_width: float = 62.0
    azimuth: float = 0.0
    step_height: float = STEP_HEIGHT
    bunching: int = 1
    meander: float = 0.2
    scatter: float = 0.0
    roughness: float = 0.0

    def __post_init__(self):
        check_ranges(
            self,
            {
                "terrace_width": (0.1, np.inf),
                "azimuth": NO_LIMIT,
                "step_height": POSITIVE,
                "bunching": (0, 100),
                "meander": POSITIVE,
                "scatter": SHARE,
                "roughness": POSITIVE,
            },
        )


class Steps(NamedTuple):
    """Where steps lie: at `edges` (ascending, in mean widths) of the phase.

    The phase is the way along the ascent in mean widths, plus the `meander`, an array over the
    pixels, repeated beyond the field.
    """

    edges: np.ndarray
    meander: np.ndarray
    pixel: float
    azimuth: float
    width: float

    def phase(self, rows, columns) -> np.ndarray:
        """Return the phase of places (nm)."""
        angle = np.radians(self.azimuth)
        ascent = np.asarray(columns * np.cos(angle) + rows * np.sin(angle))
        return ascent / self.width + self.meander[self._pixels(rows, columns)]

    def to_nearest_edge(self, rows, columns):
        """Move places (nm) along the ascent onto the step that is nearest."""
        angle = np.radians(self.azimuth)
        for _ in range(3):  # the meander is another there
            phase = self.phase(rows, columns)
            after = np.clip(np.searchsorted(self.edges, phase), 1, len(self.edges) - 1)
            low, high = self.edges[after - 1], self.edges[after]
            way = np.where(phase - low < high - phase, low, high) - phase
            rows = rows + way * self.width * np.sin(angle)
            columns = columns + way * self.width * np.cos(angle)
        return rows, columns

    def _pixels(self, rows, columns):
        shape = self.meander.shape
        i = np.rint(np.asarray(rows) / self.pixel).astype(np.intp) % shape[0]
        return i, np.rint(np.asarray(columns) / self.pixel).astype(np.intp) % shape[1]


def lay_steps(substrate: Substrate, frame, rng) -> Steps:
    """Draw where the steps of a substrate lie, in and around a field.

    Parameters
    ----------
    substrate : Substrate
    frame : tmdfeat.datasets.surface_frame.Frame
    rng : numpy Generator

    Returns
    -------
    Steps
    """
    shape, pixel = frame.rows.shape, frame.pixel
    length = MEANDER_LENGTH * substrate.terrace_width
    meander = substrate.meander * gaussian_field(shape, pixel, length, MEANDER_HURST, rng)
    edges = draw_edges(substrate, max(shape) * pixel, rng)
    return Steps(edges, meander, pixel, substrate.azimuth, substrate.terrace_width)


def draw_edges(substrate: Substrate, extent, rng) -> np.ndarray:
    """Draw where along the ascent, in mean widths, steps lie in and around a field.

    Parameters
    ----------
    substrate : Substrate
    extent : float, nm
        Side of the field.
    rng : numpy Generator

    Returns
    -------
    array of shape (n,), ascending
    """
    around = 3 * extent / substrate.terrace_width  # widths, whatever the azimuth
    n = int(2 * around) + 20
    gaps = 1 + substrate.scatter * rng.standard_normal(n)
    return np.cumsum(np.maximum(gaps, NARROWEST)) - n / 2 + rng.random()


def terrace_map(steps: Steps, frame) -> np.ndarray:
    """Return which terrace each pixel lies on, counted upwards from 0.

    Parameters
    ----------
    steps : Steps
    frame : tmdfeat.datasets.surface_frame.Frame

    Returns
    -------
    int32 array of shape (H, W)
    """
    angle = np.radians(steps.azimuth)
    phase = frame.columns * (np.cos(angle) / steps.width)
    phase += frame.rows * (np.sin(angle) / steps.width)
    phase += steps.meander
    inside = (steps.edges > phase.min()) & (steps.edges <= phase.max())
    level = np.zeros(phase.shape, dtype=np.int32)
    for edge in steps.edges[inside]:
        level += phase >= edge
    return level
