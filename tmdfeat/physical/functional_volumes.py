"""Functional family, second part: heights at material ratios, and volumes between them.

The same conventions as in `functional`. Volumes are per area of the map, nm3/nm2 = nm. The
ratios 10 % and 80 % divide hills from core and core from dales, as ISO 25178-3 sets by default.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.functional_curve import MaterialCurve, material_curve

ISO = "ISO 25178-2:2021"
HILLS, DALES = 0.1, 0.8
EXTREME, MIDDLE = 0.025, 0.5


def material_ratio(z, height=0.0) -> float:
    """Material ratio Smr(c): share of the map above `height`, which counts from the mean, nm.

    Below 0.5 where hills stand out of a plain. NaN for a flat map.

    Examples
    --------
    >>> material_ratio([[0.0, 0.0], [0.0, 4.0]])
    0.25
    """
    m = material_curve(z)
    return m.above(height / m.size)[0] if m.size else np.nan


def height_at_ratio(z, ratio) -> float:
    """Inverse material ratio Smc(p): height above which a share of the map lies, nm, from the mean.

    Linear between the two nearest order statistics.

    Examples
    --------
    >>> height_at_ratio([[0.0, 1.0, 2.0, 3.0, 4.0]], ratio=0.25)
    1.0
    """
    m = material_curve(z)
    return m.size * m.height_at(ratio)


def peak_extreme_height(z) -> float:
    """Peak extreme height Sxp = Smc(2.5 %) - Smc(50 %), nm: 1.96 Sq for Gaussian heights.

    Examples
    --------
    >>> round(peak_extreme_height([np.arange(41)]), 9)
    19.0
    """
    m = material_curve(z)
    return m.size * (m.height_at(EXTREME) - m.height_at(MIDDLE))


def material_volume(z, ratio) -> float:
    """Material volume Vm(p): what lies above the height Smc(p), per area, nm.

    Examples
    --------
    >>> round(material_volume([[0.0, 1.0, 2.0, 3.0, 4.0]], ratio=0.25), 9)
    0.2
    """
    m = material_curve(z)
    return m.size * m.above(m.height_at(ratio))[1]


def void_volume(z, ratio) -> float:
    """Void volume Vv(p): what is missing below the height Smc(p), per area, nm.

    Examples
    --------
    >>> round(void_volume([[0.0, 1.0, 2.0, 3.0, 4.0]], ratio=0.75), 9)
    0.2
    """
    m = material_curve(z)
    return m.size * m.below(m.height_at(ratio))[1]


def peak_material_volume(z) -> float:
    """Peak material volume Vmp = Vm(10 %), nm3/nm2.

    Examples
    --------
    >>> round(peak_material_volume([np.arange(11)]), 9)  # one of eleven, 1 above the next
    0.090909091
    """
    return material_volume(z, HILLS)


def core_material_volume(z) -> float:
    """Core material volume Vmc = Vm(80 %) - Vm(10 %), nm3/nm2.

    Examples
    --------
    >>> round(core_material_volume([np.arange(11)]), 9)  # (1 + ... + 8 - 1) / 11
    3.181818182
    """
    m = material_curve(z)
    return material_volume(m, DALES) - material_volume(m, HILLS)


def core_void_volume(z) -> float:
    """Core void volume Vvc = Vv(10 %) - Vv(80 %), nm3/nm2.

    Examples
    --------
    >>> round(core_void_volume([np.arange(11)]), 9)  # (1 + ... + 9 - 1 - 2) / 11
    3.818181818
    """
    m = material_curve(z)
    return void_volume(m, HILLS) - void_volume(m, DALES)


def dale_void_volume(z) -> float:
    """Dale void volume Vvv = Vv(80 %), nm3/nm2.

    Examples
    --------
    >>> round(dale_void_volume([np.arange(11)]), 9)  # (1 + 2) / 11
    0.272727273
    """
    return void_volume(z, DALES)


_ratio = partial(Descriptor, family="functional", source=ISO, missing="mask", prepare=MaterialCurve)
_length = partial(_ratio, unit="nm", unit_px="rel", needs=("z_nm",))
_height = partial(_length, function=height_at_ratio)

DESCRIPTORS = (
    _ratio(
        "Smr_0",
        material_ratio,
        summary="Material ratio Smr(0): share of the map above its mean plane; NaN for a flat map.",
    ),
    *(
        _length(
            f"Smc_{percent}",
            partial(height_at_ratio, ratio=percent / 100),
            summary=f"Height above which {percent} % of the map lies, from the mean, nm.",
        )
        for percent in (10, 80)
    ),
    _length("Sxp", peak_extreme_height),
    _length("Vmp", peak_material_volume),
    _length("Vmc", core_material_volume),
    _length("Vvc", core_void_volume),
    _length("Vvv", dale_void_volume),
)
