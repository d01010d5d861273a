"""Work spread over the workers of joblib's backend in use: processes, or a cluster's."""

from collections.abc import Iterator

from joblib import Parallel
from joblib.parallel import get_active_backend


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
