"""Presets of the synthetic films: one range per property, and one growth drawn from them."""

from dataclasses import dataclass

import numpy as np

TERRACE_WIDTH = (40.0, 90.0)  # nm; 0.2 deg miscut gives 62 nm


@dataclass(frozen=True)
class Material:
    """From what a growth of this material is drawn; pairs are (lowest, highest).

    Layer heights are half the c axis of the bulk crystal. Everything else is an **estimate**,
    put together from the growth literature to look plausible; no preset was fitted to scans.

    Parameters
    ----------
    layer_height : float, nm
    density : nuclei per µm², drawn log-uniformly
    coverage : fraction of the area, drawn uniformly
    truncation : edge speed ratio, 1 hexagon to 2 and more triangle, drawn uniformly
    antiparallel : fraction of domains turned by 60 degrees, drawn uniformly
    spread : float, degrees
        Standard deviation of the domains' orientation.
    roughness : rms height of the film's roughness in nm over all wavelengths, drawn log-uniformly
    """

    layer_height: float
    density: tuple[float, float]
    coverage: tuple[float, float]
    truncation: tuple[float, float]
    antiparallel: tuple[float, float]
    spread: float
    roughness: tuple[float, float]


MATERIALS = {
    "MoS2": Material(0.615, (100, 600), (0.85, 0.98), (1.4, 2.2), (0.3, 0.5), 2, (0.03, 0.08)),
    "WS2": Material(0.617, (40, 300), (0.7, 0.95), (1.7, 2.5), (0.05, 0.2), 1, (0.03, 0.08)),
    "WSe2": Material(0.649, (10, 80), (0.1, 0.8), (1.6, 2.5), (0.2, 0.5), 3, (0.03, 0.08)),
    "MoSe2": Material(0.646, (5, 60), (0.6, 0.95), (1.4, 2.5), (0.3, 0.5), 5, (0.05, 0.15)),
    "Mo-WSe2": Material(0.648, (20, 200), (0.5, 0.9), (1.0, 1.8), (0.3, 0.5), 8, (0.06, 0.2)),
}


@dataclass(frozen=True)
class Growth:
    """What all scans of one growth share; units as in `Material`, angles in degrees.

    Angles run from the column axis towards the row axis. Terraces ascend along `azimuth`, and
    domains point along it too, or by 60 degrees off.
    """

    layer_height: float
    density: float
    coverage: float
    truncation: float
    antiparallel: float
    spread: float
    roughness: float
    terrace_width: float
    azimuth: float


def draw_growth(material: Material, rng: np.random.Generator) -> Growth:
    """Draw one growth of a material."""
    return Growth(
        layer_height=material.layer_height,
        density=_log_uniform(rng, material.density),
        coverage=rng.uniform(*material.coverage),
        truncation=rng.uniform(*material.truncation),
        antiparallel=rng.uniform(*material.antiparallel),
        spread=material.spread,
        roughness=_log_uniform(rng, material.roughness),
        terrace_width=_log_uniform(rng, TERRACE_WIDTH),
        azimuth=rng.uniform(0, 360),
    )


def _log_uniform(rng, bounds):
    return float(np.exp(rng.uniform(*np.log(bounds))))
