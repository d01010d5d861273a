"""Time several ways in alternating rounds, so that a busy machine hits all alike."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Seconds(NamedTuple):
    """Of the processor, all threads of this process, and on the clock."""

    processor: float
    clock: float


def timed(function: Callable) -> Seconds:
    """Run once, timed."""
    processor, clock = time.process_time(), time.perf_counter()
    function()
    return Seconds(time.process_time() - processor, time.perf_counter() - clock)


def interleave(contenders: dict[str, Callable], rounds: int) -> dict[str, list[Seconds]]:
    """Time each contender once per round; who has not run before should be warmed up first."""
    times: dict[str, list[Seconds]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, function in contenders.items():
            times[name].append(timed(function))
    return times


def spread(values, digits: int = 2) -> dict:
    """Median, smallest and largest."""
    values = list(values)
    return {
        "median": round(median(values), digits),
        "spread": [round(min(values), digits), round(max(values), digits)],
    }


def processor_ms(times: list[Seconds], items: int) -> dict:
    """Milliseconds of the processor per item."""
    return spread(1e3 * seconds.processor / items for seconds in times)


def times_faster(slow: list[Seconds], fast: list[Seconds], of: str = "processor") -> dict:
    """Ratio within each round."""
    return spread(getattr(a, of) / getattr(b, of) for a, b in zip(slow, fast, strict=True))
