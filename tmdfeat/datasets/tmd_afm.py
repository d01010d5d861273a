"""`make_tmd_afm`: synthetic AFM scans of TMD films, with the truth about them."""

from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import Bunch, check_random_state

from tmdfeat.datasets.materials import MATERIALS, draw_growth
from tmdfeat.datasets.scan import scan_growth
from tmdfeat.heightmap import HeightMap

ARTEFACTS = ("typical", "none")


def make_tmd_afm(
    n_samples=100,
    *,
    materials=tuple(MATERIALS),
    size=256,
    scan_nm=1000.0,
    scans_per_growth=3,
    artefacts="typical",
    coverage=None,
    random_state=None,
) -> Bunch:
    """Make AFM scans of TMD films on stepped sapphire, with a truth table.

    Each scan shows the substrate's terraces and, on them, one incomplete layer of triangular
    to hexagonal domains. How far the classes differ is **chosen** by the presets in
    `tmdfeat.datasets.materials`, which are estimates: scores on these scans demonstrate
    software and say nothing about real films.

    Parameters
    ----------
    n_samples : int, default 100
        At least one per material. Classes take turns, so that they are balanced.
    materials : sequence of str
        Among ``"MoS2"``, ``"WS2"``, ``"WSe2"``, ``"MoSe2"``, ``"Mo-WSe2"``.
    size : int, default 256
        Pixels per side, at least 8.
    scan_nm : float, default 1000.0
        Side of the field.
    scans_per_growth : int, default 3
        Scans that share their growth's hidden parameters (density, coverage, truncation,
        orientations, terraces, roughness) and differ in nuclei, noise and the instrument's
        errors. Growths are the groups.
    artefacts : {"typical", "none"}, default "typical"
        ``"typical"``: meandering steps, rough film, pixel noise, row offsets, tilt.
        ``"none"``: straight steps and flat domains alone.
    coverage : float, optional
        Covered fraction of every scan, 0 to 1, instead of the growths' own.
    random_state : int, RandomState or None
        The same number gives the same scans; scan i does not depend on `n_samples`.

    Returns
    -------
    Bunch
        ``images`` : list of HeightMap, nm; ``target`` : array of str, the materials;
        ``groups`` : array of str, the growths; ``truth`` : DataFrame, one row per scan. There
        ``coverage_asked`` and ``coverage`` (on the pixels); ``n_nuclei`` sown in and around
        the field, ``n_domains`` of them visible, in ``n_components`` connected pieces of film;
        ``orientation_deg`` where domains point, or by 60 degrees off; angles from the column
        axis towards the row axis; ``tilt_*_nm`` across the field; ``seed`` as `random_state`
        makes the same scans again.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    Examples
    --------
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> scans = make_tmd_afm(10, size=64, coverage=0.5, random_state=0)
    >>> scans.images[0]
    HeightMap('MoS2-g0_0', 64x64 px, 1000 x 1000 nm, heights in nm)
    >>> scans.target[:3].tolist(), len(set(scans.groups))
    (['MoS2', 'WS2', 'WSe2'], 5)
    >>> float(scans.truth["coverage"].max())
    0.5
    """
    materials = _check_materials(materials, n_samples)
    _check(size, scan_nm, scans_per_growth, artefacts, coverage)
    seed = random_state
    if not isinstance(random_state, Integral):
        seed = int(check_random_state(random_state).randint(2**31 - 1))
    images, rows = [], []
    for i in range(n_samples):
        material, group, growth = _growth_of(i, materials, scans_per_growth, seed)
        if coverage is not None:
            growth = replace(growth, coverage=coverage)
        if artefacts == "none":
            growth = replace(growth, roughness=0.0)
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, i)))
        z, row = scan_growth(growth, (size, size), scan_nm / size, artefacts == "typical", rng)
        images.append(HeightMap(z, z_unit="nm", pixel_size=scan_nm / size, name=f"{group}_{i}"))
        rows.append({"material": material, "growth": group, **row, "seed": seed})
    truth = pd.DataFrame(rows)
    target, groups = truth["material"].to_numpy(str), truth["growth"].to_numpy(str)
    return Bunch(images=images, target=target, groups=groups, truth=truth)


def _growth_of(i, materials, scans_per_growth, seed):
    turn, which = divmod(i, len(materials))
    index = turn // scans_per_growth
    sequence = np.random.SeedSequence(seed, spawn_key=(0, index, which))
    growth = draw_growth(MATERIALS[materials[which]], np.random.default_rng(sequence))
    return materials[which], f"{materials[which]}-g{index}", growth


def _check_materials(materials, n_samples) -> tuple[str, ...]:
    materials = (materials,) if isinstance(materials, str) else tuple(materials)
    unknown = [name for name in materials if name not in MATERIALS]
    if unknown or not materials or len(set(materials)) < len(materials):
        raise ValueError(
            f"materials must be different ones among {tuple(MATERIALS)}, got {materials}."
        )
    if not isinstance(n_samples, Integral) or n_samples < len(materials):
        raise ValueError(
            f"n_samples must be a whole number of at least {len(materials)}, one scan per "
            f"material, got {n_samples!r}. For fewer scans name fewer materials."
        )
    return materials


def _check(size, scan_nm, scans_per_growth, artefacts, coverage) -> None:
    if not isinstance(size, Integral) or size < 8:
        raise ValueError(f"size must be a whole number of at least 8 pixels, got {size!r}.")
    if not (np.isfinite(scan_nm) and scan_nm > 0):
        raise ValueError(f"scan_nm must be a positive number of nm, got {scan_nm!r}.")
    if not isinstance(scans_per_growth, Integral) or scans_per_growth < 1:
        raise ValueError(
            f"scans_per_growth must be a positive whole number, got {scans_per_growth!r}."
        )
    if artefacts not in ARTEFACTS:
        raise ValueError(f"artefacts must be one of {ARTEFACTS}, got {artefacts!r}.")
    if coverage is not None and not 0 <= coverage <= 1:
        raise ValueError(f"coverage must be None or a fraction from 0 to 1, got {coverage!r}.")
