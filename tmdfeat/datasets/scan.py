"""One synthetic scan: substrate, film, instrument, and the truth about them."""

import numpy as np
from scipy import ndimage

from tmdfeat.datasets.domains import arrival, cover, sow
from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.instrument import PERFECT, draw_instrument, measure
from tmdfeat.datasets.materials import Growth
from tmdfeat.datasets.terraces import STEP_HEIGHT, terraces

MEANDER = 0.2  # rms shift of the steps, in terrace widths
MEANDER_SHAPE = (300.0, 0.8)  # correlation length in nm, Hurst exponent
ROUGHNESS_SHAPE = (30.0, 0.5)


def scan_growth(growth: Growth, shape, pixel, typical: bool, rng):
    """Scan a fresh place of a growth.

    Parameters
    ----------
    growth : Growth
    shape : (H, W)
    pixel : float, nm
    typical : bool
        With meandering steps, film roughness and the instrument's errors, or without all three.
    rng : numpy Generator

    Returns
    -------
    z : float32 array of shape (H, W), nm
    truth : dict
        What was drawn and what is visible, see `tmdfeat.datasets.make_tmd_afm`.
    """
    extent = (shape[0] * pixel, shape[1] * pixel)
    nuclei = sow(growth, extent, rng)
    time, domain = arrival(shape, pixel, nuclei, growth.truncation)
    film = cover(time, growth.coverage)
    phase = rng.random()
    if typical:
        phase = phase + MEANDER * gaussian_field(shape, pixel, *MEANDER_SHAPE, rng)
    z = terraces(shape, pixel, growth.terrace_width, growth.azimuth, phase)
    z = z + np.float32(growth.layer_height) * film
    instrument = PERFECT
    if typical:
        z = z + growth.roughness * gaussian_field(shape, pixel, *ROUGHNESS_SHAPE, rng)
        instrument = draw_instrument(rng)
    return measure(z, instrument, rng), _truth(growth, film, domain, nuclei, instrument)


def _truth(growth, film, domain, nuclei, instrument):
    eight = np.ones((3, 3))
    return {
        "coverage_asked": growth.coverage,
        "coverage": float(film.mean()),
        "density_per_um2": growth.density,
        "n_nuclei": len(nuclei.rows),
        "n_domains": len(np.unique(domain[film])),
        "n_components": ndimage.label(film, eight)[1],
        "truncation": growth.truncation,
        "orientation_deg": growth.azimuth % 120,
        "antiparallel": growth.antiparallel,
        "spread_deg": float(growth.spread),
        "terrace_azimuth_deg": growth.azimuth,
        "terrace_width_nm": growth.terrace_width,
        "step_height_nm": STEP_HEIGHT,
        "layer_height_nm": growth.layer_height,
        "roughness_nm": growth.roughness,
        "noise_nm": instrument.noise,
        "row_offset_nm": instrument.row_offset,
        "tilt_rows_nm": instrument.tilt_rows,
        "tilt_columns_nm": instrument.tilt_columns,
    }
