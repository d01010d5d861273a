"""Do the runs of a study, several at once, those first from which others start."""

from itertools import groupby

from joblib import delayed
from tqdm import tqdm

from tmdfeat.evaluate.samples import Samples
from tmdfeat.study.transfer.execute import execute
from tmdfeat.study.transfer.runs import Run
from tmdfeat.study.transfer.store import RunStore
from tmdfeat.workers import results


def do_all(runs: list[Run], samples: Samples, store: RunStore, n_jobs: int | None) -> None:
    """Do every run that the store does not have.

    Parameters
    ----------
    runs : list of Run
        With one key, runs are the same, and done once.
    samples : Samples
    store : RunStore
    n_jobs : int or None
    """
    store.tidy()
    starts = {run.start for run in runs}
    todo = missing(runs, store)
    total = len({run.key for run in runs})
    with tqdm(total=total, initial=total - len(todo), desc="runs", unit="run", disable=None) as bar:
        for _, wave in groupby(todo, key=lambda run: run.depth):
            left = list(wave)
            # What another process is doing comes last: there may be something else to do.
            for wait in (False, True):
                jobs = [delayed(_do)(run, samples, store, run.key in starts, wait) for run in left]
                done = set()
                for key in results(jobs, n_jobs, ordered=False):
                    done.add(key)
                    bar.update(key is not None)
                left = [run for run in left if run.key not in done]


def missing(runs: list[Run], store: RunStore) -> list[Run]:
    """Return the runs to do, sorted by depth: without result, or without a needed network."""
    todo: list[Run] = []
    wanted: set = set()
    unique = {run.key: run for run in runs}
    for run in sorted(unique.values(), key=lambda run: run.depth, reverse=True):
        there = run.key in store
        if there and run.key in wanted:
            there = store.network(run.key).is_file()
        if not there:
            todo.append(run)
            wanted.add(run.start)
    return todo[::-1]


def _do(run: Run, samples: Samples, store: RunStore, keep: bool, wait: bool) -> str | None:
    return run.key if execute(run, samples, store, keep, wait) else None
