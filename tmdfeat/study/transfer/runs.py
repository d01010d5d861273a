"""Runs: every fit of a study, and what they share."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tmdfeat.evaluate.samples import Samples
from tmdfeat.study.transfer.parts import Cutting, part_of
from tmdfeat.study.transfer.protocol import Protocol
from tmdfeat.study.transfer.recipes import data_digest
from tmdfeat.study.transfer.splits import Split
from tmdfeat.study.transfer.stages import Stage
from tmdfeat.study.transfer.volumes import Volume


@dataclass(frozen=True, eq=False)
class Run:
    """One fit, and everything that decides about it.

    Attributes
    ----------
    strategy, target : str
    stage : Stage
    volume : Volume
    part : Split
        Its positions, repeat and fold.
    estimator : estimator
        Unfitted, but for where it starts.
    start : str or None
        Key of the run with whose network this one starts.
    recipe : str
        The estimator in words.
    key : str
        Under which the result is kept.
    depth : int
        How many runs must be done before, one after the other.
    listed : bool
        Whether it was asked for, or others only start from it.
    """

    strategy: str
    target: str
    stage: Stage
    volume: Volume
    part: Split
    estimator: Any
    start: str | None
    recipe: str
    key: str
    depth: int
    listed: bool

    def labels(self) -> dict:
        """First columns of the run's row."""
        return {
            "strategy": self.strategy,
            "target": self.target,
            "stage": self.stage.number,
            "classes": ", ".join(map(str, self.stage.classes)),
            "added": ", ".join(map(str, self.stage.added)),
            "n_new": self.volume.n_train,
            "repeat": self.part.repeat,
            "fold": self.part.fold,
        }


@dataclass(frozen=True, eq=False)
class Plan:
    """What all runs of a study share."""

    samples: Samples
    rows: np.ndarray  # digests of the images
    stages: tuple[Stage, ...]
    splits: list[Split]
    volumes: tuple[Volume, ...]
    cutting: Cutting
    protocol: Protocol
    parts: dict = field(default_factory=dict)  # made once for all strategies

    def part(self, split: Split, stage: Stage, volume: Volume) -> tuple[Split, str]:
        """Return the positions of a run, and their digest."""
        place = (split.repeat, split.fold, stage.number, volume)
        if place not in self.parts:
            part = part_of(split, stage, volume, self.samples, self.cutting)
            self.parts[place] = part, data_digest(self.samples, self.rows, part)
        return self.parts[place]
