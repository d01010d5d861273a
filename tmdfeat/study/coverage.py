"""Coverage of whole scans from tiles: frozen features against fine-tuned networks."""

from collections.abc import Mapping
from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.parallel import Parallel, delayed
from tqdm import tqdm

from tmdfeat.evaluate import Fold
from tmdfeat.evaluate.entrance import takes_images
from tmdfeat.evaluate.routing import fit_with_groups, warn_of_mixing
from tmdfeat.evaluate.samples import count, take
from tmdfeat.study.comparison import check_models, one_seed
from tmdfeat.study.coverage_checks import check_coverage, check_groups, grouped_folds
from tmdfeat.study.coverage_models import default_coverage_models
from tmdfeat.study.coverage_scores import CoverageStudy, collect
from tmdfeat.study.tables import feature_tables
from tmdfeat.study.tiling import cut_tiles


def coverage_study(
    X,
    coverage,
    groups,
    *,
    models: Mapping | None = None,
    features=None,
    masks=None,
    tile_px=224,
    overlap=0.5,
    cv=5,
    repeats=1,
    random_state=None,
    n_jobs=None,
) -> CoverageStudy:
    """Learn coverage from tiles, predict it for tiles and whole scans of groups not seen.

    Tiles of one scan, and scans of one group, are never on both sides of a split. What is
    predicted of a scan is the mean of its tiles' predictions, each weighing as much as the area
    it stands for. Predictions are cut to 0..1.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
        They may differ in size.
    coverage : array-like of shape (n,), 0 to 1, or None
        Of each scan; None to take it from the masks.
    groups : array-like of shape (n,)
        What must stay together, e.g. growths.
    models : mapping of str to regressor, optional
        What begins with an image transformer, as ``FineTunedCNNRegressor(output="sigmoid")``,
        gets the tiles themselves, everything else their `features`. The first is the baseline.
        By default those of `tmdfeat.study.coverage_models.default_coverage_models`.
    features : transformer from images to a table, optional
        It must learn nothing from the data. By default ``CNNFeatures()``.
    masks : sequence of bool arrays, optional
        Where each scan is covered: then a tile's truth is its own coverage, else its scan's.
    tile_px : int, default 224
        Side of a tile.
    overlap : float, default 0.5
        Least share of a tile that its neighbour sees too.
    cv, repeats : int
        Folds, by groups, and how often to split anew.
    random_state : int, optional
        Of splits and default models.
    n_jobs : int, optional
        Fits at once. Networks are faster with 1.

    Returns
    -------
    CoverageStudy

    Raises
    ------
    ValueError
        If coverage is outside 0..1, missing, constant, or contradicts the masks; groups are
        missing or fewer than folds.

    Notes
    -----
    r2 compares the squared error of a fold with the variance of all scans (or tiles) of the
    study: folds of a few groups may hold nothing but films of one coverage, and an R² of their
    own would then be of any size. Its mean over folds is close to that of all predictions.

    Networks see each tile in its own contrast unless ``Rendering(low, high, unit="nm")`` says
    otherwise: all film then looks like all substrate. Heights must be levelled before, and have
    a common zero, for one range in nm to serve all scans.

    References
    ----------
    doi:10.1016/j.mtadv.2024.100483: tiles of 224 px that overlap by half, means of tiles.

    Examples
    --------
    >>> from tmdfeat import PhysicalFeatures
    >>> rng = np.random.default_rng(0)
    >>> covered = [rng.random((32, 32)) < share for share in np.linspace(0.1, 0.9, 12)]
    >>> maps = [mask + rng.normal(scale=0.05, size=mask.shape) for mask in covered]
    >>> found = coverage_study(
    ...     maps, None, range(12), masks=covered, tile_px=16, cv=2, random_state=0,
    ...     features=PhysicalFeatures(names=["Sq", "Ssk"], scale="px"))
    >>> mae = found.summary.query("level == 'scans' and metric == 'mae'").set_index("model")["mean"]
    >>> bool(mae["svr"] < mae["mean"])
    True
    """
    seed = one_seed(random_state)
    models = default_coverage_models(seed) if models is None else models
    baseline = check_models(models)
    n = count(X)
    masks = None if masks is None else list(masks)
    coverage, groups = check_coverage(coverage, masks, n), check_groups(groups, n)
    folds = grouped_folds(groups, cv, repeats, seed)
    tiles, places = cut_tiles(X, tile_px, overlap, masks)
    of_scan = places["scan"].to_numpy()
    places["group"] = groups[of_scan]
    if masks is None:
        places["coverage"] = coverage[of_scan]
    for model in models.values():
        warn_of_mixing(model, groups[of_scan])
    inputs = _inputs(models, tiles, features)
    jobs = [(name, fold) for name in models for fold in folds]
    calls = (delayed(_run)(models[name], inputs[name], places, fold) for name, fold in jobs)
    runs = Parallel(n_jobs=n_jobs, return_as="generator")(calls)
    runs = tqdm(runs, total=len(jobs), desc="coverage", unit="fit", disable=None)
    done = [(*job, *run) for job, run in zip(jobs, runs, strict=True)]
    return collect(done, places, coverage, baseline)


def _inputs(models: Mapping, tiles, features) -> dict:
    """What each model sees of the tiles: themselves, or their features, computed once."""
    on_images = {name for name, model in models.items() if takes_images(model)}
    inputs = dict.fromkeys(on_images, tiles)
    if len(on_images) < len(models):
        if features is None:
            from tmdfeat.deep import CNNFeatures  # here, not above: it imports torch

            features = CNNFeatures()
        [table] = feature_tables(tiles, features)
        inputs |= {name: table for name in models if name not in on_images}
    return inputs


def _run(model, X, places: pd.DataFrame, fold: Fold) -> tuple[pd.DataFrame, float]:
    start = perf_counter()
    train = np.flatnonzero(places["scan"].isin(fold.train))
    test = np.flatnonzero(places["scan"].isin(fold.test))
    learned, asked = places.iloc[train], places.iloc[test]
    y, groups = learned["coverage"].to_numpy(), learned["group"].to_numpy()
    fitted = fit_with_groups(clone(model), take(X, train), y, groups)
    predicted = np.clip(np.asarray(fitted.predict(take(X, test)), dtype=float).ravel(), 0, 1)
    return asked.assign(predicted=predicted), perf_counter() - start
