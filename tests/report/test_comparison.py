import numpy as np
import pandas as pd
import pytest

from tmdfeat import HeightMap
from tmdfeat.report.comparison import write_comparison
from tmdfeat.study import BlockComparison

METRICS = ["accuracy", "balanced_accuracy", "f1_macro"]


def comparison(share=(0.4, 0.6)):
    """Two folds of four scans with made-up scores."""
    names = ["latent", "physical", "both"]
    summary = pd.DataFrame(
        [(name, metric, 0.8, 0.7, 0.9) for name in names for metric in METRICS],
        columns=["features", "metric", "mean", "low", "high"],
    )
    predictions = pd.DataFrame(
        {"features": "both", "truth": list("aabb"), "predicted": list("abbb")}
    )
    shares = pd.DataFrame({"share": share, "low": share, "high": share}, index=names[:2])
    return BlockComparison(
        features=pd.DataFrame({"label": list("aabb"), "group": range(4), "latent__x": 0.0}),
        summary=summary,
        scores=summary.assign(repeat=0, fold=0, seconds=1.0),
        predictions=predictions,
        chance=pd.Series([0.123, 0.456, 0.321], pd.Index(METRICS, name="metric"), name="score"),
        block_shares=shares,
        family_shares=shares,
    )


def write(found, folder):
    maps = {"a": HeightMap(np.eye(8))}
    return write_comparison(found, folder, title="T", notes="", settings="S", examples=maps)


def test_the_page_and_a_table_tell_what_guessing_scores_in_each_metric(tmp_path):
    text = write(comparison(), tmp_path).read_text(encoding="utf-8")
    assert all(number in text for number in ("0.123", "0.456", "0.321"))
    table = pd.read_csv(tmp_path / "chance.csv", index_col="metric")
    assert table["score"].tolist() == pytest.approx([0.123, 0.456, 0.321])


def test_undefined_shares_are_written_and_drawn(tmp_path):
    page = write(comparison(share=(np.nan, np.nan)), tmp_path)
    assert "NaN" in page.read_text(encoding="utf-8")
    assert pd.read_csv(tmp_path / "block_shares.csv")["share"].isna().all()
    assert (tmp_path / "block_shares.png").stat().st_size > 0
