"""The goal on real data: one recipe, chosen on training scans, held against fine-tuned networks."""

import numpy as np
from published_recipes import FIRST_LOOK, nested, ranking, recipes
from published_tables import held_out
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.study import compare_models

DRAWS = 10_000  # of samples, for intervals
SEED = 20
TRIED_BEFORE = 700  # settings looked at on the same training scans before the list was made


def goal(table: dict, *, repeats: int, outer: int, folds: int) -> dict:
    """Choose on the training scans; then the held-out scans, once, and folds of all scans."""
    X, y, groups = (table[key] for key in ("frozen", "material", "sample_id"))
    train, test = held_out(y, groups)
    part = (X[train], y[train], groups[train])
    ranked = ranking(recipes(), *part, repeats=repeats, seed=SEED)
    chosen, scores = nested(*part, repeats=outer, seed=SEED + 100)
    best = ranked.index[0]
    return {
        "recipe": best,
        "choice": {
            "recipes": len(ranked),
            "tried_before_by_hand": TRIED_BEFORE,
            "repeats": repeats,
            "training_scans": len(train),
            "ranking": ranked.round(4).reset_index().to_dict("records"),
            "nested": _summary(scores),
            "nested_choices": {name: chosen.count(name) for name in sorted(set(chosen))},
        },
        "held_out": once(recipes()[best], X, y, groups, (train, test)),
        "all_scans": everything(recipes()[best], X, y, groups, folds),
    }


def once(model, X, y, groups, split) -> dict:
    """Fit on the training scans, predict the held-out ones; intervals by drawing samples again."""
    found = run_folds(model, X, y, groups, cv=[split]).predictions
    truth, predicted = found["truth"].to_numpy(), found["predicted"].to_numpy()
    labels = np.unique(y)
    accuracies, f1s = bootstrap(truth, predicted, found["group"].to_numpy(), labels)
    accuracy = accuracy_score(truth, predicted)
    return {
        "scans": len(truth),
        "samples": int(found["group"].nunique()),
        "accuracy": _with_interval(accuracy, accuracies),
        "f1_macro": _with_interval(f1_score(truth, predicted, average="macro"), f1s),
        "standard_error": round(float(np.sqrt(accuracy * (1 - accuracy) / len(truth))), 4),
        "labels": labels.tolist(),
        "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
    }


def bootstrap(truth, predicted, groups, labels, draws: int = DRAWS):
    """Accuracy and macro-F1 of sets of samples drawn with replacement, each (draws,).

    A class that a draw lacks in truth does not count in its macro-F1.
    """
    _, group = np.unique(groups, return_inverse=True)
    n, k = group.max() + 1, len(labels)
    counts = np.zeros((n, k, k))
    np.add.at(
        counts, (group, np.searchsorted(labels, truth), np.searchsorted(labels, predicted)), 1
    )
    times = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=draws)
    tables = np.tensordot(times, counts, axes=1)
    right, true = np.diagonal(tables, axis1=1, axis2=2), tables.sum(axis=2)
    f1 = np.divide(
        2 * right, true + tables.sum(axis=1), where=true > 0, out=np.full(true.shape, np.nan)
    )
    return right.sum(axis=1) / true.sum(axis=1), np.nanmean(f1, axis=1)


def everything(model, X, y, groups, repeats) -> dict:
    """Repeated grouped folds over all scans, beside the first looks; and one answer per sample."""
    models = {**FIRST_LOOK, "the recipe": model}
    found = compare_models(
        models, X, y, groups, baseline="root, SVC C=10", repeats=repeats, random_state=0
    )
    own = found.predictions.query("model == 'the recipe'")
    gained = found.differences.query("model == 'the recipe'").set_index("metric")
    return {
        "repeats": repeats,
        "folds": 5,
        "scores": {name: _summary(found.scores.query("model == @name")) for name in models},
        "gain_over_root_SVC": _numbers(gained),
        "per_sample_accuracy": round(per_sample(own), 4),
    }


def per_sample(predictions) -> float:
    """Share of scans that are right if all scans of a held-out sample answer together."""
    columns = [c for c in predictions if c.startswith("probability_")]
    together = predictions.groupby(["repeat", "group"])[columns].transform("mean")
    answer = together.idxmax(axis=1).str.removeprefix("probability_")
    return float((answer == predictions["truth"]).mean())


def _summary(scores) -> dict:
    return _numbers(summarize_scores(scores).set_index("metric"))


def _numbers(table) -> dict:
    return {
        metric: {k: round(float(table.loc[metric, k]), 4) for k in ("mean", "low", "high", "std")}
        for metric in ("accuracy", "f1_macro")
    }


def _with_interval(value, draws) -> dict:
    low, high = np.quantile(draws, [0.025, 0.975])
    return {
        k: round(float(v), 4)
        for k, v in zip(("value", "low", "high"), (value, low, high), strict=True)
    }
