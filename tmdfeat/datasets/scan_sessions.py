"""Sessions at the microscope: what scans of one growth share, and what is new in each."""

from dataclasses import replace

import numpy as np

from tmdfeat.datasets.scan_instrument import Scanner

CALM_TILT = 0.3  # of what `mount` draws


def draw_scanner(rng) -> Scanner:
    """Draw the tip and the errors that all scans of a growth share.

    Ranges are **estimates** for a modern tapping-mode AFM with a closed-loop scanner.
    """
    return Scanner(
        tip_radius=_log(rng, (2, 12)),
        lag=rng.uniform(0.2, 1.5),
        drop=_log(rng, (1.5, 20)),
        noise=_log(rng, (0.01, 0.04)),
        noise_lag=rng.uniform(0.3, 2),
        row_offset=_log(rng, (0.01, 0.08)),
        flicker=_log(rng, (0.03, 0.2)),
        hum=_log(rng, (0.002, 0.02)),
        hum_cycles=50 * _log(rng, (0.5, 2)),
        scars=rng.uniform(0, 4),
        scar_height=_log(rng, (0.3, 1.5)),
        lost_rows=rng.uniform(0, 0.3),
        digit=_log(rng, (0.001, 0.01)),
    )


def mount(scanner: Scanner, rng) -> Scanner:
    """Draw how a place lies under the microscope: tilt, bow, drift and creep."""
    return replace(
        scanner,
        tilt_rows=rng.uniform(-10, 10),
        tilt_columns=rng.uniform(-10, 10),
        bow_rows=rng.uniform(-0.5, 0.5),
        bow_columns=rng.uniform(-2, 2),
        drift_rows=rng.normal(0, 0.01),
        drift_columns=rng.normal(0, 0.02),
        creep=rng.exponential(5),
    )


def mount_calmly(scanner: Scanner, rng) -> Scanner:
    """Draw a calm scan of a field that lies nearly level: of `mount` tip, lag, noise and tilt.

    Rows are offset and heights come in digits too; nothing bows, drifts, creeps, hums, scratches
    or loses the surface.
    """
    mounted = mount(scanner, rng)
    return replace(
        scanner,
        drop=np.inf,
        flicker=0.0,
        hum=0.0,
        scars=0.0,
        lost_rows=0.0,
        tilt_rows=CALM_TILT * mounted.tilt_rows,
        tilt_columns=CALM_TILT * mounted.tilt_columns,
    )


def mount_none(scanner: Scanner, rng) -> Scanner:
    """Return an instrument that reports the surface as it is."""
    return Scanner()


def _log(rng, bounds) -> float:
    return float(np.exp(rng.uniform(*np.log(bounds))))
