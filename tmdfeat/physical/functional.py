"""Functional family, first part: the core of the material ratio curve, Sk to Smr2 (ISO 25178-2).

Each function takes an array of shape (H, W), in nm, levelled: a tilt left in widens the core.
Ratios are shares, 0 to 1, not percent. A flat map has amplitudes 0 and undefined ratios (NaN).
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.functional_curve import MaterialCurve, material_curve

ISO = "ISO 25178-2:2021, Annex B"


def core_height(z) -> float:
    """Core height Sk: fall of the core's line over the whole map, nm.

    2.574 Sq for Gaussian heights, the whole height for a ramp. Unchanged by an offset, quarter
    turns and flips; proportional to z.

    Examples
    --------
    >>> round(core_height([[0.0, 1.0], [2.0, 3.0]]), 9)
    3.0
    """
    m = material_curve(z)
    return m.size * (m.core.upper - m.core.lower)


def reduced_peak_height(z) -> float:
    """Reduced peak height Spk, nm: the hills above the core as a triangle of equal area.

    2 A1 / Smr1, with A1 the mean height above the core over the whole map; 0 without hills.

    Examples
    --------
    >>> round(reduced_peak_height([[0.0, 0.0, 0.0, 0.0, 1.0]]), 9)  # a fifth of the map, 1 high
    2.0
    """
    m = material_curve(z)
    return m.size * 2 * m.core.hill_area / m.core.hill_ratio if m.core.hill_ratio else 0.0


def reduced_dale_depth(z) -> float:
    """Reduced dale depth Svk, nm: the dales below the core as a triangle of equal area.

    2 A2 / (1 - Smr2), with A2 the mean depth below the core over the whole map; 0 without dales.

    Examples
    --------
    >>> round(reduced_dale_depth([[0.0, 1.0, 1.0, 1.0, 1.0]]), 9)
    2.0
    """
    m = material_curve(z)
    return m.size * 2 * m.core.dale_area / m.core.dale_ratio if m.core.dale_ratio else 0.0


def hill_ratio(z) -> float:
    """Material ratio Smr1: share of the map above the core; NaN for a flat map.

    Examples
    --------
    >>> hill_ratio([[0.0, 0.0, 0.0, 0.0, 1.0]])
    0.2
    """
    m = material_curve(z)
    return m.core.hill_ratio if m.size else np.nan


def dale_ratio(z) -> float:
    """Material ratio Smr2: share of the map that is not below the core; NaN for a flat map.

    Examples
    --------
    >>> dale_ratio([[0.0, 1.0, 1.0, 1.0, 1.0]])
    0.8
    """
    m = material_curve(z)
    return 1 - m.core.dale_ratio if m.size else np.nan


_ratio = partial(Descriptor, family="functional", source=ISO, missing="mask", prepare=MaterialCurve)
_length = partial(_ratio, unit="nm", unit_px="rel", needs=("z_nm",))

DESCRIPTORS = (
    _length("Sk", core_height),
    _length("Spk", reduced_peak_height),
    _length("Svk", reduced_dale_depth),
    _ratio("Smr1", hill_ratio),
    _ratio("Smr2", dale_ratio),
)
