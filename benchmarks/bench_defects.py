"""How much each habit of the published protocol moves the scores, on simulated scans.

``python benchmarks/bench_defects.py`` runs one transfer study for each habit, alone in the right
protocol and left out of the published one, with equal data and seeds; then two leaks that are no
part of the study. Half an hour on two cores; runs are kept in ``--store``. Scans are simulated,
networks small: signs and sizes are of this experiment.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import record
from bench_transfer_study import CACHE, STAGES, Design, design, scans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds, summarize_differences
from tmdfeat.study import Sequential, run_transfer, transfer_study

HABITS = {
    "carry_over": True,
    "batch_norm": "paper",
    "start_fold": 2,
    "fixed_test": True,
}
RIGHT = {"carry_over": False, "batch_norm": "train", "start_fold": "same", "fixed_test": False}
SCORES = ("validation_f1_macro", "f1_macro")


def protocols() -> dict[str, dict]:
    """Keyword arguments of `transfer_study`, by name."""
    alone = {f"right, but {name}": {name: value} for name, value in HABITS.items()}
    without = {f"published, but not {name}": {"paper": True, name: RIGHT[name]} for name in HABITS}
    return {"right": {}, **alone, "published": {"paper": True}, **without}


def study(data, wanted: Design, store: Path, jobs: int, **habits) -> pd.DataFrame:
    """Fine-tuned from its weights and sequential, all images, five folds."""
    return transfer_study(
        data.images,
        data.target,
        data.groups,
        stages=STAGES,
        strategies={"pretrained": wanted.network, "sequential": Sequential(wanted.network)},
        n_splits=wanted.folds,
        store=store,
        n_jobs=jobs,
        **habits,
    )


def summed_up(found: dict[str, pd.DataFrame]) -> list[dict]:
    """Mean of each score over folds and stages, and how far it is from the right protocol's."""
    right = found["right"]
    rows = []
    for name, scores in found.items():
        for strategy, mine in scores[scores["stage"] > 0].groupby("strategy"):
            base = right[(right["strategy"] == strategy) & (right["stage"] > 0)]
            row = {"protocol": name, "strategy": strategy}
            for score in SCORES:
                row[score] = round(float(mine[score].mean()), 4)
                row[f"{score}_change"] = round(float(mine[score].mean() - base[score].mean()), 4)
                row[f"{score}_std_over_folds"] = round(_over_folds(mine, score), 4)
            rows.append(row)
    return rows


def _over_folds(scores: pd.DataFrame, score: str) -> float:
    return float(scores.groupby("fold")[score].mean().std())


def splitting_without_groups(data, wanted: Design, store: Path, jobs: int) -> dict:
    """Scans of one growth on both sides of a split: the score, and that of the right split."""
    options = {
        "stages": [[label for stage in STAGES for label in stage]],
        "strategies": {"pretrained": wanted.network},
        "n_splits": wanted.folds,
        "store": store,
        "n_jobs": jobs,
    }
    alone = np.arange(len(data.target))
    found = {
        name: run_transfer(data.images, data.target, groups, **options).scores["f1_macro"]
        for name, groups in {"grouped": data.groups, "ungrouped": alone}.items()
    }
    return {name: _mean_and_std(scores) for name, scores in found.items()}


def features_that_saw_the_labels(data, wanted: Design, folds: int) -> dict:
    """A table of tuned features, made once with all labels, in a grouped cross-validation."""
    X, y, groups = data.images, data.target, data.groups
    svc = make_pipeline(StandardScaler(), SVC(C=10, class_weight="balanced"))
    network = wanted.network.set_params(random_state=0)
    leaked = network.fit(X, y, groups=groups).transform(X)
    options = {"cv": folds, "scoring": "f1_macro", "random_state": 0}
    tables = {
        "tuned on all scans, then cross-validated (leaks)": run_folds(
            svc, leaked, y, groups, **options
        ),
        "tuned inside each fold": run_folds(
            make_pipeline(network, StandardScaler(), SVC(C=10, class_weight="balanced")),
            X,
            y,
            groups,
            **options,
        ),
    }
    scores = [found.scores.assign(features=name) for name, found in tables.items()]
    difference = summarize_differences(
        pd.concat(scores), "tuned inside each fold", by="features"
    ).iloc[0]
    return {
        **{name: _mean_and_std(found.scores["score"]) for name, found in tables.items()},
        "difference": {key: round(float(difference[key]), 4) for key in ("mean", "low", "high")},
    }


def _mean_and_std(scores) -> dict:
    return {"mean": round(float(scores.mean()), 4), "std": round(float(scores.std()), 4)}


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--design", choices=("reduced", "quick"), default="reduced")
    parser.add_argument("--store", type=Path, default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    given = parser.parse_args(arguments)
    wanted = design(given.design, Path())
    data, store = scans(wanted), given.store or CACHE / f"defects_{given.design}"
    every = protocols()
    if given.design == "quick":  # too few growths for the others
        every = {name: every[name] for name in ("right", "right, but carry_over")}
    found = {name: study(data, wanted, store, given.jobs, **h) for name, h in every.items()}
    path = record.write(
        f"defects_{given.design}",
        {
            "data": f"{wanted.scans} simulated scans of {len(set(data.groups))} growths",
            "network": " ".join(repr(wanted.network).split()),
            "protocols": summed_up(found),
            "scans of one growth on both sides": splitting_without_groups(
                data, wanted, store, given.jobs
            ),
            "features that saw the labels": features_that_saw_the_labels(
                data, wanted, wanted.folds
            ),
        },
        given.folder,
    )
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    main()
