"""The published frozen ResNet18 vectors of 1,026 real AFM scans: grouped, ungrouped, held out.

Needs the folder of published features: ``python benchmarks/bench_tmd_features.py --data FOLDER``.
"""

import argparse
from pathlib import Path

import numpy as np
import record
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.pipelines import BoundedPCA
from tmdfeat.study.blocks import default_classifier

ORDER = ["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"]
DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "tmd_features"


def models():
    return {
        "SVC, standardised, C=10, balanced": make_pipeline(
            StandardScaler(), SVC(C=10, class_weight="balanced")
        ),
        "PCA(32) and XGBoost, the library's default for studies": make_pipeline(
            StandardScaler(), BoundedPCA(32), default_classifier(0)
        ),
    }


def scores(model, X, y, groups, repeats) -> dict:
    """Mean and interval of accuracy and macro-F1 over repeated 5-fold cross-validation."""
    found = run_folds(model, X, y, groups, cv=5, repeats=repeats, random_state=0)
    table = summarize_scores(found.scores).set_index("metric")
    return {
        metric: {k: round(float(table.loc[metric, k]), 4) for k in ("mean", "low", "high", "std")}
        for metric in ("accuracy", "balanced_accuracy", "f1_macro")
    }


def held_out(model, X, y, groups) -> dict:
    """Score on the authors' own test set: fold 0 of ten, in file order, classes by number."""
    numbers = np.array([ORDER.index(label) for label in y])
    train, test = next(StratifiedGroupKFold(n_splits=10).split(X, numbers, groups))
    predicted = model.fit(X[train], y[train]).predict(X[test])
    accuracy = accuracy_score(y[test], predicted)
    return {
        "test_images": {label: int(np.sum(y[test] == label)) for label in ORDER},
        "accuracy": round(float(accuracy), 4),
        "standard_error": round(float(np.sqrt(accuracy * (1 - accuracy) / len(test))), 4),
        "f1_macro": round(float(f1_score(y[test], predicted, average="macro")), 4),
    }


def paper_protocol(model, X, y, splitter, groups) -> float:
    """Mean accuracy over the five folds that earlier measurements of these vectors used."""
    hits = [
        accuracy_score(y[test], model.fit(X[train], y[train]).predict(X[test]))
        for train, test in splitter.split(X, y, groups)
    ]
    return round(float(np.mean(hits)), 4)


def main(data: Path, repeats: int, folder: Path = record.RESULTS) -> Path:
    with np.load(data / "tmd_features.npz", allow_pickle=False) as file:
        frozen, tuned = file["frozen"], file["finetuned"]
        y, samples = file["material"], file["sample_id"]
    alone = np.arange(len(y))
    results = {}
    for name, model in models().items():
        folds = {"n_splits": 5, "shuffle": True, "random_state": 0}
        results[name] = {
            "grouped by sample": scores(model, frozen, y, samples, repeats),
            "ungrouped (leaks)": scores(model, frozen, y, alone, repeats),
            "grouped, five folds of seed 0": paper_protocol(
                model, frozen, y, StratifiedGroupKFold(**folds), samples
            ),
            "ungrouped, five folds of seed 0": paper_protocol(
                model, frozen, y, StratifiedKFold(**folds), None
            ),
            "authors' held-out 104": held_out(model, frozen, y, samples),
        }
    svc = next(iter(models().values()))
    leaked = scores(svc, tuned, y, samples, 1)
    path = record.write(
        "tmd_features",
        {
            "data": "published ResNet18 avgpool vectors, 1,026 scans, 626 samples, 5 materials",
            "repeats": repeats,
            "frozen": results,
            "fine-tuned vectors, grouped (leaked: their network saw most of these labels)": leaked,
            "distinct_rows": len(np.unique(frozen.round(5), axis=0)),
        },
        folder,
    )
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.data, arguments.repeats)
