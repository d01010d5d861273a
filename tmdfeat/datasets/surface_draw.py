"""One growth drawn from a preset."""

import numpy as np

from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_objects import Objects
from tmdfeat.datasets.surface_presets import Preset
from tmdfeat.datasets.surface_relief import Relief
from tmdfeat.datasets.surface_substrate import Substrate


def draw_recipe(preset: Preset, rng) -> Recipe:
    """Draw the surface that all scans of one growth share.

    Parameters
    ----------
    preset : Preset
    rng : numpy Generator

    Returns
    -------
    Recipe
    """
    return Recipe(
        substrate=_substrate(rng),
        film=_film(preset, rng),
        relief=_relief(preset, rng),
        objects=_objects(preset, rng),
    )


def _substrate(rng) -> Substrate:
    bunching = int(rng.choice([1, 2, 3], p=[0.8, 0.15, 0.05]))
    return Substrate(
        terrace_width=bunching * _log(rng, (40, 90)),  # 0.3 to 0.14 degrees of miscut
        azimuth=rng.uniform(0, 360),
        bunching=bunching,
        meander=_log(rng, (0.08, 0.3)),
        scatter=rng.uniform(0.05, 0.3),
        roughness=_log(rng, (0.02, 0.06)),
    )


def _film(preset, rng) -> Film:
    share, fine = preset.fine
    density = _log(rng, fine if rng.random() < share else preset.density)
    first = rng.uniform(*preset.coverage)
    second = first * rng.uniform(*preset.second_layer)
    third = second * rng.uniform(0, 0.3) * (rng.random() < 0.5)
    return Film(
        density=density,
        coverage=(first, second, third)[: 2 + (third > 0)],
        truncation=rng.uniform(*preset.truncation),
        antiparallel=rng.uniform(*preset.antiparallel),
        spread=preset.spread,
        hard_core=rng.uniform(0, 0.4),
        step_bias=rng.uniform(0, 0.6),
        birth=_log(rng, (0.03, 0.3)),
        raggedness=_log(rng, (0.3, 4)),
        stretch=rng.uniform(1, 1.3),
        layer_height=preset.layer_height,
        gap=rng.uniform(0, 0.3),
        next_density=rng.uniform(0.2, 0.8),
        centred=rng.uniform(0.2, 0.9),
    )


def _relief(preset, rng) -> Relief:
    return Relief(
        rim_height=rng.uniform(*preset.rim_height),
        rim_width=rng.uniform(4, 10),
        ridge_height=rng.uniform(*preset.ridge_height),
        ridge_width=rng.uniform(4, 10),
        wrinkle_height=float(rng.uniform(0.5, 2) * (rng.random() < 0.05)),
        roughness=_log(rng, preset.roughness),
        roughness_length=_log(rng, (20, 100)),
        hurst=rng.uniform(0.3, 0.9),
    )


def _objects(preset, rng) -> Objects:
    return Objects(
        particles=_log(rng, preset.particles),
        particle_height=_log(rng, (1, 6)),
        particle_diameter=_log(rng, (8, 30)),
        flakes=_log(rng, preset.flakes),
        flake_height=_log(rng, (3, 12)),
        flake_length=_log(rng, (30, 90)),
        pits=_log(rng, preset.pits),
        on_steps=preset.on_steps,
    )


def _log(rng, bounds) -> float:
    return float(np.exp(rng.uniform(*np.log(bounds))))
