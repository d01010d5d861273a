"""Real images with labels, and what of them must stay together in a split."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench_polyelectrolyte import open_all, quarters, scans
from same_field import fields


@dataclass(frozen=True)
class Task:
    """Images, their labels, and groups.

    `splits`: names of groups, for five folds. `held_out`: which images take part, and groups of
    which each is held out once.
    """

    images: Sequence
    labels: np.ndarray
    splits: dict[str, np.ndarray]
    held_out: dict[str, tuple[np.ndarray, np.ndarray]]


def steel(folder: Path, per_class: int | None = None) -> tuple[Task, dict]:
    """Micrographs of ultrahigh-carbon steel, and what is known of those that overlap."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([row["class"] for row in rows])
    keep = first_of_each(labels, per_class)
    paths = [folder / "images" / rows[i]["file"] for i in keep]
    field, about = fields(paths)
    classes = [len(np.unique(labels[keep][field == number])) for number in np.unique(field)]
    about["fields_of_several_classes"] = int(np.sum(np.array(classes) > 1))
    splits = {"each picture alone": np.arange(len(paths)), "grouped by field of view": field}
    return Task(paths, labels[keep], splits, {}), about


def films(folder: Path, per_class: int | None = None) -> Task:
    """Four tiles of each polyelectrolyte map; other tiles of a map are never in training."""
    paths, labels, series = scans(folder)
    keep = first_of_each(labels, per_class)
    paths = [paths[i] for i in keep]
    tiles = [tile for image in open_all(paths) for tile in quarters(image)]
    names = np.repeat([path.stem for path in paths], 4)
    labels, series = np.repeat(labels[keep], 4), np.repeat(series[keep], 4)
    with_film = np.flatnonzero(labels != "no_layers")  # the bare substrate is in one series only
    held_out = {"whole series held out, without bare substrate": (with_film, series)}
    return Task(tiles, labels, {"grouped by map": names}, held_out)


def first_of_each(labels: np.ndarray, number: int | None) -> np.ndarray:
    """Positions of the first few images of each class; of all if `number` is None."""
    places = [np.flatnonzero(labels == label)[:number] for label in np.unique(labels)]
    return np.sort(np.concatenate(places))
