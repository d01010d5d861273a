import functools
from pathlib import Path

import numpy as np
import pytest
from deep.finetune.small import small, small_regressor, stripes
from deep.tiny import tiny, wide

from tmdfeat.deep import FineTunedCNN, FineTunedCNNRegressor, Rendering
from tmdfeat.deep.finetune.settings import check_settings


def test_parameters_become_what_they_mean():
    settings = check_settings(
        small(patience=np.int64(3), hidden=[np.int32(9), 4], schedule="cosine", select="loss")
    )
    assert settings.hidden == (9, 4)
    assert settings.backbone.size == 32
    recipe = settings.recipe
    assert (recipe.patience, recipe.schedule, recipe.select) == (3, "cosine", "loss")
    assert (recipe.batch_size, recipe.max_epochs, recipe.device) == (8, 2, "cpu")


def test_defaults_hold():
    for cls in (FineTunedCNN, FineTunedCNNRegressor):
        settings = check_settings(cls())
        assert settings.backbone.name == "resnet18"
        assert settings.backbone.size == 224


def test_values_are_not_balanced():
    assert check_settings(small_regressor()).recipe.sampler == "shuffle"


@pytest.mark.parametrize("seed", [0, 7, np.int64(7), np.uint8(7)])
def test_a_number_is_the_seed(seed):
    assert check_settings(small(random_state=seed)).recipe.seed == seed


def test_a_random_state_gives_another_seed_for_each_fit():
    one, other = (small(random_state=np.random.RandomState(0)) for _ in range(2))
    seeds = [check_settings(one).recipe.seed for _ in range(3)]
    assert len(set(seeds)) == 3
    assert seeds == [check_settings(other).recipe.seed for _ in range(3)]


def test_only_fit_draws_from_a_random_state():
    X, y, groups = stripes()
    random_state = np.random.RandomState(0)
    cnn = small(random_state=random_state).fit(X, y, groups)
    before = random_state.get_state()[2]
    first = cnn.predict_proba(X)
    cnn.transform(X)
    cnn.get_feature_names_out()
    assert random_state.get_state()[2] == before
    assert np.array_equal(first, cnn.predict_proba(X))


def test_without_a_seed_only_fit_draws_from_numpys():
    X, y, groups = stripes()
    cnn = small(random_state=None).fit(X, y, groups)
    before = np.random.get_state()[2]  # noqa: NPY002 - the global state is what is asked about
    cnn.predict(X)
    assert np.random.get_state()[2] == before  # noqa: NPY002


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"backbone": "resnet19"}, "Did you mean 'resnet18'"),
        ({"hidden": 100}, r"hidden must be a tuple of widths, e.g. \(100,\)"),
        ({"hidden": (0,)}, "hidden must be an integer of at least 1, got 0"),
        ({"hidden": (9.5,)}, "hidden must be an integer of at least 1, got 9.5"),
        ({"dropout": 1}, "dropout must be a number from 0 .none. to below 1, got 1"),
        ({"dropout": -0.1}, "dropout must be .* got -0.1"),
        ({"dropout": None}, "dropout must be .* got None"),
        ({"dropout": "0.5"}, "dropout must be .* got '0.5'"),
        ({"dropout": float("nan")}, "dropout must be .* got nan"),
        ({"validation_fraction": 1.0}, "validation_fraction must be .* got 1.0"),
        ({"validation_fraction": None}, "validation_fraction must be .* got None"),
        ({"validation_fraction": True}, "validation_fraction must be .* got True"),
        ({"lr": 0}, "lr must be a number above 0"),
        ({"lr": "fast"}, "lr must be a number above 0"),
        ({"lr": float("nan")}, "lr must be a number above 0"),
        ({"stage_lr_decay": 0}, "stage_lr_decay must be a number above 0 and up to 1"),
        ({"stage_lr_decay": 1.1}, "stage_lr_decay must be a number above 0 and up to 1"),
        ({"freeze": 0}, "freeze, unless None or 'body', must be an integer of at least 1"),
        ({"freeze": "head"}, "freeze, unless None or 'body'"),
        ({"freeze": True}, "freeze, unless None or 'body'"),
        ({"freeze": 2}, "number of a stage, 1 to 1 in tiny, got 2"),
        ({"max_epochs": 0}, "max_epochs must be an integer of at least 1"),
        ({"batch_size": 0}, "batch_size must be an integer of at least 1"),
        ({"patience": 0}, "patience must be an integer of at least 1"),
        ({"patience": 1, "select": "last"}, "select='last' knows none"),
        ({"sampler": "random"}, "sampler must be one of"),
        ({"augment": "mirror"}, "augment must be one of"),
        ({"batch_norm": "eval"}, "batch_norm must be one of"),
        ({"schedule": "step"}, "schedule must be one of"),
        ({"select": "f1"}, "select must be one of"),
        ({"head": "drop"}, "head must be one of"),
        ({"precision": "float16"}, "precision must be one of"),
        ({"device": "tpu"}, "device"),
        ({"random_state": -1}, "random_state must be an integer of at least 0"),
        ({"checkpoint": "here", "random_state": None}, "checkpoint needs a number as random_state"),
    ],
)
def test_wrong_values_are_named(parameters, message):
    X, y, groups = stripes()
    with pytest.raises(ValueError, match=message):
        small(**parameters).fit(X, y, groups)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"rendering": "grey"}, "rendering must be a tmdfeat.deep.Rendering or None"),
        ({"checkpoint": 3}, "checkpoint must be the path of a folder or None, got 3"),
        ({"backbone": tiny()}, "a function that returns a torch.nn.Module"),
        ({"init_from": 3}, "init_from must be a fitted FineTunedCNN"),
    ],
)
def test_wrong_types_are_named(parameters, message):
    X, y, groups = stripes()
    with pytest.raises(TypeError, match=message):
        small(**parameters).fit(X, y, groups)


def test_a_partial_of_a_function_and_a_path_will_do(tmp_path):
    X, y, groups = stripes()
    cnn = small(backbone=functools.partial(tiny, channels=5), checkpoint=Path(tmp_path))
    assert cnn.fit(X, y, groups).transform(X).shape == (24, 8)
    assert Rendering(size=32) == cnn.rendering


def test_a_file_is_no_folder_for_checkpoints(tmp_path):
    X, y, groups = stripes()
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="checkpoint must be a folder, but"):
        small(checkpoint=tmp_path / "file").fit(X, y, groups)


@pytest.mark.parametrize("change", [{"hidden": (5,)}, {"backbone": wide}])
@pytest.mark.parametrize("method", ["predict", "transform"])
def test_parameters_that_the_fitted_weights_do_not_fit_are_named(change, method):
    X, y, groups = stripes()
    cnn = small().fit(X, y, groups).set_params(**change)
    with pytest.raises(ValueError, match="these parameters were changed after fit"):
        getattr(cnn, method)(X)
