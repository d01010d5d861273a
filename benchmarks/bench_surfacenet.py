"""Frozen surfacenet against ImageNet's networks: what a linear classifier makes of features.

``python benchmarks/bench_surfacenet.py --data FOLDER --weights FOLDER --cache FOLDER``. Features
and answers are kept under ``--cache``: other weights of surfacenet (``--surfacenet FILE``) cost
their own only. ``--sets`` leaves sets out, such as one that no choice may look at; ``--ways``
leaves out networks.
"""

import argparse
from pathlib import Path

import probe
import record
from contestants import REFERENCE, SEEDS, UNTRAINED, contestants
from joblib import Memory
from judging import Judge, compare
from network_cost import cost
from simulated_scans import SHIFT
from surface_sets import SETS, Scope

SHARED = Path(__file__).parents[2] / "shared"
CACHE = Path(__file__).parent / "cache"
MAPS = 32  # timed; one batch


def main(
    scope: Scope,
    ways: dict[str, list],
    judge: Judge,
    *,
    sets=tuple(SETS),
    rounds: int = 5,
    folder: Path = record.RESULTS,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)  # before all the work
    scores = {}
    for name in sets:
        for contest in SETS[name](scope):
            scores[contest.name] = compare(contest, ways, REFERENCE, judge)
            show(contest.name, scores[contest.name])
    timed = {name: way[0] for name, way in ways.items() if name != UNTRAINED}
    results = {
        "repeats": scope.repeats,
        "untrained_seeds": len(SEEDS),
        "reference": REFERENCE,
        "strengths": probe.STRENGTHS,
        "fixed_C": probe.FIXED,
        "shift_of_presets": SHIFT,
        "scores": scores,
        "cost": {"maps": MAPS, "rounds": rounds, "ways": cost(timed, REFERENCE, MAPS, rounds)},
    }
    return record.write("surfacenet", results, folder)


def show(name: str, found: dict) -> None:
    """Print a contest as soon as it is over."""
    print(f"\n{name}: {found['metric']} in %, C chosen | C fixed", flush=True)
    for way, row in found["ways"].items():
        print(f"  {way:45} {_percent(row['chosen'])} | {_percent(row['fixed'])}", flush=True)


def _percent(row: dict) -> str:
    score, low, high = (100 * row[key] for key in ("mean", "low", "high"))
    gap, least, most = (100 * row["minus_reference"][key] for key in ("mean", "low", "high"))
    return f"{score:5.1f} ({low:.1f} to {high:.1f}) {gap:+5.1f} ({least:+.1f} to {most:+.1f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--weights", type=Path, default=SHARED / "weights")
    parser.add_argument("--surfacenet", type=Path, help="weights to judge, not the package's")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--ways", nargs="+", help="beginnings of the names of ways")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5, help="of timing")
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    given = parser.parse_args()
    everyone = contestants(given.weights, given.surfacenet)
    wanted = (REFERENCE, *(given.ways or [""]))
    print(
        main(
            Scope(given.data, Memory(given.cache / "simulated", verbose=0), given.repeats),
            {name: way for name, way in everyone.items() if name.startswith(wanted)},
            Judge(given.cache, given.n_jobs),
            sets=given.sets,
            rounds=given.rounds,
            folder=given.folder,
        )
    )
