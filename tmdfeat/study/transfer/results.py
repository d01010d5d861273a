"""run_transfer: plan a study, do what is not done yet, and lay out what came of it."""

from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from tmdfeat.evaluate.entrance import takes_images
from tmdfeat.evaluate.samples import Samples, check_samples, count, take
from tmdfeat.gate import check_images
from tmdfeat.parameters import check_choice, check_integer, check_number
from tmdfeat.study.transfer.parts import Cutting
from tmdfeat.study.transfer.planning import plan_runs
from tmdfeat.study.transfer.protocol import Protocol, make_protocol
from tmdfeat.study.transfer.recipes import row_digests
from tmdfeat.study.transfer.runs import Plan, Run
from tmdfeat.study.transfer.schedule import do_all
from tmdfeat.study.transfer.splits import fixed_splits, right_splits
from tmdfeat.study.transfer.stages import check_stages
from tmdfeat.study.transfer.store import RunStore
from tmdfeat.study.transfer.strategies import check_strategies, estimator_of
from tmdfeat.study.transfer.targets import check_targets
from tmdfeat.study.transfer.volumes import BY, check_volumes
from tmdfeat.targets import complete_array

VARY = ("new", "all")
PLACE = ["strategy", "target", "stage", "n_new", "repeat", "fold"]


@dataclass(frozen=True, eq=False)
class TransferResults:
    """What a study found.

    Attributes
    ----------
    scores : DataFrame
        One row per run, see `transfer_study`.
    predictions : DataFrame
        One row per run and held-out image: the run's strategy, target, stage, n_new, repeat and
        fold; position in X, group, truth, predicted, and ``probability_...`` of each class where
        the strategy gives any.
    """

    scores: pd.DataFrame
    predictions: pd.DataFrame


def run_transfer(
    X,
    y,
    groups,
    *,
    stages,
    strategies,
    targets=("multiclass",),
    n_new=(None,),
    by="image",
    vary="new",
    n_splits=5,
    repeats=1,
    validation_fraction=0.1,
    store=None,
    n_jobs=None,
    random_state=0,
    paper=False,
    carry_over=None,
    batch_norm=None,
    start_fold=None,
    fixed_test=None,
) -> TransferResults:
    """Compare ways of transferring knowledge, and return predictions along with scores.

    Parameters
    ----------
    X, y, groups, stages, strategies, targets, n_new, by, vary, n_splits, repeats, \
validation_fraction, store, n_jobs, random_state, paper, carry_over, batch_norm, start_fold, \
fixed_test
        See `transfer_study`.

    Returns
    -------
    TransferResults

    Raises
    ------
    ValueError, TypeError
        See `transfer_study`.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> y = np.repeat(["MoS2", "WS2"], 20)
    >>> X, growths = np.repeat([0.0, 1.0], 20)[:, None], np.arange(40) // 2
    >>> found = run_transfer(X, y, growths, stages=[["MoS2", "WS2"]],
    ...                      strategies={"frozen": KNeighborsClassifier(1)})
    >>> sorted(found.predictions["position"]) == list(range(40))
    True
    """
    check_choice("by", by, BY)
    check_choice("vary", vary, VARY)
    check_number("validation_fraction", validation_fraction, 0.0, 0.5)
    for name, value, low in (("n_splits", n_splits, 2), ("repeats", repeats, 1)):
        check_integer(name, value, low)
    seed = check_integer("random_state", random_state, 0)
    protocol = make_protocol(paper, carry_over, batch_norm, start_fold, fixed_test)
    volumes = check_volumes(n_new, validation_fraction)
    check_strategies(strategies)
    samples, steps, kept = _samples(X, y, groups, stages, strategies)
    asked = check_targets(targets, samples.y)
    splits = _splits(samples, protocol, n_splits, repeats, validation_fraction, seed)
    cutting = Cutting(by, vary, protocol.paper_draws, seed)
    rows = row_digests(samples.X)
    plan = Plan(samples, rows, steps, splits, volumes, cutting, protocol)
    runs = plan_runs(plan, strategies, asked)
    with ExitStack() as stack:
        folder = store if store is not None else stack.enter_context(TemporaryDirectory())
        kept_runs = RunStore(folder)
        do_all(runs, samples, kept_runs, n_jobs)
        listed = [run for run in runs if run.listed]
        tables = [_predictions(run, kept_runs, samples, kept) for run in listed]
        return TransferResults(
            _scores(listed, samples, kept_runs), pd.concat(tables, ignore_index=True)
        )


def _samples(X, y, groups, stages, strategies):
    """Images of the stages' classes with labels and groups, the stages, and places in X."""
    if any(takes_images(estimator_of(strategy)) for strategy in strategies.values()):
        X = check_images(X, allow_nan=True)  # here, so that errors count from X[0]
    elif not (hasattr(X, "shape") or hasattr(X, "__len__")):
        raise TypeError(f"X must have a length, got {type(X).__name__}. Use list(X).")
    labels = complete_array(y, "y")
    steps = check_stages(stages, labels)
    mask = np.isin(labels, steps[-1].classes)
    if mask.all() or groups is None or not count(X) == len(groups) == len(labels):
        return check_samples(X, y, groups), steps, np.arange(len(labels))
    kept = np.flatnonzero(mask)
    some = check_samples(take(X, kept), labels[kept], complete_array(groups, "groups")[kept])
    return some, steps, kept


def _splits(samples: Samples, protocol: Protocol, n_splits, repeats, fraction, seed):
    first = protocol.start_fold
    if first is not None and first >= n_splits:
        raise ValueError(f"start_fold={first} needs more folds than n_splits={n_splits}.")
    if protocol.fixed_test:
        return fixed_splits(samples, n_splits, repeats)
    return right_splits(samples, n_splits, repeats, fraction, seed)


def _counts(run: Run, samples: Samples) -> dict:
    """Sizes of the parts. What is new the store cannot know: one run may be of two studies."""
    parts = {side: getattr(run.part, side) for side in ("train", "validation", "test")}
    added = np.isin(samples.y, run.stage.added)
    new = {f"n_new_{side}": int(added[parts[side]].sum()) for side in ("train", "validation")}
    return {f"n_{side}": len(positions) for side, positions in parts.items()} | new


def _scores(runs: list[Run], samples: Samples, store: RunStore) -> pd.DataFrame:
    rows = [{**run.labels(), **_counts(run, samples), **store.row(run.key)} for run in runs]
    table = pd.DataFrame(rows)
    whole = dict.fromkeys(("n_new", "epochs"), "Int64")
    scores = table.columns[table.columns.str.contains("accuracy|f1_macro")]
    return table.astype({**whole, **dict.fromkeys(scores, float)})


def _predictions(run: Run, store: RunStore, samples: Samples, kept) -> pd.DataFrame:
    arrays = store.predictions(run.key)
    position = arrays["position"]
    labels = {name: value for name, value in run.labels().items() if name in PLACE}
    table = pd.DataFrame(
        {
            "position": kept[position],
            "group": samples.groups[position],
            "truth": samples.y[position],
            "predicted": arrays["predicted"],
        }
    )
    if "probability" in arrays:
        shares = pd.DataFrame(arrays["probability"], columns=arrays["classes"])
        table = table.join(shares.add_prefix("probability_"))
    for at, (name, value) in enumerate(labels.items()):
        table.insert(at, name, value)
    return table.astype({"n_new": "Int64"})
