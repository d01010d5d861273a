"""Presets of the materials: distributions, and one growth drawn from them."""

from dataclasses import dataclass

import numpy as np

from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_objects import Objects
from tmdfeat.datasets.surface_relief import Relief
from tmdfeat.datasets.surface_substrate import Substrate

Range = tuple[float, float]


@dataclass(frozen=True)
class Preset:
    """From what growths of a material are drawn; pairs are (lowest, highest).

    Layer heights are half the c axis of the bulk crystal. Everything else is an **estimate**,
    put together from the growth literature to look plausible; no preset was fitted to scans.
    Sizes, densities and roughness are drawn log-uniformly, fractions uniformly; units as in
    `Film`, `Relief` and `Objects`.

    Parameters
    ----------
    layer_height : float, nm
    spread : float, degrees
    density, coverage, second_layer, truncation, antiparallel, roughness
        Of each growth; the second layer's coverage is a fraction of the first layer.
    rim_height, ridge_height : nm, drawn uniformly
    particles, flakes, pits : per µm²
    fine : (share, density)
        That share of the growths is fine-grained: that range of densities instead.
    on_steps : float
        Fraction of particles that sit on steps.
    """

    layer_height: float
    spread: float
    density: Range
    coverage: Range
    second_layer: Range
    truncation: Range
    antiparallel: Range
    roughness: Range
    rim_height: Range
    ridge_height: Range
    particles: Range
    flakes: Range = (0.01, 0.1)
    pits: Range = (0.01, 1.0)
    fine: tuple[float, Range] = (0.0, (1.0, 1.0))
    on_steps: float = 0.0


PRESETS = {
    "MoS2": Preset(
        layer_height=0.615,
        spread=2,
        density=(40, 400),
        coverage=(0.85, 1.0),
        second_layer=(0.05, 0.3),
        truncation=(1.2, 2.2),
        antiparallel=(0.3, 0.5),
        roughness=(0.03, 0.1),
        rim_height=(0.0, 0.1),
        ridge_height=(0.0, 0.05),
        particles=(0.3, 10),
        flakes=(0.05, 3),
        fine=(0.4, (400, 1500)),
    ),
    "WS2": Preset(
        layer_height=0.617,
        spread=1,
        density=(40, 400),
        coverage=(0.8, 1.0),
        second_layer=(0.05, 0.15),
        truncation=(1.5, 2.5),
        antiparallel=(0.05, 0.2),
        roughness=(0.03, 0.08),
        rim_height=(0.0, 0.1),
        ridge_height=(0.0, 0.05),
        particles=(3, 40),
        on_steps=0.8,
    ),
    "WSe2": Preset(
        layer_height=0.649,
        spread=3,
        density=(10, 100),
        coverage=(0.03, 1.0),
        second_layer=(0.0, 0.15),
        truncation=(1.2, 2.5),
        antiparallel=(0.2, 0.5),
        roughness=(0.03, 0.08),
        rim_height=(0.1, 0.5),
        ridge_height=(0.0, 0.1),
        particles=(2, 30),
        on_steps=0.5,
    ),
    "MoSe2": Preset(
        layer_height=0.646,
        spread=5,
        density=(5, 60),
        coverage=(0.7, 1.0),
        second_layer=(0.1, 0.4),
        truncation=(1.2, 2.5),
        antiparallel=(0.3, 0.5),
        roughness=(0.05, 0.2),
        rim_height=(0.05, 0.4),
        ridge_height=(0.05, 0.3),
        particles=(3, 30),
        flakes=(0.05, 2),
        fine=(0.3, (400, 1000)),
    ),
    "Mo-WSe2": Preset(
        layer_height=0.648,
        spread=8,
        density=(10, 200),
        coverage=(0.5, 1.0),
        second_layer=(0.1, 0.4),
        truncation=(1.0, 2.0),
        antiparallel=(0.3, 0.5),
        roughness=(0.05, 0.25),
        rim_height=(0.0, 0.2),
        ridge_height=(0.0, 0.2),
        particles=(10, 120),
        flakes=(0.05, 2),
    ),
}


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
