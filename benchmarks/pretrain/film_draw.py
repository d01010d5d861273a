"""What a scan is drawn from before there are fields: on the host, by the simulator's own draws."""

from typing import NamedTuple

import numpy as np

from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.scan_lines import add_scars, lose_rows
from tmdfeat.datasets.scan_sessions import draw_scanner, mount
from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_draw import draw_recipe
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_layers import LATER
from tmdfeat.datasets.surface_nuclei import births, scatter, turn
from tmdfeat.datasets.surface_objects import draw_objects
from tmdfeat.datasets.surface_presets import PRESETS
from tmdfeat.datasets.surface_substrate import draw_edges

# Fields of white noise, each from a seed of its own: what is rough leaves the domains in place.
NEW, HEIR, NONE = 0, 1, 2  # candidates for nuclei
NOISES = ("meander", "ragged", "rough", "wrinkle", "pixels", "rows", "flicker")


class Scan(NamedTuple):
    """One scan to be made: a film, an instrument, and the side of the field in nm."""

    recipe: Recipe
    scanner: Scanner = Scanner()
    scan_nm: float = 1000.0


class Drawn(NamedTuple):
    """Draws for one scan.

    rows, starts : (size,), nm; where rows lie, and where they begin
    bounds : of the field as `Frame.bounds`, nm
    edges : (number,), ascending, mean terrace widths; steps of the substrate
    layers : list of arrays of shape (candidates, 6), where nuclei of a layer may be: row, column,
        angle, birth, whether it moves onto a step, and NEW, HEIR or NONE. The first ones
        are where those of the layer below are: HEIR if there is one here too, else NONE.
    objects : (number, 8): row, column, height, half axes, angle, moves onto a step, is flat
    hum : (size,), cycles of the hum where rows begin, plus its phase
    scars : (size, size) nm, or None
    source : int (size,), the row that each row shows
    seeds : int (len(NOISES),)
    """

    rows: np.ndarray
    starts: np.ndarray
    bounds: tuple[float, float, float, float]
    edges: np.ndarray
    layers: list[np.ndarray]
    objects: np.ndarray
    hum: np.ndarray
    scars: np.ndarray | None
    source: np.ndarray
    seeds: np.ndarray


def draw_scan(key, materials=tuple(PRESETS)) -> Scan:
    """Draw a film and an instrument from the presets of the materials, 1 µm wide.

    Parameters
    ----------
    key : int or sequence of int
        Of the random numbers.
    materials : sequence of str
        Names in `PRESETS`, all equally likely.
    """
    rng = np.random.default_rng(key)
    recipe = draw_recipe(PRESETS[materials[rng.integers(len(materials))]], rng)
    return Scan(recipe, mount(draw_scanner(rng), rng))


def draw(scan: Scan, key, size: int) -> Drawn:
    """Draw one scan, but for its fields.

    Parameters
    ----------
    scan : Scan
    key : int or sequence of int
        Of the random numbers; those of `draw_scan` with the same key are others.
    size : int
        Pixels per side.
    """
    sequence = np.random.SeedSequence(key)
    ground, growth, lying, scanning = map(np.random.default_rng, sequence.spawn(4))
    (substrate, film, _, objects), scanner, scan_nm = scan
    frame = lay_frame((size, size), scan_nm / size, scanner)
    humming = scanner.hum_cycles * np.arange(size) + scanning.random()
    return Drawn(
        rows=frame.rows[:, 0],
        starts=frame.columns[:, 0],
        bounds=frame.bounds,
        edges=draw_edges(substrate, scan_nm, ground),
        layers=sow_layers(film, substrate.azimuth, frame.bounds, growth),
        objects=_objects(draw_objects(objects, substrate.azimuth, frame.bounds, lying)),
        hum=humming % 1,
        scars=_scars(scanner, size, scanning),
        source=_source(scanner, size, scanning),
        seeds=sequence.generate_state(len(NOISES), np.uint64) >> np.uint64(1),
    )


def sow_layers(film: Film, azimuth, bounds, rng) -> list[np.ndarray]:
    """Draw where nuclei may be; which of the new ones find a layer below is seen later."""
    layers: list[np.ndarray] = []
    for number in range(len(film.coverage)):
        old = np.full(len(layers[-1]) if layers else 0, NONE)
        density = film.density
        if layers:
            old[rng.random(len(old)) < min(1.0, film.next_density * film.centred)] = HEIR
            density *= film.next_density**number * (1 - film.centred)
        rows, columns = np.zeros((2, 0))
        if density > 0:
            rows, columns = scatter(density, film.hard_core, bounds, rng)
        kind = np.append(old, np.full(len(rows), NEW))
        n, here = len(kind), np.zeros((len(old), 2))
        on_step = (rng.random(n) < film.step_bias) * (number == 0)
        angle = turn(film, azimuth, n, rng)
        birth = births(film, LATER if layers else film.birth, n, rng)
        places = np.concatenate([here, np.column_stack([rows, columns])])
        layers.append(np.column_stack([places, angle, birth, on_step, kind]))
    return layers


def _objects(drawn) -> np.ndarray:
    tables = [
        np.column_stack([*lying, np.full(len(lying.rows), kind != "particles")])
        for kind, lying in drawn.items()
    ]
    return np.concatenate(tables)


def _scars(scanner, size, rng):
    if scanner.scars == 0:
        return None
    canvas = np.zeros((size, size), dtype=np.float32)
    add_scars(canvas, scanner.scars, scanner.scar_height, rng)
    return canvas


def _source(scanner, size, rng) -> np.ndarray:
    rows = np.arange(size)
    lose_rows(rows, scanner.lost_rows, rng)
    return rows
