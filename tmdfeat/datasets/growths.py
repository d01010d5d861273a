"""One scan of a virtual growth: what its scans share, and what is new in each."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from sklearn.utils import Bunch

from tmdfeat.datasets.materials import MATERIALS, draw_growth
from tmdfeat.datasets.scan import scan_growth
from tmdfeat.datasets.scan_sessions import draw_scanner, mount
from tmdfeat.datasets.surface import Field, simulate_surface
from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_draw import draw_recipe
from tmdfeat.datasets.surface_presets import PRESETS
from tmdfeat.heightmap import HeightMap
from tmdfeat.preprocess import preset

ARTEFACTS = ("none", "typical", "full")


class Wanted(NamedTuple):
    """A scan of a material; a coverage of None is the growth's own."""

    material: str
    artefacts: str
    coverage: float | None
    field: Field


def scan_of_growth(wanted: Wanted, growth_rng, rng) -> Bunch:
    """Make one scan of a growth.

    Parameters
    ----------
    wanted : Wanted
    growth_rng : numpy Generator
        The same for all scans of the growth, in its first state.
    rng : numpy Generator
        Of this scan.

    Returns
    -------
    Bunch
        ``image``, ``truth`` and, where all is modelled, the maps of `simulate_surface`.
    """
    make = _full if wanted.artefacts == "full" else _simple
    return make(wanted, growth_rng, rng)


def with_coverage(recipe: Recipe, coverage) -> Recipe:
    """Return a recipe whose first layer covers another fraction; None changes nothing."""
    if coverage is None:
        return recipe
    layers = (coverage, *np.minimum(recipe.film.coverage[1:], coverage).tolist())
    return recipe._replace(film=replace(recipe.film, coverage=layers))


def _full(wanted, growth_rng, rng) -> Bunch:
    recipe = with_coverage(draw_recipe(PRESETS[wanted.material], growth_rng), wanted.coverage)
    session = draw_scanner(growth_rng)
    mounting, scanning = rng.spawn(2)
    return simulate_surface(
        recipe.film,
        recipe.substrate,
        relief=recipe.relief,
        objects=recipe.objects,
        scanner=mount(session, mounting),
        field=wanted.field,
        random_state=scanning,
    )


def _simple(wanted, growth_rng, rng) -> Bunch:
    typical, (size, scan_nm, levelling) = wanted.artefacts == "typical", wanted.field
    growth = draw_growth(MATERIALS[wanted.material], growth_rng)
    if wanted.coverage is not None:
        growth = replace(growth, coverage=wanted.coverage)
    if not typical:
        growth = replace(growth, roughness=0.0)
    z, truth = scan_growth(growth, (size, size), scan_nm / size, typical, rng)
    image = HeightMap(z, z_unit="nm", pixel_size=scan_nm / size)
    if levelling is not None:
        [image] = preset(levelling).fit_transform([image])
    return Bunch(image=image, truth=truth)
