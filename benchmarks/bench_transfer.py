"""Frozen ImageNet networks on real images: steel micrographs (SEM) and polyelectrolyte films (AFM).

Needs both folders of data and the weights of SqueezeNet 1.0 and MobileNetV2:
``python benchmarks/bench_transfer.py --data FOLDER --weights FOLDER``, about ten minutes.
Each way to compute the features (engine and precision) is scored in the same folds.
"""

import argparse
from pathlib import Path

import numpy as np
import record
from deviation import deviation
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transfer_tasks import Task, films, steel
from ways import WAYS, features

from tmdfeat.evaluate import run_folds, summarize_scores

SHARED = Path(__file__).parents[2] / "shared"
NETWORKS = ("squeezenet1_0", "mobilenet_v2")


def accuracies(X: np.ndarray, task: Task, repeats: int) -> dict[str, dict]:
    """Accuracy with its interval for each way to split."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=5000))
    y, found = task.labels, {}
    for name, groups in task.splits.items():
        folds = run_folds(
            model, X, y, groups, cv=5, repeats=repeats, scoring="accuracy", random_state=0
        )
        found[name] = summary(folds.scores)
    for name, (keep, groups) in task.held_out.items():
        folds = run_folds(
            model, X[keep], y[keep], groups[keep], cv=LeaveOneGroupOut(), scoring="accuracy"
        )
        found[name] = summary(folds.scores)
    return found


def summary(scores) -> dict:
    """Mean over the folds, and its interval."""
    row = summarize_scores(scores).iloc[0]
    return {key: round(float(row[key]), 4) for key in ("mean", "low", "high", "std")}


def measure(task: Task, weights: Path | None, networks, ways, repeats: int) -> list[dict]:
    """One row for each network and way; the first way is what others differ from."""
    rows = []
    for network in networks:
        path = None if weights is None else weights / f"{network}.pth"
        vectors = [features(network, way, path).fit_transform(task.images) for way in ways]
        scores = [accuracies(X, task, repeats) for X in vectors]
        for way, X, found in zip(ways, vectors, scores, strict=True):
            changes = [abs(found[split]["mean"] - scores[0][split]["mean"]) for split in found]
            row = {"network": network, "way": way, "accuracy": found, **deviation(X, vectors[0])}
            rows.append({**row, "largest_change_of_accuracy": round(max(changes), 4)})
    return rows


def main(
    data: Path,
    weights: Path | None,
    repeats: int,
    *,
    per_class: int | None = None,
    networks=NETWORKS,
    ways=tuple(WAYS),
    folder: Path = record.RESULTS,
) -> Path:
    micrographs, overlapping = steel(data / "uhcs_sem", per_class)
    tiles = films(data / "polyelectrolyte_afm" / "raw_data", per_class)
    options = (weights, networks, ways, repeats)
    path = record.write(
        "transfer",
        {
            "model": "standardised, logistic regression with C=0.01, nothing tuned",
            "repeats": repeats,
            "steel": {
                "data": f"{len(micrographs.images)} SEM micrographs, three classes",
                "overlapping": overlapping,
                "rows": measure(micrographs, *options),
            },
            "films": {
                "data": f"{len(tiles.images)} quarters of AFM maps, 0 to 4 bilayers",
                "rows": measure(tiles, *options),
            },
        },
        folder,
    )
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--weights", type=Path, default=SHARED / "weights")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="six images of each class, once")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    given = parser.parse_args()
    main(
        given.data,
        given.weights,
        1 if given.quick else given.repeats,
        per_class=6 if given.quick else None,
        folder=given.folder,
    )
