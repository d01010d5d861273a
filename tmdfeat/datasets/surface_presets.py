"""Presets of the materials: distributions of what their growths are like."""

from dataclasses import dataclass

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
