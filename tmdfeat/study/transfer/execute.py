"""Do one run: fit, score, keep."""

from time import perf_counter

import numpy as np
from filelock import Timeout
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from tmdfeat.evaluate.answers import answers
from tmdfeat.evaluate.metrics import METRICS
from tmdfeat.evaluate.routing import fit_with_groups
from tmdfeat.evaluate.samples import Samples
from tmdfeat.study.transfer.recipes import VERSIONS
from tmdfeat.study.transfer.runs import Run
from tmdfeat.study.transfer.splits import Split
from tmdfeat.study.transfer.store import RunStore
from tmdfeat.study.transfer.strategies import last_of, network_of, set_network
from tmdfeat.targets import complete_array


def execute(run: Run, samples: Samples, store: RunStore, keep: bool, wait: bool) -> bool:
    """Do a run, unless it is done, and keep what came of it.

    Parameters
    ----------
    run : Run
    samples : Samples
    store : RunStore
    keep : bool
        Whether others start from its network.
    wait : bool
        If another process does this run now, wait for it.

    Returns
    -------
    bool
        False if another process is doing it.
    """
    try:
        with store.lock(run.key).acquire(timeout=-1 if wait else 0):
            if is_done(run, store, keep):
                return True
            _compute(run, samples, store, keep)
            return True
    except Timeout:
        return False
    except Exception as error:
        error.add_note(f"This was in the run {run.labels()}.")
        raise


def is_done(run: Run, store: RunStore, keep: bool) -> bool:
    """Say whether the result is there, and the network if others start from it."""
    return run.key in store and (not keep or store.network(run.key).is_file())


def _compute(run: Run, samples: Samples, store: RunStore, keep: bool) -> None:
    estimator = run.estimator
    if network_of(estimator) is not None:
        estimator = set_network(estimator, checkpoint=store.checkpoint(run.key))
        if run.start is not None:
            estimator = set_network(
                estimator, init_from=store.load_network(run.start, last_of(estimator))
            )
    begin = perf_counter()
    fitted = _fit(estimator, samples, run.part)
    seconds = perf_counter() - begin
    sizes, scores, predictions = _score(fitted, samples, run.part)
    epochs = {"epochs": _epochs(last_of(fitted)), "seconds": seconds}
    record = {
        "run": run.labels(),
        "measured": {**sizes, **scores, **epochs},
        "estimator": run.recipe,
        "started_from": run.start,
        "versions": VERSIONS,
    }
    if keep:
        store.put_network(run.key, last_of(fitted))
    store.put(run.key, record, predictions)


def _fit(estimator, samples: Samples, part: Split):
    """Fit on the training images; networks, and nothing else, see the validation images too."""
    last = last_of(estimator)
    if not has_fit_parameter(last, "validation_mask"):
        train = samples.take(part.train)
        return fit_with_groups(estimator, train.X, train.y, train.groups)
    both = samples.take(np.concatenate([part.train, part.validation]))
    mask = np.arange(len(both.y)) >= len(part.train)
    steps = estimator.steps[:-1] if isinstance(estimator, Pipeline) else []
    X = both.X
    if steps:
        train = samples.take(part.train)
        before = fit_with_groups(Pipeline(steps), train.X, train.y, train.groups)
        for _, step in before.steps:
            X = X if step in (None, "passthrough") else step.transform(X)
        estimator = Pipeline([*before.steps, estimator.steps[-1]])
    # Groups not: the mask says all that they could.
    last.fit(X, both.y, validation_mask=mask)
    return estimator


def _score(fitted, samples: Samples, part: Split):
    """Sizes, scores and the predictions on the test images; each image is seen once."""
    sides = {"train": part.train, "validation": part.validation, "test": part.test}
    everything = np.concatenate(list(sides.values()))
    labels, probabilities = answers(fitted, samples.take(everything).X)
    labels = complete_array(list(labels), "predictions")
    ends = np.cumsum([len(positions) for positions in sides.values()])
    scores: dict = {}
    for (side, positions), end in zip(sides.items(), ends, strict=True):
        prefix = "" if side == "test" else f"{side}_"
        mine = labels[end - len(positions) : end]
        for name, metric in METRICS.items():
            score = metric(samples.y[positions], mine) if len(positions) else None
            scores[f"{prefix}{name}"] = score
    sizes = {f"n_{side}": len(positions) for side, positions in sides.items()}
    tested = slice(len(everything) - len(part.test), None)
    predictions = {"position": part.test, "predicted": labels[tested]}
    if probabilities is not None:
        classes = complete_array(list(fitted.classes_), "classes_")
        predictions |= {"probability": np.asarray(probabilities)[tested], "classes": classes}
    return sizes, scores, predictions


def _epochs(network) -> int | None:
    history = getattr(network, "history_", None)
    return None if history is None else len(history)
