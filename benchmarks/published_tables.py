"""What the authors published beside their feature vectors, made tidy: scores, counts, embeddings.

All functions take the folder of published features (``tmd_features``).
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

ORDER = ["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"]  # as the authors number them
EVERY_SCAN = {3: 124, 4: 117, 5: 88}  # of the class that each stage adds, the held-out ones apart
FEWER = (64, 32, 16, 8)
SERIES = ("imagenet", "previous", "MtC", "MtL")


def vectors(data: Path) -> dict:
    """Frozen (1026, 512) and fine-tuned (1026, 100) vectors, their materials and samples."""
    with np.load(data / "tmd_features.npz", allow_pickle=False) as file:
        return {key: file[key] for key in ("frozen", "finetuned", "material", "sample_id")}


def held_out(material, sample_id) -> tuple[np.ndarray, np.ndarray]:
    """Positions (train, test) of the authors' own split: the first of ten folds, not shuffled."""
    numbers = np.array([ORDER.index(label) for label in material])
    return next(StratifiedGroupKFold(n_splits=10).split(numbers, numbers, sample_id))


def embeddings(data: Path) -> dict:
    """Name of each panel to its (points (n, 3), materials (n,)).

    A scan's material is the number that stands there, in `ORDER`.
    """
    with np.load(data / "embeddings.npz", allow_pickle=False) as file:
        names = [key.removesuffix("-feature") for key in file if key.endswith("-feature")]
        order = np.array(ORDER)
        return {n: (file[f"{n}-feature"], order[file[f"{n}-target"]]) for n in names}


def modality(data: Path) -> pd.DataFrame:
    """The numbers of the figure of training volumes: classes, series, split, n_new, mean, std.

    Values are taken by their place: some keys are mistyped, "4-8" or "2-4-7" for other volumes.
    """
    found = json.loads((data / "training_modality.json").read_text(encoding="utf-8"))
    parts = []
    for classes, every in EVERY_SCAN.items():
        for series in SERIES:
            for split in ("train", "val", "test"):
                mean, std = (
                    list(found[f"{series}_{split}{what}{classes}"].values())
                    for what in ("", "_std")
                )
                where = {"classes": classes, "series": series, "split": split}
                values = {"n_new": [every, *FEWER], "mean": mean, "std": std}
                parts.append(pd.DataFrame({**where, **values}))
    return pd.concat(parts, ignore_index=True)


def confusion(data: Path) -> dict:
    """Mean counts on the held-out scans, rows true: of classes (MtC) and of elements (MtL)."""
    found = json.loads((data / "confusion_matrix.json").read_text(encoding="utf-8"))
    order = found["order"]
    counts = found["confusion_matrix"]
    return {name: pd.DataFrame(table, order, order) for name, table in counts.items()}


def scores_of_counts(counts: pd.DataFrame, scans: dict) -> dict:
    """Accuracy, and macro-F1 of the mean matrix; a scan without an answer is wrong.

    `scans` has the true number of each class: rows of the elements' matrix sum to less, as
    combinations of elements that no material has count in no column.
    """
    right, true = np.diag(counts), np.array([scans[label] for label in counts.index])
    f1 = 2 * right / (counts.sum(axis=0).to_numpy() + true)
    return {"accuracy": float(right.sum() / true.sum()), "f1_macro": float(f1.mean())}


def audit(table: dict) -> dict:
    """What is in the vectors twice, and whether copies cross samples or materials."""
    frozen, material, sample = table["frozen"], table["material"], table["sample_id"]
    _, inverse, counts = np.unique(frozen.round(5), axis=0, return_inverse=True, return_counts=True)
    copies = [np.flatnonzero(inverse.ravel() == i) for i in np.flatnonzero(counts > 1)]
    involved = np.concatenate(copies) if copies else np.array([], dtype=int)
    exact = all((frozen[rows] == frozen[rows[0]]).all() for rows in copies)
    return {
        "rows": len(frozen),
        "samples": len(np.unique(sample)),
        "distinct_rows": len(counts),
        "duplicates": len(frozen) - len(counts),
        "pairs": int((counts == 2).sum()),
        "triples": int((counts == 3).sum()),
        "rows_involved": {m: int((material[involved] == m).sum()) for m in ORDER},
        "equal_to_the_last_bit": exact,
        "copies_across_samples": sum(len(set(sample[rows])) > 1 for rows in copies),
        "copies_across_materials": sum(len(set(material[rows])) > 1 for rows in copies),
        "distinct_fine_tuned_rows": len(np.unique(table["finetuned"].round(5), axis=0)),
    }
