"""`make_tmd_afm`: synthetic AFM scans of TMD films, with the truth about them."""

from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import Bunch, check_random_state

from tmdfeat.datasets.class_order import PUBLISHED, class_order, growth_number
from tmdfeat.datasets.growths import Wanted, scan_of_growth
from tmdfeat.datasets.surface import Field
from tmdfeat.datasets.tmd_afm_checks import check_made, check_materials

MAPS = ("surface", "layer", "terrace", "grain", "nuclei")


def make_tmd_afm(
    n_samples=100,
    *,
    materials=tuple(PUBLISHED),
    size=256,
    scan_nm=1000.0,
    scans_per_growth=None,
    artefacts="typical",
    coverage=None,
    balance="equal",
    levelling=None,
    maps=False,
    random_state=None,
) -> Bunch:
    """Make AFM scans of TMD films on stepped sapphire, with the truth about them.

    Each scan shows the substrate's terraces and, on them, up to three layers of triangular to
    hexagonal domains with rims, grain boundaries, roughness, particles, flakes and pits. How
    far the classes differ is **chosen** by presets that are estimates, see
    `tmdfeat.datasets.surface_presets`: scores on these scans demonstrate software and say
    nothing about real films. For one scan from parameters of one's own see `simulate_surface`.

    Parameters
    ----------
    n_samples : int, default 100
        At least one per material. Classes take turns.
    materials : sequence of str
        Among ``"MoS2"``, ``"WS2"``, ``"WSe2"``, ``"MoSe2"``, ``"Mo-WSe2"``.
    size : int, default 256
        Pixels per side, at least 8.
    scan_nm : float, default 1000.0
        Side of the field.
    scans_per_growth : int, optional
        Scans that share their growth's hidden parameters (density, coverage, truncation,
        orientations, terraces, roughness, tip and noise) and differ in nuclei and mounting.
        Growths are the groups. By default 3, or as many as `balance` says.
    artefacts : {"typical", "none", "full"}, default "typical"
        What the instrument does to the same surfaces. ``"none"``: nothing. ``"typical"``: a calm
        scan, with tip, lag of the feedback, noise of pixels and rows, digits and a slight tilt.
        ``"full"``: also parachuting, 1/f noise, mains hum, bow, drift, creep, scars, lost rows
        and more tilt. Drift and creep move what is seen.
    coverage : float, optional
        Fraction that the first layer covers in every scan, 0 to 1, instead of the growths' own.
    balance : {"equal", "paper"}, default "equal"
        ``"paper"``: classes as unequal as the authors' (476 MoS2, 182 WS2, 137 WSe2, 129 MoSe2,
        102 Mo-WSe2), and, unless `scans_per_growth` is given, growths as many as their samples
        (331, 117, 120, 42, 16), after 1026 scans.
    levelling : {None, "plane", "standard", "paper"}
        Preset of `tmdfeat.preprocess` for the images; by default they are as measured.
    maps : bool, default False
        Return the truth pixel by pixel too.
    random_state : int, RandomState or None
        The same number gives the same scans; scan i does not depend on `n_samples`.

    Returns
    -------
    Bunch
        ``images`` : list of HeightMap, nm; ``target`` : array of str, the materials;
        ``groups`` : array of str, the growths; ``truth`` : DataFrame, one row per scan. There
        ``coverage_asked`` and ``coverage`` (on the pixels); ``n_nuclei`` sown in and around
        the field, ``n_domains`` of them visible, in ``n_components`` connected pieces of film,
        and with ``_2`` and ``_3`` the same of further layers; ``orientation_deg`` where domains
        point, or by 60 degrees off; angles from the column axis towards the row axis;
        ``layer_height_nm`` without the ``film.gap`` by which the first layer looks higher;
        ``tilt_*_nm`` across the field; as in ``film.density`` every parameter of
        `simulate_surface`; ``seed`` as `random_state` makes the same scans again.
        ``maps`` if asked : list of Bunch with the surface, layer, terrace, grain and nuclei
        that `simulate_surface` returns.

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
    materials = check_materials(materials, n_samples, balance)
    check_made(size, scan_nm, scans_per_growth, artefacts, coverage)
    seed = random_state
    if not isinstance(random_state, Integral):
        seed = int(check_random_state(random_state).randint(2**31 - 1))
    made, groups, target = [], [], []
    for i, (material, before) in enumerate(class_order(n_samples, materials, balance)):
        number = growth_number(before, material, scans_per_growth, balance)
        wanted = Wanted(material, artefacts, coverage, Field(size, scan_nm, levelling))
        streams = _stream(seed, 0, number, materials.index(material)), _stream(seed, 1, i)
        made.append(scan_of_growth(wanted, *streams))
        groups.append(f"{material}-g{number}")
        target.append(material)
    truth = pd.DataFrame([scan.truth for scan in made])
    truth.insert(0, "material", target)
    truth.insert(1, "growth", groups)
    result = Bunch(
        images=[
            replace(scan.image, name=f"{group}_{i}")
            for i, (scan, group) in enumerate(zip(made, groups, strict=True))
        ],
        target=np.array(target),
        groups=np.array(groups),
        truth=truth.assign(seed=seed),
    )
    if maps:
        result.maps = [Bunch(**{name: scan[name] for name in MAPS}) for scan in made]
    return result


def _stream(seed, *key):
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
