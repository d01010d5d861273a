"""How deep to look: the layers of a network, their principal components, several classifiers."""

import pandas as pd

from tmdfeat.gate import check_images
from tmdfeat.study.layer_features import layer_tables, tuned_tables
from tmdfeat.study.layer_scores import METRICS, VARIANCE, rehearse, score

TUNED = "tuned"


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
        See `tmdfeat.study.layer_models`.
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

    References
    ----------
    After Moses and Reinhart (2024), Materials Characterization 209, 113701, arXiv:2310.07816,
    who flattened maps instead of pooling them, and whose tuned network had seen held-out scans.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
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
    models, splits = rehearse(n, y, groups, variance, models, cv, repeats, random_state)
    runs = {layer: [(table, splits)] for layer, table in layer_tables(X, backbone, layers).items()}
    if tuned is not None:
        if TUNED in runs:
            raise ValueError(f"layers must not contain {TUNED!r}, which is what `tuned` is called.")
        tables = tuned_tables(tuned, X, y, groups, splits)
        runs[TUNED] = [(table, [split]) for table, split in zip(tables, splits, strict=True)]
    return score(runs, y, groups, variance, models, scoring, n_jobs)
