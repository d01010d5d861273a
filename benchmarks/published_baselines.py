"""Plain models on the frozen vectors, as measured before, and how closely they come out again."""

import random

import numpy as np
from published_tables import ORDER, held_out
from sklearn.decomposition import PCA
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

PLAIN, GROUPED, HELD_OUT = "plain 5-fold", "grouped 5-fold", "held-out 104"
# Accuracy and macro-F1 that these models had on these vectors before; None: not measured.
KNOWN = {
    ("LogReg, C=0.05", PLAIN): (0.804, 0.796),
    ("LogReg, C=0.05", GROUPED): (0.749, 0.731),
    ("SVC", PLAIN): (0.796, 0.789),
    ("SVC", GROUPED): (0.741, 0.727),
    ("SVC", HELD_OUT): (0.837, 0.831),
    ("SVC, C=10", HELD_OUT): (0.846, 0.829),
    ("XGBoost", PLAIN): (0.801, 0.777),
    ("XGBoost", GROUPED): (0.752, 0.709),
    ("ExtraTrees", HELD_OUT): (0.788, 0.750),
    ("PCA(50), LogReg", HELD_OUT): (0.760, 0.761),
    ("MLP(100)", HELD_OUT): (0.865, 0.840),
}
# Macro-F1 of the SVC where the class that a stage adds has all its scans, 57, 28, 13, 6.
KNOWN_CURVE = {
    3: (0.82, 0.84, 0.73, 0.55, 0.52),
    4: (0.76, 0.75, 0.75, 0.74, 0.65),
    5: (0.83, 0.83, 0.81, 0.65, 0.62),
}
VOLUMES = (57, 28, 13, 6)
BALANCED = {"class_weight": "balanced"}


def models(seed: int = 0) -> dict:
    trees = {"n_estimators": 100, "max_depth": 4, "colsample_bytree": 0.3, "n_jobs": 1}
    return {
        "LogReg, C=0.05": scaled(LogisticRegression(C=0.05, max_iter=2000, **BALANCED)),
        "SVC": scaled(SVC(**BALANCED)),
        "SVC, C=10": scaled(SVC(C=10, **BALANCED)),
        "XGBoost": XGBClassifier(**trees, random_state=seed),
        "ExtraTrees": ExtraTreesClassifier(500, random_state=seed, **BALANCED),
        "PCA(50), LogReg": scaled(PCA(50, random_state=seed), LogisticRegression(max_iter=2000)),
        "MLP(100)": scaled(MLPClassifier((100,), alpha=1e-2, max_iter=300, random_state=seed)),
    }


def scaled(*steps):
    return make_pipeline(StandardScaler(), *steps)


def baselines(table: dict, seeds: int) -> list[dict]:
    """One row per known value: what it was, what it is; where seeds matter, the mean over some."""
    X, y = table["frozen"], np.array([ORDER.index(m) for m in table["material"]])
    groups, folds = table["sample_id"], {"shuffle": True, "random_state": 0}
    splits = {
        PLAIN: list(StratifiedKFold(5, **folds).split(X, y)),
        GROUPED: list(StratifiedGroupKFold(5, **folds).split(X, y, groups)),
        HELD_OUT: [held_out(table["material"], groups)],
    }
    rows = []
    for (name, split), known in KNOWN.items():
        n = seeds if name in ("ExtraTrees", "MLP(100)") else 1
        runs = [fold_scores(models(s)[name], X, y, splits[split]).mean(axis=0) for s in range(n)]
        rows.append({"model": name, "split": split, **_beside(known, np.array(runs))})
    return rows


def _beside(known, runs) -> dict:
    keys = ("accuracy", "f1_macro")
    found = dict(zip(keys, runs.mean(axis=0), strict=True))
    return {
        "known": dict(zip(keys, known, strict=True)),
        "found": rounded(found),
        "seeds": len(runs),
        "range_of_accuracy": [round(float(end), 4) for end in (runs[:, 0].min(), runs[:, 0].max())],
        "points_apart": round(100 * abs(found["accuracy"] - known[0]), 2),
    }


def fold_scores(model, X, y, splits) -> np.ndarray:
    """Accuracy and macro-F1 of each fold (k, 2)."""
    found = []
    for train, test in splits:
        predicted = model.fit(X[train], y[train]).predict(X[test])
        found.append(
            (accuracy_score(y[test], predicted), f1_score(y[test], predicted, average="macro"))
        )
    return np.array(found)


def low_data_curve(table: dict, draws: int) -> list[dict]:
    """Macro-F1 of the SVC as the added class loses scans: mean and range over draws of them.

    Each stage has a held-out fold of its own (80, 93 and 104 scans), as it was measured before.
    """
    material = table["material"]
    rows = []
    for classes, known in KNOWN_CURVE.items():
        stage = np.isin(material, ORDER[:classes])
        X, y, groups = (table[k][stage] for k in ("frozen", "material", "sample_id"))
        train, test = held_out(y, groups)
        for n, before in zip((None, *VOLUMES), known, strict=True):
            kept = [_cut(train, y, classes, n, seed) for seed in range(draws if n else 1)]
            f1 = [fold_scores(scaled(SVC(**BALANCED)), X, y, [(k, test)])[0, 1] for k in kept]
            rows.append(
                {
                    "classes": classes,
                    "n_new": n or int(np.sum(y[train] == ORDER[classes - 1])),
                    "all": n is None,
                    "known": before,
                    "found": round(float(np.mean(f1)), 4),
                    "range": [round(float(min(f1)), 4), round(float(max(f1)), 4)],
                    "test_scans": len(test),
                }
            )
    return rows


def _cut(train, y, classes, n, seed):
    new = train[y[train] == ORDER[classes - 1]]
    if n is None:
        return train
    chosen = random.Random(seed).sample(list(new), n)
    return np.concatenate([np.setdiff1d(train, new), chosen])


def rounded(scores: dict) -> dict:
    return {key: round(float(value), 4) for key, value in scores.items()}
