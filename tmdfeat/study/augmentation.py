"""What it does to turn, mirror or crop the scans that a network learns from."""

from sklearn.base import clone

from tmdfeat.study.comparison import Comparison, compare_models, one_seed

AUGMENT, SEED = "augment", "random_state"


def augmentation_study(
    X,
    y,
    groups,
    *,
    estimator,
    augment=(None, "flip", "d4", "rotation", "crop"),
    cv=5,
    repeats=1,
    random_state=None,
    n_jobs=None,
) -> Comparison:
    """Compare a network that learns from changed scans with one that learns from them as they are.

    All see the same folds and start from the same weights: only `augment` differs. Nothing but
    the training part of a fold is ever changed, and it is drawn anew in each epoch.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
    y, groups : see `tmdfeat.evaluate.run_folds`
    estimator : FineTunedCNN, or a Pipeline or other estimator that holds one
        Whatever has one parameter called ``augment``. A ``random_state`` of None beside it
        becomes a number drawn once, so that all start alike.
    augment : sequence of None and str
        Its values; see `tmdfeat.deep.FineTunedCNN`. None, or else the first, is the baseline.
    cv, repeats, n_jobs : see `tmdfeat.evaluate.run_folds`
    random_state : int, optional
        Of the splits, and of the network if it has none.

    Returns
    -------
    Comparison
        Models are called as their augmentation, "none" for None.

    Raises
    ------
    ValueError
        If `estimator` has no or several parameters ``augment``, or a value stands twice; and see
        `tmdfeat.evaluate.run_folds`.

    Examples
    --------
    >>> from tmdfeat import FineTunedCNN
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> from tmdfeat.deep import Rendering
    >>> data = make_tmd_afm(24, materials=("MoS2", "WSe2"), size=48, random_state=0)
    >>> cnn = FineTunedCNN("surfacenet", max_epochs=1, rendering=Rendering(size=32))
    >>> found = augmentation_study(data.images, data.target, data.groups, estimator=cnn,
    ...                            augment=(None, "d4"), cv=2, random_state=0)
    >>> found.differences[["model", "baseline"]].drop_duplicates().values.tolist()
    [['d4', 'none']]
    """
    seed = one_seed(random_state)
    kinds = [augment] if augment is None or isinstance(augment, str) else list(augment)
    names = ["none" if kind is None else str(kind) for kind in kinds]
    if not kinds or len(set(names)) < len(names):
        raise ValueError(f"augment must be different values, at least one, got {augment!r}.")
    where = _place_of(estimator)
    models = {}
    for name, kind in zip(names, kinds, strict=True):
        settings = {where + AUGMENT: kind}
        if estimator.get_params().get(where + SEED, seed) is None:
            settings[where + SEED] = seed
        models[name] = clone(estimator).set_params(**settings)
    baseline = "none" if "none" in names else names[0]
    settings = {"cv": cv, "repeats": repeats, "n_jobs": n_jobs, "random_state": seed}
    return compare_models(models, X, y, groups, baseline=baseline, **settings)


def _place_of(estimator) -> str:
    """Return what stands before ``augment`` in the estimator's one parameter of that name."""
    found = [
        name.removesuffix(AUGMENT)
        for name in estimator.get_params()
        if name == AUGMENT or name.endswith(f"__{AUGMENT}")
    ]
    if len(found) != 1:
        raise ValueError(
            f"estimator must have one parameter called {AUGMENT!r}, got {len(found)} in "
            f"{estimator!r}. Give e.g. FineTunedCNN(), or a Pipeline with one."
        )
    return found[0]
