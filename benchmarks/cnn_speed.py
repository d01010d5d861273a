"""Times of all ways to get features of one network, from memory and from files."""

from collections.abc import Callable
from dataclasses import dataclass

import limits
import naive
import phases
from rounds import Seconds, interleave, processor_ms, spread, times_faster
from ways import WAYS, features

LOOP, LIKE_OURS = "naive loop", "naive loop, percentiles"


@dataclass(frozen=True)
class Speed:
    """Measured times, by what was done and how, and what was done in them."""

    times: dict[tuple[str, str], list[Seconds]]
    gflop: float  # of the network for all maps
    product_gflop: float
    maps: int

    def rates(self, precision: str) -> list[float]:
        """Billions of operations per second of the faster matrix product, in each round."""
        ways = (self.times[precision, way] for way in ("product", "convolution"))
        return [
            self.product_gflop / min(s.processor for s in both) for both in zip(*ways, strict=True)
        ]

    def at_the_limit(self, precision: str) -> dict:
        """How many times faster than the loop a network would be that is all matrix product."""
        rates = zip(self.times["memory", LOOP], self.rates(precision), strict=True)
        return spread(s.processor * rate / self.gflop for s, rate in rates)

    def row(self, source: str, way: str) -> dict:
        """Milliseconds per map, and the share of what the matrix product reaches."""
        seconds = self.times[source, way]
        found: dict = {"ms": processor_ms(seconds, self.maps)}
        if way in WAYS:
            rates = zip(seconds, self.rates(WAYS[way][1]), strict=True)
            found["share_of_matrix_product"] = spread(
                self.gflop / s.processor / r for s, r in rates
            )
        if (source, LOOP) in self.times:
            found["times_faster_than_loop"] = times_faster(self.times[source, LOOP], seconds)
        return found

    def rows(self, source: str) -> dict:
        """One row for each way from a source."""
        return {way: self.row(where, way) for where, way in self.times if where == source}


def contenders(network: str, sources: dict[str, list], columns: int) -> dict:
    """What is timed: the matrix product, the network alone, and all ways from each source."""
    model = naive.headless(network)
    greys = phases.rendered(sources["memory"])
    found: dict[tuple[str, str], Callable] = limits.products(columns)
    for way, (engine, precision) in WAYS.items():
        run = phases.network(network, engine, precision)
        found["network", way] = lambda run=run: run(greys)
    for source, scans in sources.items():
        found[source, LOOP] = lambda scans=scans: naive.naive_loop(model, scans)
        for way in WAYS:
            cnn = features(network, way)
            found[source, way] = lambda cnn=cnn, scans=scans: cnn.transform(scans)
    maps = sources["memory"]
    found["memory", LIKE_OURS] = lambda: naive.naive_loop(model, maps, naive.by_percentiles)
    return found


def measure(network: str, sources: dict[str, list], columns: int, rounds: int) -> dict:
    """Time everything in the same rounds.

    Parameters
    ----------
    network : str
    sources : dict
        Arrays under "memory", and the same scans as files under other names.
    columns : int
        Of the matrices that are multiplied.
    rounds : int
    """
    functions = contenders(network, sources, columns)
    for function in functions.values():
        function()
    gflop, maps = limits.network_gflop(naive.headless(network)), len(sources["memory"])
    times = interleave(functions, rounds)
    speed = Speed(times, gflop * maps, limits.product_gflop(columns), maps)
    return {
        "gflop_per_image": round(gflop, 2),
        "matrix_product_gflop_per_s": {p: spread(speed.rates(p), 0) for p in limits.PRECISIONS},
        "times_faster_at_the_limit": {p: speed.at_the_limit(p) for p in limits.PRECISIONS},
        "network alone": speed.rows("network"),
        **{source: speed.rows(source) for source in sources},
    }
