"""How deep to look: the layers of a network, their principal components, several classifiers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.evaluate.samples import count
from tmdfeat.gate import check_images
from tmdfeat.pipelines import BoundedPCA
from tmdfeat.study.comparison import check_models
from tmdfeat.study.layer_tables import layer_tables, tuned_tables

VARIANCE = (0.85, 0.99)
METRICS = ("accuracy", "f1_macro")
TUNED = "tuned"


def layer_models() -> dict:
    """Make the classifiers that a layer study uses unless told otherwise.

    Three ways to draw a border: kernels, a plane, neighbours. They stand on principal components
    of any number, so none has a length of its own: of neighbours the nearest five instead of those
    within a radius.

    Examples
    --------
    >>> list(layer_models())
    ['svc', 'ridge', 'knn']
    """
    return {
        "svc": SVC(class_weight="balanced"),
        "ridge": RidgeClassifier(alpha=30, class_weight="balanced"),
        "knn": KNeighborsClassifier(5, weights="distance"),
    }


def layer_study(
    X,
    y,
    groups,
    *,
    backbone="resnet18",
    layers=None,
    tuned=None,
    variance=VARIANCE,
    models=None,
    cv=5,
    repeats=1,
    scoring=METRICS,
    random_state=None,
    n_jobs=None,
) -> pd.DataFrame:
    """Score what each layer of a network knows, by classifiers on its principal components.

    A frozen network learns nothing from the scans: one pass computes all its layers, before the
    folds. Scaling, principal components and classifiers are fitted inside each fold, and so is
    the whole of a network that is tuned.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
        Levelled, e.g. by ``preset("standard").fit_transform(images)``.
    y, groups : array-like of shape (n,)
        Labels, and which scans show one sample.
    backbone, layers : see `tmdfeat.study.layer_tables`
        By default all stages of ResNet-18, pooled over space, and what its head sees.
    tuned : transformer, optional
        E.g. ``FineTunedCNN(...)``: one more layer, "tuned", from a network fitted on the training
        part of each fold. Vectors of one that has seen held-out scans score far too well.
    variance : sequence of float, default (0.85, 0.99)
        Shares of variance that the principal components must explain.
    models : mapping of str to classifier, optional
        See `layer_models`.
    cv, repeats, scoring, n_jobs : see `tmdfeat.evaluate.run_folds`
    random_state : int, optional
        Of the splits; all layers and models see the same ones in any case.

    Returns
    -------
    DataFrame
        One row per layer, share of variance, model and metric: layer, variance, n_components
        (mean over the folds), model, metric, mean, low, high, std, n_folds; see
        `tmdfeat.evaluate.summarize_scores`, and `tmdfeat.plot.plot_layers` for the figure.

    Raises
    ------
    ValueError
        If a share of variance is none; and see `tmdfeat.evaluate.run_folds`.

    Examples
    --------
    >>> from tmdfeat import CNNFeatures
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> data = make_tmd_afm(18, materials=("MoS2", "WSe2"), size=64, random_state=0)
    >>> found = layer_study(
    ...     data.images, data.target, data.groups, cv=2, random_state=0, scoring="accuracy",
    ...     backbone=CNNFeatures("squeezenet1_1", weights=None), layers=["stage2", "pool"],
    ...     models={"knn": KNeighborsClassifier(3)})
    >>> found[["layer", "model", "metric"]].drop_duplicates().values.tolist()
    [['stage2', 'knn', 'accuracy'], ['pool', 'knn', 'accuracy']]
    """
    n = len(check_images(X, allow_nan=True))
    models, splits = _rehearse(n, y, groups, variance, models, cv, repeats, random_state)
    runs = {layer: [(table, splits)] for layer, table in layer_tables(X, backbone, layers).items()}
    if tuned is not None:
        if TUNED in runs:
            raise ValueError(f"layers must not contain {TUNED!r}, which is what `tuned` is called.")
        tables = tuned_tables(tuned, X, y, groups, splits)
        runs[TUNED] = [(table, [split]) for table, split in zip(tables, splits, strict=True)]
    return _score(runs, y, groups, variance, models, scoring, n_jobs)


def score_layers(
    tables: Mapping,
    y,
    groups,
    *,
    variance=VARIANCE,
    models=None,
    cv=5,
    repeats=1,
    scoring=METRICS,
    random_state=None,
    n_jobs=None,
) -> pd.DataFrame:
    """Do as `layer_study` does, with tables that are there already.

    Parameters
    ----------
    tables : mapping of str to table of shape (n, columns)
        By layer; computed without looking at labels, as by `tmdfeat.study.layer_tables`.
    y, groups, variance, models, cv, repeats, scoring, random_state, n_jobs
        See `layer_study`.

    Returns
    -------
    DataFrame, as from `layer_study`

    Examples
    --------
    >>> y = np.repeat(["MoS2", "WS2"], 12)
    >>> tables = {"early": np.zeros((24, 1)), "late": (y == "WS2")[:, None]}
    >>> found = score_layers(tables, y, np.arange(24) // 2, cv=3, random_state=0)
    >>> found.groupby("layer")["mean"].max().to_dict()
    {'early': 0.5, 'late': 1.0}
    """
    sizes = {layer: count(table) for layer, table in tables.items()}
    wrong = {layer: size for layer, size in sizes.items() if size != len(y)}
    if wrong or not tables:
        raise ValueError(
            f"tables must map layers to tables of {len(y)} rows, one per label, got "
            f"{wrong or 'none'}."
        )
    models, splits = _rehearse(len(y), y, groups, variance, models, cv, repeats, random_state)
    runs = {layer: [(table, splits)] for layer, table in tables.items()}
    return _score(runs, y, groups, variance, models, scoring, n_jobs)


def _rehearse(n, y, groups, variance, models, cv, repeats, random_state):
    """Show what is wrong with labels, groups or folds before hours of features; make the folds."""
    wrong = [share for share in variance if not 0 < share < 1]
    if wrong or not len(variance):
        raise ValueError(f"variance must hold shares between 0 and 1, got {wrong or variance}.")
    models = layer_models() if models is None else models
    check_models(models)
    guess, nothing = DummyClassifier(), np.zeros((n, 1))
    folds = run_folds(guess, nothing, y, groups, cv=cv, repeats=repeats, random_state=random_state)
    return models, [(fold.train, fold.test) for fold in folds.folds]


def _score(runs, y, groups, variance, models, scoring, n_jobs) -> pd.DataFrame:
    rows = []
    for layer, parts in runs.items():
        for share in variance:
            for name, model in models.items():
                steps = [("scale", StandardScaler()), ("pca", BoundedPCA(float(share)))]
                pipe = Pipeline([*steps, ("model", clone(model))])
                results = [
                    run_folds(
                        pipe,
                        table,
                        y,
                        groups,
                        cv=splits,
                        scoring=scoring,
                        n_jobs=n_jobs,
                        keep_estimators=True,
                    )
                    for table, splits in parts
                ]
                rows.append(_row(results).assign(layer=layer, variance=share, model=name))
    table = pd.concat(rows, ignore_index=True)
    head = ["layer", "variance", "n_components", "model"]
    return table[[*head, *table.columns.drop(head)]]


def _row(results) -> pd.DataFrame:
    scores = pd.concat([result.scores for result in results], ignore_index=True)
    found = [fold.estimator["pca"].pca_.n_components_ for r in results for fold in r.folds]
    return summarize_scores(scores).assign(n_components=float(np.mean(found)))
