"""The published features of real scans of five materials, with their specimens as groups."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat.evaluate import cross_validate_groups, run_folds

MODEL = make_pipeline(StandardScaler(), SVC(C=10))
# Held-out scans per material: row sums of the published confusion matrices (paper's order).
HELD_OUT = {"MoS2": 47, "WS2": 18, "WSe2": 13, "MoSe2": 12, "Mo-WSe2": 14}


@pytest.fixture(scope="module")
def tmd(shared):
    with np.load(shared / "data/tmd_features/tmd_features.npz", allow_pickle=False) as table:
        return table["frozen"], table["material"], table["sample_id"]


def test_the_published_held_out_fold_is_reproduced(tmd):
    X, y, groups = tmd
    codes = np.array([list(HELD_OUT).index(material) for material in y])
    first = next(StratifiedGroupKFold(10).split(X, codes, groups))
    results = run_folds(MODEL, X, y, groups, cv=[first])
    assert results.predictions["truth"].value_counts().to_dict() == HELD_OUT
    assert results.scores["n_train"].unique() == [922]


def test_ignoring_specimens_makes_the_score_too_good(tmd):
    X, y, groups = tmd
    settings = {"scoring": "accuracy", "random_state": 0}
    grouped = cross_validate_groups(MODEL, X, y, groups, **settings)["mean"][0]
    alone = cross_validate_groups(MODEL, X, y, np.arange(len(y)), **settings)["mean"][0]
    commonest = np.mean(y == "MoS2")
    assert commonest + 0.1 < grouped < alone - 0.02
