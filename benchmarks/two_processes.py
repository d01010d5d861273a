"""Two processes of one thread against one, and against the least that two can be asked to do."""

import joblib
import torch
from rounds import interleave, times_faster
from ways import features

WAYS = ("torch float32", "torch bfloat16")


def compare(network: str, sources: dict[str, list], rounds: int) -> dict:
    """Time on the clock of one process over that of two."""
    return {
        "network": network,
        "maps": len(next(iter(sources.values()))),
        "cores": joblib.cpu_count(),
        "times_faster": {
            f"{way}, {source}": two_against_one(network, scans, way, rounds)
            for way in WAYS
            for source, scans in sources.items()
        },
    }


def two_against_one(network: str, scans: list, way: str, rounds: int) -> dict:
    """Ratio of times on the clock within each round."""
    one, two = (features(network, way, n_jobs=n) for n in (None, 2))
    halves = [scans[::2], scans[1::2]]
    contenders = {
        "one": lambda: one.transform(scans),
        "n_jobs=2": lambda: two.transform(scans),
        "halves": lambda: joblib.Parallel(2)(
            joblib.delayed(extract)(network, way, half) for half in halves
        ),
    }
    for function in contenders.values():
        function()  # starts the workers, which then wait for more
    times = interleave(contenders, rounds)
    return {
        name: times_faster(times["one"], times[name], of="clock") for name in ("n_jobs=2", "halves")
    }


def extract(network: str, way: str, scans: list) -> None:
    """What a worker does with its half: nothing is handed back, so this is the least there is."""
    torch.set_num_threads(1)
    features(network, way).fit_transform(scans)
