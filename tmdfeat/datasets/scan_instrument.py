"""The instrument as a whole: from a surface to a scan."""

from dataclasses import dataclass

import numpy as np

from tmdfeat.datasets.scan_feedback import follow
from tmdfeat.datasets.scan_lines import add_scars, flicker, hum, lose_rows, pixel_noise, row_offsets
from tmdfeat.datasets.scan_tip import dilate
from tmdfeat.datasets.surface_ranges import NO_LIMIT, POSITIVE, check_ranges


@dataclass(frozen=True)
class Scanner:
    """Tip, feedback, electronics and mounting; nothing of it is wrong by default.

    Parameters
    ----------
    tip_radius : float, nm
    lag : float, pixels
        Time constant of the feedback along a row.
    drop : float, nm per pixel
        The fastest that the tip comes down.
    noise : float, nm
        Rms of noise of pixels, one row independent of the next.
    noise_lag : float, pixels
        Time constant over which it is alike along a row; 0 for independent pixels.
    row_offset : float, nm
        Rms of independent offsets of rows.
    flicker : float, nm
        Rms of 1/f noise in time over the whole scan.
    hum : float, nm
        Amplitude of a sine in time.
    hum_cycles : float
        How many of its cycles pass from row to row.
    tilt_rows, tilt_columns : float, nm
        Rise across the field.
    bow_rows, bow_columns : float, nm
        Height of the field's middle over its ends, of a parabola.
    drift_rows, drift_columns : float
        Motion of the surface along the slow and the fast axis per way along the slow one.
    creep : float, nm
        How much too far the first rows go altogether.
    scars : float
        Mean number of strokes.
    scar_height : float, nm
        Mean height of strokes.
    lost_rows : float
        Mean number of rows that repeat the one before.
    digit : float, nm
        Smallest difference of heights; 0 for none.
    """

    tip_radius: float = 0.0
    lag: float = 0.0
    drop: float = np.inf
    noise: float = 0.0
    noise_lag: float = 0.0
    row_offset: float = 0.0
    flicker: float = 0.0
    hum: float = 0.0
    hum_cycles: float = 50.3
    tilt_rows: float = 0.0
    tilt_columns: float = 0.0
    bow_rows: float = 0.0
    bow_columns: float = 0.0
    drift_rows: float = 0.0
    drift_columns: float = 0.0
    creep: float = 0.0
    scars: float = 0.0
    scar_height: float = 1.0
    lost_rows: float = 0.0
    digit: float = 0.0

    def __post_init__(self):
        positive = (
            "tip_radius",
            "lag",
            "noise",
            "noise_lag",
            "row_offset",
            "flicker",
            "hum",
            "hum_cycles",
        )
        positive += ("creep", "scars", "scar_height", "lost_rows", "digit")
        free = ("tilt_rows", "tilt_columns", "bow_rows", "bow_columns")
        ranges = {**dict.fromkeys(positive, POSITIVE), **dict.fromkeys(free, NO_LIMIT)}
        ranges |= dict.fromkeys(("drift_rows", "drift_columns"), (-0.5, 0.5))
        check_ranges(self, {**ranges, "drop": (1e-9, np.inf)})


def scan_surface(surface, pixel, scanner: Scanner, rng):
    """Scan a surface.

    Parameters
    ----------
    surface : float32 array of shape (H, W), nm
    pixel : float, nm
    scanner : Scanner
        Drift and creep are left aside: they decide where the pixels lie, see `lay_frame`.
    rng : numpy Generator

    Returns
    -------
    z : float32 array of shape (H, W), nm
    counts : dict of str to int
        How many scars and lost rows there are.
    """
    shape = surface.shape
    pixels, rows, slow, humming, strokes = rng.spawn(5)
    z = follow(dilate(surface, pixel, scanner.tip_radius), scanner.lag, scanner.drop)
    if scanner.flicker > 0:
        z += flicker(shape, scanner.flicker, slow)
    if scanner.hum > 0:
        z += hum(shape, scanner.hum, scanner.hum_cycles, humming.uniform(0, 2 * np.pi))
    if scanner.noise > 0:
        z += pixel_noise(shape, scanner.noise, scanner.noise_lag, pixels)
    z += row_offsets(shape[0], scanner.row_offset, rows)[:, None]
    counts = {"scars": add_scars(z, scanner.scars, scanner.scar_height, strokes)}
    z += _background(shape, scanner)
    counts["lost_rows"] = lose_rows(z, scanner.lost_rows, strokes)
    if scanner.digit > 0:
        z = np.round(z / np.float32(scanner.digit)) * np.float32(scanner.digit)
    return z, counts


def _background(shape, scanner):
    down, across = (np.linspace(-0.5, 0.5, n) for n in shape)
    rows = scanner.tilt_rows * down + scanner.bow_rows * (1 - 4 * down**2)
    columns = scanner.tilt_columns * across + scanner.bow_columns * (1 - 4 * across**2)
    return (rows[:, None] + columns).astype(np.float32)
