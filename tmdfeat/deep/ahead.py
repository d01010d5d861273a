"""Work done in threads a little ahead of who needs it, in order, without piling up."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def ahead(
    function: Callable[[int], Result], n: int, *, threads: int, depth: int
) -> Generator[Result, None, None]:
    """Yield ``function(0), ..., function(n - 1)``, computed at most `depth` before they are taken.

    An exception of the function is raised when its turn comes; then, and when the consumer
    stops, what was not begun never is.

    Parameters
    ----------
    function : callable
        From a place to a result; called in `threads` threads.
    n : int
    threads, depth : int

    Yields
    ------
    results, in order

    Examples
    --------
    >>> from tmdfeat.deep.ahead import ahead
    >>> list(ahead(lambda i: i**2, 4, threads=2, depth=3))
    [0, 1, 4, 9]
    """
    waiting: deque[Future] = deque()
    with ThreadPoolExecutor(threads, "tmdfeat-reading") as pool:
        try:
            for place in range(n):
                waiting.append(pool.submit(function, place))
                if len(waiting) > depth:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
