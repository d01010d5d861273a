"""Plan every run of a study before the first one starts: what it learns from, and from where."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import clone

from tmdfeat.study.transfer.parts import possible_volumes
from tmdfeat.study.transfer.protocol import Protocol
from tmdfeat.study.transfer.recipes import describe, run_digest
from tmdfeat.study.transfer.runs import Plan, Run
from tmdfeat.study.transfer.splits import Split
from tmdfeat.study.transfer.stages import Stage
from tmdfeat.study.transfer.strategies import Sequential, estimator_of, network_of, set_network
from tmdfeat.study.transfer.targets import for_target
from tmdfeat.study.transfer.volumes import ALL, Volume


def plan_runs(plan: Plan, strategies: dict, targets: dict) -> list[Run]:
    """Make all runs of a study, in the order of its table.

    Only sequential strategies run the first stage, unless it is the only one: nothing is new
    there.
    """
    possible = {
        stage: possible_volumes(stage, plan.volumes, plan.splits, plan.samples, plan.cutting)
        for stage in plan.stages
    }
    if not any(possible.values()):
        raise ValueError(
            "no stage has images enough for any of n_new. With vary='new' the first stage adds "
            "nothing and is not cut: add None to n_new, lower it, or use vary='all'."
        )
    runs: list[Run] = []
    for target, atoms in targets.items():
        for name, strategy in strategies.items():
            estimator = _under(plan.protocol, for_target(estimator_of(strategy), atoms))
            context = _Context(plan, name, target, estimator, isinstance(strategy, Sequential))
            runs.extend(_chain(context, possible))
    return _needed(runs)


def _needed(runs: list[Run]) -> list[Run]:
    """Leave out runs that were not asked for and that nobody starts from."""
    kept: list[Run] = []
    starts: set = set()
    for run in reversed(runs):
        if run.listed or run.key in starts:
            kept.append(run)
            starts.add(run.start)
    return kept[::-1]


@dataclass(frozen=True, eq=False)
class _Context:
    plan: Plan
    name: str
    target: str
    estimator: Any
    sequential: bool


def _under(protocol: Protocol, estimator):
    if network_of(estimator) is None:
        return estimator
    habits = {"batch_norm": protocol.batch_norm, "select": protocol.select}
    return set_network(estimator, **{k: v for k, v in habits.items() if v is not None})


def _chain(context: _Context, possible: dict) -> Iterator[Run]:
    """Runs of one strategy and target; `before` holds the full ones of the stage before."""
    before: dict[tuple, Run] = {}
    only = len(possible) == 1
    for stage, volumes in possible.items():
        if not (context.sequential or only or stage.number):
            continue
        links = (ALL,) if context.sequential and ALL not in volumes else ()
        full: dict[tuple, Run] = {}
        for volume in (*volumes, *links):
            last = None
            for split in context.plan.splits:
                start, head = _start(context, stage, split, before, last)
                last = _run(context, stage, volume, split, start, head)
                last = replace(last, listed=volume in volumes)
                if volume == ALL:
                    full[split.repeat, split.fold] = last
                yield last
        before = full


def _start(context: _Context, stage: Stage, split: Split, before: dict, last: Run | None):
    """Return the run to start from, and what becomes of its head."""
    protocol = context.plan.protocol
    if context.sequential:
        fold = split.fold if protocol.start_fold is None else protocol.start_fold
        head = "keep" if context.target == "atoms" else "replace"
        return (before[split.repeat, fold], head) if stage.number else (None, None)
    carried = protocol.carry_over and network_of(context.estimator) is not None
    same = last is not None and last.part.repeat == split.repeat
    return (last, "new") if carried and same else (None, None)


def _run(context, stage, volume, split, start: Run | None, head) -> Run:
    estimator = _seeded(context.estimator, _seed(context.plan.cutting.seed, split, stage, volume))
    if start is not None:
        estimator = set_network(estimator, head=head)
    part, data = context.plan.part(split, stage, volume)
    key, recipe = None if start is None else start.key, describe(estimator)
    return Run(
        strategy=context.name,
        target=context.target,
        stage=stage,
        volume=volume,
        part=part,
        estimator=estimator,
        start=key,
        recipe=recipe,
        key=run_digest(data, recipe, str(key)),
        depth=0 if start is None else start.depth + 1,
        listed=True,
    )


def _seed(seed: int, split: Split, stage: Stage, volume: Volume) -> int:
    """The same for all strategies and targets: they differ in nothing but what they are."""
    place = [seed, split.repeat, split.fold, stage.number, volume.n_train or 0]
    return int(np.random.default_rng(place).integers(2**31 - 1))


def _seeded(estimator, seed: int):
    estimator = clone(estimator)
    names = [name for name in estimator.get_params() if name.split("__")[-1] == "random_state"]
    return estimator.set_params(**dict.fromkeys(names, seed))
