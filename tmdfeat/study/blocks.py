"""Latent, physical, or both? The same folds for all three, and shares of what drives both."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from tmdfeat.evaluate import run_folds, summarize_scores
from tmdfeat.evaluate.metrics import METRICS
from tmdfeat.explain import explain, share_over_folds
from tmdfeat.gate import check_images
from tmdfeat.pipelines import latent_physical
from tmdfeat.study.classifier import default_classifier
from tmdfeat.study.tables import feature_tables

BLOCKS = ("latent", "physical")
BOTH = "both"


@dataclass(frozen=True, eq=False)
class BlockComparison:
    """What `compare_blocks` found.

    Attributes
    ----------
    features : DataFrame
        One row per scan: its name, label and group, and every column as it was computed.
    summary : DataFrame
        features ("latent", "physical", "both"), metric, mean, low, high, std, n_folds.
    scores, predictions : DataFrame
        As from `run_folds`, with the column features in front, and the scan's name.
    chance : Series
        By metric: mean score, in the same folds, of always guessing the class that is the
        most frequent of all.
    block_shares, family_shares : DataFrame
        Shares of the attribution in the models that see both, on their held-out scans; NaN,
        with a warning, if these models learned nothing.
    """

    features: pd.DataFrame
    summary: pd.DataFrame
    scores: pd.DataFrame
    predictions: pd.DataFrame
    chance: pd.Series
    block_shares: pd.DataFrame
    family_shares: pd.DataFrame


def compare_blocks(
    X,
    y,
    groups,
    *,
    cnn,
    physical,
    names=None,
    classifier=None,
    n_components=32,
    cv=5,
    repeats=1,
    random_state=None,
) -> BlockComparison:
    """Score latent, physical and both features in the same grouped folds, and attribute.

    The features are computed once, since neither a frozen network nor a descriptor learns
    from the scans. Scaling, PCA, imputation and the classifier are fitted inside each fold.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
        Levelled, e.g. by ``preset("standard").fit_transform(images)``.
    y, groups : array-like of shape (n,)
        Labels, and which scans show one sample.
    cnn, physical : transformers
        E.g. ``CNNFeatures()`` and ``PhysicalFeatures()``.
    names : sequence of str, optional
        What to call the scans in the tables; by default X[0], X[1], ...
    classifier : classifier, optional
        By default XGBoost with settings for small data, see `default_classifier`.
    n_components : int, float or None, default 32
        Of the PCA of the latent block, see `tmdfeat.latent_physical`.
    cv, repeats : int
        See `tmdfeat.evaluate.run_folds`.
    random_state : int, optional
        Of splits, default classifier and bootstrap. An int: all three see the same splits.

    Returns
    -------
    BlockComparison

    Raises
    ------
    TypeError
        If `classifier` has neither `predict_proba` nor `decision_function`.
    ValueError
        See `tmdfeat.evaluate.run_folds`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from tmdfeat import CNNFeatures, PhysicalFeatures
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> data = make_tmd_afm(18, materials=("MoS2", "WSe2"), size=64, random_state=0)
    >>> found = compare_blocks(
    ...     data.images, data.target, data.groups, cv=2, random_state=0,
    ...     cnn=CNNFeatures("squeezenet1_1", weights=None), physical=PhysicalFeatures(),
    ...     classifier=LogisticRegression())
    >>> found.summary["features"].unique().tolist()
    ['latent', 'physical', 'both']
    >>> float(found.block_shares["share"].sum().round(6))
    1.0
    """
    if random_state is None:
        # Drawn once: every feature set must see the same splits.
        random_state = int(np.random.default_rng().integers(2**31 - 1))
    classifier = default_classifier(random_state) if classifier is None else classifier
    _check_explainable(classifier)
    n = len(check_images(X))
    names = [f"X[{i}]" for i in range(n)] if names is None else [str(name) for name in names]
    score = partial(
        run_folds, y=y, groups=groups, cv=cv, repeats=repeats, random_state=random_state
    )
    # A rehearsal: what is wrong with labels, groups or folds shows before hours of features.
    score(DummyClassifier(), np.zeros((n, 1)))
    tables = zip(BLOCKS, feature_tables(X, cnn, physical), strict=True)
    table = pd.concat([table.add_prefix(f"{block}__") for block, table in tables], axis=1)
    union = latent_physical(*(_pick(table, block) for block in BLOCKS), n_components=n_components)
    results = {}
    for name in (*BLOCKS, BOTH):
        model = Pipeline([("features", _only(union, name)), ("classifier", classifier)])
        results[name] = score(model, table, keep_estimators=name == BOTH)
    block_shares, family_shares = _shares(results[BOTH], table, random_state)
    head = pd.DataFrame({"scan": names, "label": np.asarray(y), "group": np.asarray(groups)})
    predictions = _stack({k: r.predictions for k, r in results.items()})
    predictions.insert(4, "scan", [names[position] for position in predictions["position"]])
    return BlockComparison(
        features=pd.concat([head, table], axis=1),
        summary=_stack({k: summarize_scores(r.scores) for k, r in results.items()}),
        scores=_stack({k: r.scores for k, r in results.items()}),
        predictions=predictions,
        chance=_chance(results[BOTH].predictions),
        block_shares=block_shares,
        family_shares=family_shares,
    )


def _check_explainable(classifier) -> None:
    # Here already: explain would say so, but only after all the scores.
    if not (hasattr(classifier, "predict_proba") or hasattr(classifier, "decision_function")):
        raise TypeError(
            f"classifier needs predict_proba or decision_function, got {classifier!r}. "
            "For votes, wrap it: CalibratedClassifierCV(classifier)."
        )


def _pick(table: pd.DataFrame, block: str) -> ColumnTransformer:
    """Stand in for the transformer that computed a block's columns of the joined table."""
    columns = [name for name in map(str, table) if name.startswith(f"{block}__")]
    return ColumnTransformer(
        [(block, "passthrough", columns)], verbose_feature_names_out=_without_block
    )


def _without_block(block: str, name: str) -> str:
    return name.removeprefix(f"{block}__")


def _only(union: FeatureUnion, name: str) -> FeatureUnion:
    if name == BOTH:
        return union
    return FeatureUnion([(name, union.named_transformers[name])])


def _chance(predictions: pd.DataFrame) -> pd.Series:
    # Not the most frequent class of each training part: where classes are equally common, the
    # test part has least of that one, and guessing would look worse than it is.
    guess = predictions["truth"].mode()[0]
    truths = [part["truth"] for _, part in predictions.groupby(["repeat", "fold"])]
    means = {
        name: np.mean([metric(truth, [guess] * len(truth)) for truth in truths])
        for name, metric in METRICS.items()
    }
    return pd.Series(means, name="score").rename_axis("metric")


def _shares(results, table, random_state):
    attributions = [
        explain(fold.estimator, table.iloc[fold.test], background=table.iloc[fold.train])
        for fold in results.folds
    ]
    groups = results.predictions["group"].to_numpy()
    block, family = (
        share_over_folds(attributions, level, groups, random_state) for level in ("block", "family")
    )
    return block, family


def _stack(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(
        [table.assign(features=name) for name, table in tables.items()], ignore_index=True
    )[["features", *next(iter(tables.values())).columns]]
