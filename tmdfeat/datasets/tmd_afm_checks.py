"""Checks of what `make_tmd_afm` is asked for."""

from numbers import Integral

import numpy as np

from tmdfeat.datasets.class_order import BALANCES, PUBLISHED, class_order
from tmdfeat.datasets.growths import MOUNTS
from tmdfeat.parameters import check_choice, check_integer


def check_materials(materials, n_samples, balance) -> tuple[str, ...]:
    """Return the materials as a tuple, or raise ValueError if there is no scan for one."""
    check_choice("balance", balance, BALANCES)
    materials = (materials,) if isinstance(materials, str) else tuple(materials)
    unknown = [name for name in materials if name not in PUBLISHED]
    if unknown or not materials or len(set(materials)) < len(materials):
        raise ValueError(
            f"materials must be different ones among {tuple(PUBLISHED)}, got {materials}."
        )
    needed = _needed(materials, balance)
    if not isinstance(n_samples, Integral) or n_samples < needed:
        raise ValueError(
            f"n_samples must be a whole number of at least {needed}, one scan per "
            f"material, got {n_samples!r}. For fewer scans name fewer materials."
        )
    return materials


def _needed(materials, balance) -> int:
    """How many scans it takes until each material has come."""
    order = class_order(len(materials) * 10, materials, balance)
    return max(i for i, (_, before) in enumerate(order, start=1) if before == 0)


def check_made(size, scan_nm, scans_per_growth, artefacts, coverage) -> None:
    """Raise ValueError if a scan cannot be made."""
    if not isinstance(size, Integral) or size < 8:
        raise ValueError(f"size must be a whole number of at least 8 pixels, got {size!r}.")
    if not (np.isfinite(scan_nm) and scan_nm > 0):
        raise ValueError(f"scan_nm must be a positive number of nm, got {scan_nm!r}.")
    if scans_per_growth is not None:
        check_integer("scans_per_growth", scans_per_growth, 1)
    check_choice("artefacts", artefacts, tuple(MOUNTS))
    if coverage is not None and not 0 <= coverage <= 1:
        raise ValueError(f"coverage must be None or a fraction from 0 to 1, got {coverage!r}.")
