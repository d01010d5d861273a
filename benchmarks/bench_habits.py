"""How much each habit of the published protocol moves the scores, on simulated scans.

``python benchmarks/bench_habits.py [--store FOLDER]``: about twenty minutes on one core. Every
finished run is kept in the store, so a stopped benchmark goes on where it was.
"""

import argparse
import json
from pathlib import Path

import pandas as pd
import record

from tmdfeat import FineTunedCNN
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.deep import Rendering
from tmdfeat.study import Sequential, compare_transfer, summarize_transfer, transfer_study

STAGES = [["MoS2", "WS2", "WSe2", "MoSe2"], ["Mo-WSe2"]]
HABITS = {
    "none (the default)": {},
    "`carry_over=True`": {"carry_over": True},
    '`batch_norm="paper"`': {"batch_norm": "paper"},
    "`start_fold=2`": {"start_fold": 2},
    "`fixed_test=True`": {"fixed_test": True},
    "all (`paper=True`)": {"paper": True},
}
COLUMNS = ("pretrained", "sequential")


def main(
    store=None,
    *,
    scans: int = 250,
    size: int = 64,
    epochs: int = 12,
    repeats: int = 2,
    habits=tuple(HABITS),
    folder: Path = record.RESULTS,
) -> Path:
    data = make_tmd_afm(scans, size=size, levelling="standard", random_state=6)
    network = FineTunedCNN(
        "surfacenet", lr=1e-3, max_epochs=epochs, augment="d4", rendering=Rendering(size=size)
    )
    found = {}
    for name in habits:
        scores = transfer_study(
            data.images,
            data.target,
            data.groups,
            stages=STAGES,
            strategies={"pretrained": network, "sequential": Sequential(network)},
            repeats=repeats,
            store=store,
            **HABITS[name],
        )
        found[name] = _found(scores.query("stage == 1"))
        print(name, json.dumps(found[name], indent=1), flush=True)
    settings = {"scans": scans, "size": size, "epochs": epochs, "repeats": repeats}
    return record.write("habits", {**settings, "stages": STAGES, "habits": found}, folder)


def table(results: dict) -> str:
    """Lay the results out for the page."""
    lines = [
        "| habit | pretrained: validation | test | sequential: validation | test "
        "| sequential − pretrained (95 %) |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in results["habits"].items():
        cells = [f"{found[way][side]:.3f}" for way in COLUMNS for side in ("validation", "test")]
        gap = found["difference"]
        interval = f"{gap['mean']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f})"
        lines.append(f"| {name} | {' | '.join(cells)} | {interval} |")
    return "\n".join(lines)


def _found(scores: pd.DataFrame) -> dict:
    summary = summarize_transfer(scores).set_index("strategy")
    difference = compare_transfer(scores, "pretrained").iloc[0]
    found: dict = {
        way: {
            "test": round(float(summary.loc[way, "mean"]), 4),
            "validation": round(
                float(scores.query("strategy == @way")["validation_f1_macro"].mean()), 4
            ),
        }
        for way in COLUMNS
    }
    bounds = ("mean", "low", "high")
    return found | {"difference": {name: round(float(difference[name]), 4) for name in bounds}}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    print(main(parser.parse_args().store))
