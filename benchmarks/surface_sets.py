"""The sets that networks for surfaces are compared on, and what is asked of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench_polyelectrolyte import quarters
from contests import Collection, Contest, across, few, grouped, one_held_out
from joblib import Memory
from simulated_scans import version
from transfer_tasks import films, first_of_each, steel

from tmdfeat.gate import check_images
from tmdfeat.io import ScanFile
from tmdfeat.preprocess import preset

PER_CLASS = (50, 10, 5)


@dataclass(frozen=True)
class Scope:
    """Where data are, how often to repeat, and how little is enough; `per_class` None is all."""

    data: Path
    memory: Memory
    repeats: int = 10
    per_class: int | None = None
    few: tuple[int, ...] = PER_CLASS
    growths: int = 20
    size: int = 256


def of_films(scope: Scope) -> list[Contest]:
    """Quarters of the polyelectrolyte maps: by map, and with whole series held out."""
    task = films(scope.data / "polyelectrolyte_afm" / "raw_data", scope.per_class)
    tiles = Collection(task.images, task.labels, task.splits["grouped by map"])
    ((held_out, (keep, series)),) = task.held_out.items()
    return [
        Contest("films, grouped by map", tiles, tiles, grouped(tiles, 5, scope.repeats)),
        Contest(f"films, {held_out}", tiles, tiles, one_held_out(series, keep)),
    ]


def of_ferroelectrics(scope: Scope) -> list[Contest]:
    """Quarters of 16 scans of three ferroelectric films; so few rank nothing."""
    paths = sorted((scope.data / "ferroelectric_afm").glob("*.h5"))
    labels = np.array([path.stem[:3] for path in paths])
    keep = first_of_each(labels, scope.per_class)
    files = check_images([ScanFile(paths[i]) for i in keep])
    maps = list(preset("standard").fit_transform(files))
    tiles = Collection(
        [tile for image in maps for tile in quarters(image)],
        np.repeat(labels[keep], 4),
        np.repeat([paths[i].stem for i in keep], 4),
    )
    folds = grouped(tiles, 3, scope.repeats)
    return [Contest("ferroelectrics, grouped by map", tiles, tiles, folds, balanced=True)]


def of_steel(scope: Scope) -> list[Contest]:
    """Micrographs grouped by field of view, with ever fewer to train on."""
    task, _ = steel(scope.data / "uhcs_sem", scope.per_class)
    pictures = Collection(task.images, task.labels, task.splits["grouped by field of view"])
    folds = grouped(pictures, 5, scope.repeats)
    every = round(0.8 * len(pictures.labels) / len(np.unique(pictures.labels)))
    name = "steel, {} per class".format
    return [Contest(name(f"about {every}"), pictures, pictures, folds)] + [
        Contest(name(number), pictures, pictures, few(pictures, folds, number))
        for number in scope.few
    ]


def of_simulation(scope: Scope) -> list[Contest]:
    """Simulated TMDs grouped by growth: calm scans, all artefacts, and from one to another."""
    calm, full, other = (
        version(name, scope.growths, scope.size, scope.memory)
        for name in ("typical", "full", "shifted")
    )
    repeats = scope.repeats
    return [
        Contest("simulated, calm scans", calm, calm, grouped(calm, 5, repeats)),
        Contest("simulated, all artefacts", full, full, grouped(full, 5, repeats)),
        Contest("simulated, calm to all artefacts", calm, full, across(calm, full, 5, repeats)),
        Contest("simulated, presets shifted", full, other, across(full, other, 5, repeats)),
    ]


SETS: dict[str, Callable[[Scope], list[Contest]]] = {
    "films": of_films,
    "ferroelectrics": of_ferroelectrics,
    "simulation": of_simulation,
    "steel": of_steel,
}
