"""What one run sees: a fold's images of the stage's classes, some classes cut down."""

import warnings
from dataclasses import dataclass

import numpy as np

from tmdfeat.evaluate.samples import Samples
from tmdfeat.study.transfer.splits import Split
from tmdfeat.study.transfer.stages import Stage
from tmdfeat.study.transfer.volumes import ALL, Volume, low_data_split, paper_split


@dataclass(frozen=True)
class Cutting:
    """How classes are cut down: which (`vary`), by what (`by`), and drawn how."""

    by: str
    vary: str
    paper_draws: bool
    seed: int

    def classes(self, stage: Stage) -> tuple:
        """Classes of the stage that are cut."""
        if self.vary == "all":
            return stage.classes
        return stage.added if stage.number else ()


def part_of(split: Split, stage: Stage, volume: Volume, samples: Samples, cutting: Cutting):
    """Return the positions that one run trains on, validates by and is tested on.

    Where fewer than ``volume.n_validation`` images can validate, all of them do.

    Returns
    -------
    Split
    """
    part = split.only(np.isin(samples.y, stage.classes))
    if volume.n_train is None:
        return part
    classes = cutting.classes(stage)
    return Split(
        split.repeat,
        split.fold,
        _cut(part.train, 0, volume.n_train, classes, split, samples, cutting),
        _cut(part.validation, 1, volume.n_validation, classes, split, samples, cutting),
        part.test,
    )


def possible_volumes(stage, volumes, splits, samples, cutting) -> tuple[Volume, ...]:
    """Return the volumes that every fold of the stage has images enough for.

    Warns
    -----
    UserWarning
        If one is left out: means over other folds than those of its neighbours would mislead.
    """
    classes = cutting.classes(stage)
    cut = [volume for volume in volumes if volume.n_train is not None] if classes else []
    least = {
        label: min(np.count_nonzero(samples.y[split.train] == label) for split in splits)
        for label in classes
    }
    short = min(least, key=lambda label: least[label]) if least else None
    possible = [volume for volume in cut if volume.n_train <= least[short]]
    if len(possible) < len(cut):
        left_out = [volume.n_train for volume in cut if volume not in possible]
        warnings.warn(
            f"stage {stage.number}: n_new={left_out} left out, since in some fold there are only "
            f"{least[short]} images of {short!r} to train on.",
            stacklevel=4,
        )
    return (*(volume for volume in volumes if volume == ALL), *possible)


def _cut(positions, side, n, classes, split, samples, cutting) -> np.ndarray:
    for number, label in enumerate(classes):
        there = np.count_nonzero(samples.y[positions] == label)
        if cutting.paper_draws:
            positions = paper_split(samples.y, positions, new_class=[label], n=min(n, there))
        elif there:
            positions = low_data_split(
                samples.y,
                samples.groups,
                positions,
                new_class=label,
                n=min(n, there),
                by=cutting.by,
                random_state=[cutting.seed, split.repeat, split.fold, side, number],
            )
    return positions
