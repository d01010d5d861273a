"""Work spread over the workers of joblib's backend in use: processes, or a cluster's."""

import warnings
from collections.abc import Iterator
from typing import Any

from joblib import Parallel
from joblib.parallel import get_active_backend


def for_all(thing) -> Any:
    """Hand in what many jobs need, so that it outlives the workers that hold it.

    On a dask cluster it is made a task's result, to stand as a job's argument in place of the
    thing, which is then sent once to each worker. Scattered, as joblib does with large arguments,
    it would be lost for good with the last worker that holds it, and the cluster takes surplus
    copies away by itself (dask's active memory manager, every two seconds), also those that a
    broadcast made. What a task returned is computed again from what was handed in, which the
    scheduler keeps while the jobs run.

    Parameters
    ----------
    thing : anything that can be pickled

    Returns
    -------
    a dask Future on a dask cluster, else the thing itself

    Examples
    --------
    >>> from tmdfeat.workers import for_all
    >>> for_all("weights")
    'weights'
    """
    backend, _ = get_active_backend()
    if type(backend).__name__ != "DaskDistributedBackend":
        return thing
    with warnings.catch_warnings():  # its ways out are to scatter, or to know a shared disk
        warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
        return backend.client.submit(_itself, thing, pure=False)


def _itself(thing):
    return thing


def results(jobs, n_jobs: int | None, *, ordered: bool = True) -> Iterator:
    """Yield the results of joblib's delayed calls, as they come where the backend can.

    Dask's cannot: there they all come at the end.

    Parameters
    ----------
    jobs : iterable of joblib.delayed calls
    n_jobs : int or None
        As in `joblib.Parallel`.
    ordered : bool, default True
        Keep the order of the jobs.

    Yields
    ------
    what the calls return

    Examples
    --------
    >>> from joblib import delayed
    >>> from tmdfeat.workers import results
    >>> list(results((delayed(abs)(i) for i in (-1, 2)), n_jobs=None))
    [1, 2]
    """
    backend, _ = get_active_backend()
    streams = "generator" if ordered else "generator_unordered"
    form = streams if backend.supports_return_generator else "list"
    yield from Parallel(n_jobs=n_jobs, return_as=form)(jobs)
