"""Tables of a transfer study: means with intervals, paired differences, bars to draw."""

import pandas as pd

from tmdfeat.evaluate import summarize_differences, summarize_scores
from tmdfeat.evaluate.metrics import METRICS
from tmdfeat.parameters import check_choice

STUDY = ["target", "stage", "classes", "added", "n_new"]
SPLITS = {"train": "train_", "validation": "validation_", "test": ""}


def summarize_transfer(scores, *, metric="f1_macro", confidence=0.95) -> pd.DataFrame:
    """Mean score of each strategy, stage and volume over the folds, with an interval.

    Parameters
    ----------
    scores : DataFrame
        From `transfer_study`.
    metric : {"f1_macro", "accuracy", "balanced_accuracy"}
    confidence : float, default 0.95

    Returns
    -------
    DataFrame
        strategy, target, stage, classes, added, n_new, n_new_train (mean over the folds), metric,
        mean, low, high, std, n_folds; see `tmdfeat.evaluate.summarize_scores`. With
        ``fixed_test=True`` intervals leave out that there is one test set only.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from tmdfeat.study import transfer_study
    >>> y, X = np.repeat(["MoS2", "WS2"], 10), np.repeat([0.0, 1.0], 10)[:, None]
    >>> scores = transfer_study(X, y, np.arange(20), stages=[["MoS2", "WS2"]],
    ...                         strategies={"frozen": KNeighborsClassifier(1)})
    >>> summarize_transfer(scores)[["strategy", "mean", "low", "high", "n_folds"]].values.tolist()
    [['frozen', 1.0, 1.0, 1.0, 5]]
    """
    check_choice("metric", metric, list(METRICS))
    rows = []
    for _, part in _grouped(scores, ["strategy", *STUDY]):
        row = part.iloc[0][["strategy", *STUDY]].to_dict()
        row["n_new_train"] = part["n_new_train"].mean()
        long = part.assign(metric=metric, score=part[metric])
        rows.append(row | summarize_scores(long, confidence=confidence).iloc[0].to_dict())
    return pd.DataFrame(rows).astype({"n_new": "Int64"})


def compare_transfer(
    scores, reference, *, by="strategy", metric="f1_macro", confidence=0.95
) -> pd.DataFrame:
    """Mean difference to a strategy, or target, in the same folds, with an interval.

    Parameters
    ----------
    scores : DataFrame
        From `transfer_study`.
    reference : str
        What is subtracted, e.g. ``"imagenet"``. Stages that it did not run are left out.
    by : {"strategy", "target"}, default "strategy"
        What is compared.
    metric : {"f1_macro", "accuracy", "balanced_accuracy"}
    confidence : float, default 0.95

    Returns
    -------
    DataFrame
        target, stage, classes, added, n_new; strategy, baseline, metric, mean, low, high, std,
        n_folds; see `tmdfeat.evaluate.summarize_differences`.

    Raises
    ------
    ValueError
        If nothing is called `reference`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from tmdfeat.study import transfer_study
    >>> y, X = np.repeat(["MoS2", "WS2"], 10), np.repeat([0.0, 1.0], 10)[:, None]
    >>> scores = transfer_study(
    ...     X, y, np.arange(20), stages=[["MoS2", "WS2"]],
    ...     strategies={"guess": DummyClassifier(), "frozen": KNeighborsClassifier(1)})
    >>> table = compare_transfer(scores, "guess", metric="accuracy")
    >>> table[["strategy", "baseline", "mean", "low", "high"]].values.tolist()
    [['frozen', 'guess', 0.5, 0.5, 0.5]]
    """
    check_choice("by", by, ["strategy", "target"])
    check_choice("metric", metric, list(METRICS))
    check_choice("reference", reference, scores[by].unique().tolist())
    keys = [key for key in ["strategy", *STUDY] if key != by]
    tables = []
    for _, part in _grouped(scores, keys):
        if reference not in set(part[by]):
            continue
        long = part.assign(metric=metric, score=part[metric])
        found = summarize_differences(long, reference, by=by, confidence=confidence)
        tables.append(found.assign(**part.iloc[0][keys].to_dict()))
    table = pd.concat(tables, ignore_index=True).astype({"n_new": "Int64"})
    return table[[*keys, *(name for name in table if name not in keys)]]


def modality_tables(scores, *, metric="f1_macro") -> dict[str, pd.DataFrame]:
    """Lay scores out as bars by training volume, one table for each stage.

    Parameters
    ----------
    scores : DataFrame
        From `transfer_study`.
    metric : {"f1_macro", "accuracy", "balanced_accuracy"}

    Returns
    -------
    dict of str to DataFrame
        By stage, for `tmdfeat.plot.plot_modalities`: series (strategy, and target if there are
        two), split, n_new (images of the added class, to train on and to choose the epoch by,
        mean over the folds; where two volumes have as many, with what was asked for, as text),
        mean and std (ddof 0, as published).

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from tmdfeat.study import transfer_study
    >>> y, X = np.repeat(["MoS2", "WS2"], 10), np.repeat([0.0, 1.0], 10)[:, None]
    >>> scores = transfer_study(X, y, np.arange(20), stages=[["MoS2", "WS2"]],
    ...                         strategies={"frozen": KNeighborsClassifier(1)})
    >>> modality_tables(scores)["2 classes: + MoS2, WS2"].values.tolist()[-1]
    ['frozen', 'test', 16, 1.0, 0.0]
    """
    check_choice("metric", metric, list(METRICS))
    several = scores["target"].nunique() > 1
    series = scores["strategy"] + (", " + scores["target"] if several else "")
    used = scores["n_new_train"] + scores["n_new_validation"]
    panels = {}
    for number, stage in scores.assign(series=series, used=used).groupby("stage", sort=True):
        names = _volumes(stage)
        bars = [
            _bar(part, metric, split) | {"n_new": names[_asked(part)]}
            for split in SPLITS
            for _, part in _bars(stage)
        ]
        count = scores.loc[scores["stage"] == number, "classes"].iloc[0].count(", ") + 1
        panels[f"{count} classes: + {stage['added'].iloc[0]}"] = pd.DataFrame(bars)
    return panels


def _grouped(table: pd.DataFrame, keys: list[str]):
    return table.groupby(keys, sort=False, dropna=False)


def _bars(stage: pd.DataFrame):
    """Bars of a stage, the largest volume first."""
    parts = list(_grouped(stage, ["series", "n_new"]))
    return sorted(parts, key=lambda named: -named[1]["used"].mean())


def _volumes(stage: pd.DataFrame) -> dict:
    """Name each volume by its images; where two have as many, also by what was asked for."""
    parts = [part for _, part in _grouped(stage, ["n_new"])]
    used = {_asked(part): round(part["used"].mean()) for part in parts}
    counts = list(used.values())
    return {n: k if counts.count(k) == 1 else f"{k} ({n})" for n, k in used.items()}


def _asked(part: pd.DataFrame) -> str:
    n = part["n_new"].iloc[0]
    return "all" if pd.isna(n) else f"{n} to train on"


def _bar(part: pd.DataFrame, metric: str, split: str) -> dict:
    values = part[f"{SPLITS[split]}{metric}"]
    return {
        "series": part["series"].iloc[0],
        "split": split,
        "n_new": None,  # here, so that it stands before the scores
        "mean": float(values.mean()),
        "std": float(values.std(ddof=0)),
    }
