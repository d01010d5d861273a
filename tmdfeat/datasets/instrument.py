"""The instrument: what a scan adds to the surface."""

from typing import NamedTuple

import numpy as np


class Instrument(NamedTuple):
    """Standard deviation of pixel noise and of row offsets, and tilt across the field, in nm."""

    noise: float
    row_offset: float
    tilt_rows: float
    tilt_columns: float


PERFECT = Instrument(0.0, 0.0, 0.0, 0.0)


def draw_instrument(rng: np.random.Generator) -> Instrument:
    """Draw the errors of one scan; ranges as estimated for a modern tapping-mode AFM."""
    return Instrument(
        noise=float(np.exp(rng.uniform(*np.log([0.02, 0.05])))),
        row_offset=float(np.exp(rng.uniform(*np.log([0.02, 0.1])))),
        tilt_rows=rng.uniform(-10, 10),
        tilt_columns=rng.uniform(-10, 10),
    )


def measure(surface: np.ndarray, instrument: Instrument, rng: np.random.Generator) -> np.ndarray:
    """Return the surface as the instrument reports it.

    Parameters
    ----------
    surface : array of shape (H, W), nm
    instrument : Instrument
    rng : numpy Generator

    Returns
    -------
    float32 array of shape (H, W), nm
    """
    height, width = surface.shape
    rows = instrument.tilt_rows * np.linspace(-0.5, 0.5, height)
    rows += rng.normal(0, instrument.row_offset, height)
    columns = instrument.tilt_columns * np.linspace(-0.5, 0.5, width)
    noise = instrument.noise * rng.standard_normal(surface.shape, dtype=np.float32)
    return (surface + noise + rows[:, None] + columns).astype(np.float32)
