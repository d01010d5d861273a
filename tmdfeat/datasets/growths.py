"""One scan of a virtual growth: what its scans share, and what is new in each."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from sklearn.utils import Bunch

from tmdfeat.datasets.scan_sessions import draw_scanner, mount, mount_calmly, mount_none
from tmdfeat.datasets.surface import Field, simulate_surface
from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_draw import draw_recipe
from tmdfeat.datasets.surface_presets import PRESETS

MOUNTS = {"none": mount_none, "typical": mount_calmly, "full": mount}


class Wanted(NamedTuple):
    """A scan of a material; a coverage of None is the growth's own."""

    material: str
    artefacts: str
    coverage: float | None
    field: Field


def scan_of_growth(wanted: Wanted, growth_rng, rng) -> Bunch:
    """Make one scan of a growth.

    Whatever the artefacts, the same generators give the same growth and the same place of it.

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
        What `simulate_surface` returns.
    """
    recipe = with_coverage(draw_recipe(PRESETS[wanted.material], growth_rng), wanted.coverage)
    session = draw_scanner(growth_rng)
    mounting, scanning = rng.spawn(2)
    return simulate_surface(
        recipe.film,
        recipe.substrate,
        relief=recipe.relief,
        objects=recipe.objects,
        scanner=MOUNTS[wanted.artefacts](session, mounting),
        field=wanted.field,
        random_state=scanning,
    )


def with_coverage(recipe: Recipe, coverage) -> Recipe:
    """Return a recipe whose first layer covers another fraction; None changes nothing."""
    if coverage is None:
        return recipe
    layers = (coverage, *np.minimum(recipe.film.coverage[1:], coverage).tolist())
    return recipe._replace(film=replace(recipe.film, coverage=layers))
