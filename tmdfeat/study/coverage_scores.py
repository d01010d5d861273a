"""Errors of predicted coverage, of tiles and of whole scans."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error, mean_squared_error

from tmdfeat.evaluate import Fold, summarize_differences, summarize_scores
from tmdfeat.study.comparison import front
from tmdfeat.study.tiling import join_tiles

WHERE = ["model", "repeat", "fold", "scan"]
TILE = ["scan", "row", "column", "group", "truth", "predicted"]


@dataclass(frozen=True, eq=False)
class CoverageStudy:
    """What `tmdfeat.study.coverage_study` found.

    Attributes
    ----------
    summary : DataFrame
        One row per model, level ("tiles" or "scans") and metric (mae, rmse, r2): mean, low,
        high, std, n_folds; see `tmdfeat.evaluate.summarize_scores`.
    differences : DataFrame
        The same, of the differences to the baseline, fold by fold.
    scores : DataFrame
        One row per model, level, fold and metric.
    tiles, scans : DataFrame
        One row per model and held-out tile or scan: model, repeat, fold, scan (its place in X),
        group, truth, predicted; of tiles also row and column of their first pixel.
    """

    summary: pd.DataFrame
    differences: pd.DataFrame
    scores: pd.DataFrame
    tiles: pd.DataFrame
    scans: pd.DataFrame


def collect(runs, places: pd.DataFrame, coverage: np.ndarray, baseline: str) -> CoverageStudy:
    """Join tiles to scans, and score both.

    Parameters
    ----------
    runs : list of (model's name, Fold, places of its test with predicted, seconds)
    places : DataFrame
        Of all tiles, see `tmdfeat.study.tiling.cut_tiles`.
    coverage : array of shape (n,)
        Of each scan.
    baseline : str

    Returns
    -------
    CoverageStudy
    """
    tables: dict[str, list[pd.DataFrame]] = {"scores": [], "tiles": [], "scans": []}
    variance = {"tiles": places["coverage"].var(ddof=0), "scans": coverage.var()}
    for name, fold, asked, seconds in runs:
        where = {"model": name, "repeat": fold.repeat, "fold": fold.fold}
        tiles = asked.rename(columns={"coverage": "truth"})[TILE]
        scans = _of_scans(asked, coverage)
        for level, table in (("tiles", tiles), ("scans", scans)):
            tables[level].append(table.assign(**where))
            scored = _score(table, fold, variance[level]).assign(
                level=level, seconds=seconds, **where
            )
            tables["scores"].append(scored)
    joined = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    scores = front(joined["scores"], ["model", "level", "repeat", "fold"])
    summary = [
        summarize_scores(part).assign(level=str(level), model=str(name))
        for (level, name), part in scores.groupby(["level", "model"], sort=False)
    ]
    differences = [
        summarize_differences(part, baseline).assign(level=str(level))
        for level, part in scores.groupby("level", sort=False)
    ]
    return CoverageStudy(
        summary=front(pd.concat(summary, ignore_index=True), ["model", "level"]),
        differences=front(
            pd.concat(differences, ignore_index=True), ["model", "baseline", "level"]
        ),
        scores=scores,
        tiles=front(joined["tiles"], WHERE),
        scans=front(joined["scans"], WHERE),
    )


def _of_scans(places: pd.DataFrame, coverage: np.ndarray) -> pd.DataFrame:
    joined = join_tiles(places, places["predicted"])
    groups = places.groupby("scan")["group"].first()
    table = pd.DataFrame({"scan": joined.index, "group": groups[joined.index].to_numpy()})
    return table.assign(truth=coverage[joined.index], predicted=joined.to_numpy())


def _score(table: pd.DataFrame, fold: Fold, variance: float) -> pd.DataFrame:
    truth, predicted = table["truth"], table["predicted"]
    squared = float(mean_squared_error(truth, predicted))
    scores = {
        "mae": float(mean_absolute_error(truth, predicted)),
        "rmse": float(np.sqrt(squared)),
        "r2": 1 - squared / variance,
    }
    sizes = {"n_train": len(fold.train), "n_test": len(fold.test)}
    sizes["n_test_groups"] = table["group"].nunique()
    table = pd.DataFrame({"metric": list(scores), "score": list(scores.values())})
    return table.assign(**sizes)
