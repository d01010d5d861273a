import numpy as np
import pytest
from deep.finetune.small import same_state, small, small_regressor, stripes
from deep.tiny import tiny
from numpy.testing import assert_array_equal
from safetensors import safe_open

from tmdfeat.deep import FineTunedCNN, FineTunedCNNRegressor, Rendering


@pytest.mark.parametrize("kind", ["text", "numbers"])
def test_a_saved_classifier_is_the_same_one(kind, tmp_path):
    X, y, groups = stripes()
    y = y if kind == "text" else np.unique(y, return_inverse=True)[1] * 50 + 900
    model = small(
        backbone="surfacenet", weights="default", loss="ordinal" if kind == "numbers" else "atoms",
        rendering=Rendering(1, 99, size=64), max_epochs=1,
    ).fit(X, y, groups)  # fmt: skip
    model.save(tmp_path / "model.safetensors")
    loaded = FineTunedCNN.load(tmp_path / "model.safetensors")
    assert same_state(loaded, model)
    assert loaded.get_params() == model.get_params()
    assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))
    assert_array_equal(loaded.predict(X), model.predict(X))
    assert loaded.history_.equals(model.history_)
    assert loaded.get_feature_names_out().tolist() == model.get_feature_names_out().tolist()


def test_the_file_holds_tensors_and_text_alone(tmp_path):
    X, y, groups = stripes()
    small(backbone="surfacenet", max_epochs=1).fit(X, y, groups).save(tmp_path / "m.safetensors")
    with safe_open(tmp_path / "m.safetensors", "np") as file:
        assert "last.weight" in set(file.keys())
        assert '"kind": "FineTunedCNN"' in file.metadata()["notes"]


def test_a_function_must_be_given_again(tmp_path):
    X, y, groups = stripes()
    model = small().fit(X, y, groups)
    model.save(tmp_path / "m.safetensors")
    with pytest.raises(ValueError, match=r"'tiny'.*backbone="):
        FineTunedCNN.load(tmp_path / "m.safetensors")
    loaded = FineTunedCNN.load(tmp_path / "m.safetensors", backbone=tiny)
    assert_array_equal(loaded.predict(X), model.predict(X))


def test_what_cannot_be_loaded_says_why(tmp_path):
    X, y, groups = stripes()
    path = tmp_path / "m.safetensors"
    with pytest.raises(FileNotFoundError, match="there is no file"):
        FineTunedCNN.load(path)
    small(backbone="surfacenet", max_epochs=1).fit(X, y, groups).save(path)
    with pytest.raises(ValueError, match="holds a FineTunedCNN"):
        FineTunedCNNRegressor.load(path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match="damaged"):
        FineTunedCNN.load(path)


def test_the_same_holds_for_values(tmp_path):
    X, _, groups = stripes()
    model = small_regressor(backbone="surfacenet", max_epochs=1)
    model.fit(X, 900 + np.arange(24.0), groups).save(tmp_path / "m.safetensors")
    loaded = FineTunedCNNRegressor.load(tmp_path / "m.safetensors")
    assert_array_equal(loaded.predict(X), model.predict(X))
