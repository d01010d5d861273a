import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from tmdfeat import HeightMap
from tmdfeat.base import ImageStep, ImageTransformer
from tmdfeat.gate import Images, check_images


class Add(ImageStep):
    """The smallest step that has a parameter."""

    def __init__(self, amount=1.0):
        self.amount = amount

    def _check(self):
        if self.amount < 0:
            raise ValueError(f"amount must not be negative, got {self.amount}.")

    def _apply(self, image):
        return HeightMap(image.z + self.amount, name=image.name)


class AddWithHoles(Add):
    allow_nan = True


class Mean(ImageTransformer):
    def transform(self, X):
        return np.array([[image.z.mean()] for image in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array(["mean"], dtype=object)


X = np.zeros((3, 4, 5))


@pytest.mark.parametrize("transformer", [Add(), Mean()], ids=str)
def test_tags_say_that_images_come_in_and_nothing_is_learned(transformer):
    tags = get_tags(transformer)
    assert not tags.requires_fit
    assert tags.input_tags.three_d_array
    assert not tags.input_tags.two_d_array
    assert tags.transformer_tags.preserves_dtype == []


def test_a_step_gives_lazy_images():
    calls = []

    class Count(Add):
        def _apply(self, image):
            calls.append(image)
            return image

    images = Count().fit(X).transform(X)
    assert isinstance(images, Images)
    assert calls == []
    images[1]
    assert len(calls) == 1


def test_steps_chain_without_a_pipeline():
    assert (Add(2.0).transform(Add(0.5).transform(X))[0].z == 2.5).all()


def test_parameters_set_later_do_not_change_images_yet_to_be_made():
    step = Add(1.0)
    images = step.transform(X)
    step.set_params(amount=9.0)
    assert (images[0].z == 1.0).all()


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_parameters_are_checked_before_any_image(method):
    with pytest.raises(ValueError, match="amount must not be negative"):
        getattr(Add(-1.0), method)(X)


def test_neither_the_constructor_nor_set_params_checks():
    assert clone(Add().set_params(amount=-1.0)).amount == -1.0


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_what_is_no_list_of_images_is_refused_at_once(method):
    with pytest.raises(ValueError, match=r"\[X\]"):
        getattr(Add(), method)(X[0])


def test_missing_pixels_pass_only_where_the_step_says_so():
    holed = X.copy()
    holed[1, 0, 0] = np.nan
    assert np.isnan(AddWithHoles().transform(holed)[1].z).sum() == 1
    with pytest.raises(ValueError, match=r"X\[1\].*1 NaN"):
        Add().transform(holed)[1]


def test_a_step_that_forgets_to_apply_says_so():
    class Empty(ImageStep):
        pass

    with pytest.raises(NotImplementedError):
        Empty().transform(X)[0]


def test_set_output_and_names_pass_through_steps():
    pipeline = Pipeline([("a", Add()), ("b", AddWithHoles()), ("mean", Mean())])
    table = pipeline.set_output(transform="pandas").fit_transform(X)
    assert list(table.columns) == list(pipeline.get_feature_names_out()) == ["mean"]
    assert (table["mean"] == 2.0).all()


@pytest.mark.parametrize("step", [Add(), AddWithHoles()], ids=str)
def test_the_global_pandas_setting_leaves_images_alone(step):
    with config_context(transform_output="pandas"):
        assert isinstance(step.fit_transform(X), Images)


def test_a_transformer_is_fitted_by_its_checks_alone():
    class Share(Mean):
        def __init__(self, share=0.5):
            self.share = share

        def _check(self):
            if not 0 < self.share < 1:
                raise ValueError(f"share must be between 0 and 1, got {self.share}.")

    transformer = Share()
    assert transformer.fit(X) is transformer
    with pytest.raises(ValueError, match="share must be between"):
        Share(2.0).fit(X)
    with pytest.raises(ValueError, match=r"\[X\]"):
        Share().fit(X[0])
