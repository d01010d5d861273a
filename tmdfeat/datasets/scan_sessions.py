"""Sessions at the microscope: what scans of one growth share, and what is new in each."""

from dataclasses import replace

import numpy as np

from tmdfeat.datasets.scan_instrument import Scanner


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


def _log(rng, bounds) -> float:
    return float(np.exp(rng.uniform(*np.log(bounds))))
