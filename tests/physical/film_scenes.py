"""Scans of films of one layer with everything known about them, and plain shapes."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from tmdfeat.datasets import Field, Film, Relief, Scanner, Substrate, simulate_surface


class Ranges(NamedTuple):
    """From what films are drawn: height in nm, spread in degrees, pairs of lowest and highest."""

    layer_height: float
    density: tuple[float, float]
    coverage: tuple[float, float]
    truncation: tuple[float, float]
    antiparallel: tuple[float, float]
    spread: float
    roughness: tuple[float, float]


# None is closed: where nothing of the substrate is seen, no height of a layer can be measured.
OPEN = {
    "MoS2": Ranges(0.615, (100, 600), (0.85, 0.98), (1.4, 2.2), (0.3, 0.5), 2, (0.03, 0.08)),
    "WS2": Ranges(0.617, (40, 300), (0.7, 0.95), (1.7, 2.5), (0.05, 0.2), 1, (0.03, 0.08)),
    "WSe2": Ranges(0.649, (10, 80), (0.1, 0.8), (1.6, 2.5), (0.2, 0.5), 3, (0.03, 0.08)),
    "MoSe2": Ranges(0.646, (5, 60), (0.6, 0.95), (1.4, 2.5), (0.3, 0.5), 5, (0.05, 0.15)),
    "Mo-WSe2": Ranges(0.648, (20, 200), (0.5, 0.9), (1.0, 1.8), (0.3, 0.5), 8, (0.06, 0.2)),
}


class Recipe(NamedTuple):
    film: Film
    substrate: Substrate
    relief: Relief
    scanner: Scanner


class Scene(NamedTuple):
    z: np.ndarray
    pixel: float
    truth: dict
    grain: np.ndarray  # for each pixel the number of its domain's nucleus, -1 without film
    nuclei: pd.DataFrame

    def domains(self, smallest=1):
        """Numbers of domains that are seen with at least so many pixels."""
        which, count = np.unique(self.grain[self.grain >= 0], return_counts=True)
        return which[count >= smallest]


def draw_film(material, noisy, rng, **changed):
    """Draw one layer on steps; noisy: that meander, with roughness, noise, row offsets, tilt."""
    ranges = OPEN[material]
    film = Film(
        density=_log(rng, ranges.density),
        coverage=(rng.uniform(*ranges.coverage),),
        truncation=rng.uniform(*ranges.truncation),
        antiparallel=rng.uniform(*ranges.antiparallel),
        spread=ranges.spread,
        layer_height=ranges.layer_height,
    )
    roughness = _log(rng, ranges.roughness) if noisy else 0.0
    substrate = Substrate(
        terrace_width=_log(rng, (40, 90)),
        azimuth=rng.uniform(0, 360),
        meander=0.2 if noisy else 0.0,
        roughness=roughness,
    )
    scanner = Scanner(
        noise=_log(rng, (0.02, 0.05)),
        row_offset=_log(rng, (0.02, 0.1)),
        tilt_rows=rng.uniform(-10, 10),
        tilt_columns=rng.uniform(-10, 10),
    )
    relief = Relief(roughness=roughness)
    return Recipe(replace(film, **changed), substrate, relief, scanner if noisy else Scanner())


def make_scene(recipe, seed, size=256, scan_nm=1000.0):
    """Scan a film and level it by the standard preset."""
    film, substrate, relief, scanner = recipe
    made = simulate_surface(
        film,
        substrate,
        relief=relief,
        scanner=scanner,
        field=Field(size, scan_nm, "standard"),
        random_state=seed,
    )
    grain = made.grain[0] if film.coverage else np.full((size, size), -1)
    return Scene(made.image.z.astype(float), scan_nm / size, made.truth, grain, made.nuclei)


def open_films(seeds, noisy, **changed):
    """Scan as many growths of each material as there are seeds."""
    return [
        make_scene(draw_film(material, noisy, np.random.default_rng([seed, i]), **changed), seed)
        for seed in seeds
        for i, material in enumerate(OPEN)
    ]


def _log(rng, bounds):
    return float(np.exp(rng.uniform(*np.log(bounds))))


def polygon(corners, radius, turn=0.0, side=257, centre=(0.0, 0.0)):
    """Regular polygon with a corner at angle `turn` (degrees) from columns towards rows."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    y, x = y - centre[0], x - centre[1]
    inside = np.ones((side, side), bool)
    for k in range(corners):
        normal = np.radians(turn) + 2 * np.pi * (k + 0.5) / corners
        inside &= x * np.cos(normal) + y * np.sin(normal) <= radius * np.cos(np.pi / corners)
    return inside


def disk(radius, side=257):
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.hypot(y, x) <= radius


def dots(points, side, radius=3):
    """A disk around each (row, column); what lies outside is cut off."""
    z = np.zeros((side, side))
    for row, column in points:
        (top, bottom), (left, right) = (
            (max(0, int(at - radius)), max(0, int(at + radius) + 2)) for at in (row, column)
        )
        y, x = np.ogrid[top : min(bottom, side), left : min(right, side)]
        z[top:bottom, left:right][np.hypot(y - row, x - column) <= radius] = 1.0
    return z
