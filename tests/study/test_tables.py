import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from tmdfeat import PhysicalFeatures
from tmdfeat.study import drop_unreadable, feature_tables


def test_columns_have_the_transformers_names_even_if_it_makes_pandas():
    stack = np.random.default_rng(0).normal(size=(3, 8, 8))
    features = PhysicalFeatures(names=["Ssk", "Sku"]).set_output(transform="pandas")
    [table] = feature_tables(stack, features)
    assert table.columns.tolist() == ["Ssk", "Sku"]
    assert table.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("features", ["resnet18", None, {}])
def test_what_is_no_transformer_is_refused(features):
    with pytest.raises(TypeError, match="must be a transformer from images to a table"):
        feature_tables(np.zeros((3, 8, 8)), features)


def test_what_learns_from_the_data_is_refused():
    with pytest.raises(ValueError, match="StandardScaler must not learn"):
        feature_tables(np.zeros((3, 8, 8)), StandardScaler())


def test_unreadable_files_are_listed_with_the_reason(tmp_path):
    np.save(tmp_path / "good.npy", np.eye(4))
    (tmp_path / "bad.npy").write_bytes(b"no array")
    kept, failures = drop_unreadable([tmp_path / "good.npy", tmp_path / "bad.npy"])
    assert kept.tolist() == [0]
    assert failures["position"].tolist() == [1]
    assert "bad.npy" in failures["error"][0]


def test_maps_that_will_be_filled_are_readable_with_their_holes():
    holed = np.eye(8)
    holed[3, 3] = np.nan
    assert drop_unreadable([holed], allow_nan=True)[0].tolist() == [0]
    assert drop_unreadable([holed])[0].tolist() == []
