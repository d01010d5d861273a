import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn import config_context
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline

from tmdfeat import HeightMap
from tmdfeat.base import ImageTransformer
from tmdfeat.gate import check_images
from tmdfeat.preprocess import PRESETS, Crop, level_plane, preset


class MeanAndSpread(ImageTransformer):
    """A plain transformer from images to a table."""

    def fit(self, X, y=None):
        check_images(X)
        return self

    def transform(self, X):
        return np.array([[image.z.mean(), image.z.std()] for image in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array(["mean", "spread"], dtype=object)


def scans(n=12):
    """Tilted maps of two classes that differ by their roughness."""
    rng = np.random.default_rng(0)
    tilt = np.add.outer(np.arange(24.0), 2 * np.arange(30.0))
    return [
        HeightMap(rng.normal(size=(24, 30)) * (1 + 4 * (k % 2)) + tilt, "nm", 2.0) for k in range(n)
    ]


Y = np.arange(12) % 2
each_preset = pytest.mark.parametrize("name", PRESETS)


def chain(name):
    return Pipeline(
        [("pre", preset(name)), ("features", MeanAndSpread()), ("clf", LogisticRegression())]
    )


@each_preset
def test_a_preset_composes_under_cross_validation(name):
    scores = cross_val_score(chain(name), scans(), Y, cv=3)
    assert np.isfinite(scores).all()
    if name != "paper":  # which stretches every map to the same range
        assert scores.min() == 1.0


@each_preset
def test_a_preset_survives_clone_and_pandas_output(name):
    pipeline = clone(chain(name)).set_output(transform="pandas").fit(scans(), Y)
    table = pipeline[:-1].transform(scans())
    assert list(table.columns) == list(pipeline[:-1].get_feature_names_out()) == ["mean", "spread"]
    assert_allclose(table, chain(name).fit(scans(), Y)[:-1].transform(scans()))


@each_preset
def test_a_preset_survives_the_global_pandas_setting(name):
    with config_context(transform_output="pandas"):
        pipeline = chain(name).fit(scans(), Y)
        assert isinstance(pipeline[:-1].transform(scans()), pd.DataFrame)
        assert len(preset(name).fit_transform(scans())) == 12
        assert np.isfinite(cross_val_score(chain(name), scans(), Y, cv=3)).all()


def test_steps_of_a_preset_can_be_searched():
    search = GridSearchCV(chain("plane"), {"pre__plane__degree": [0, 1]}, cv=3).fit(scans(), Y)
    assert set(search.cv_results_["param_pre__plane__degree"]) == {0, 1}


def test_paths_are_taken(tmp_path):
    paths = [tmp_path / f"{k}.npy" for k in range(12)]
    for path, scan in zip(paths, scans(), strict=True):
        np.save(path, scan.z)
    from_files = chain("plane").fit(paths, Y)[:-1].transform(pd.Series(paths))
    assert_allclose(from_files, chain("plane").fit(scans(), Y)[:-1].transform(scans()))


def test_plane_is_levelling():
    assert_allclose(preset("plane").fit_transform(scans())[3].z, level_plane(scans()[3].z))


def test_standard_takes_out_row_offsets_and_tilt_and_keeps_nm():
    offsets = np.random.default_rng(1).normal(size=(24, 1)) * 50
    columns = np.linspace(-1, 1, 30)
    scan = HeightMap(offsets + 3 * columns + np.zeros((24, 30)), "nm", 2.0)
    processed = preset("standard").fit_transform([scan])[0]
    assert_allclose(processed.z, 0, atol=1e-12)
    assert (processed.z_unit, processed.pixel_size) == ("nm", (2.0, 2.0))


def test_paper_gives_relative_heights_on_a_known_grid():
    processed = preset("paper").fit_transform(scans())[0]
    assert processed.shape == (224, 224)
    assert processed.z_unit == "relative"
    assert processed.pixel_size == pytest.approx((24 * 2 / 224, 30 * 2 / 224))


def test_paper_without_a_pixel_size_stays_without():
    assert preset("paper").fit_transform([scans()[0].z])[0].pixel_size is None


def test_paper_can_crop_instead_of_resizing():
    steps = preset("paper").steps[:-1] + [("crop", Crop(16))]
    processed = Pipeline(steps).fit_transform(scans())[0]
    assert processed.shape == (16, 16)
    assert processed.pixel_size == (2.0, 2.0)


def test_paper_refuses_missing_pixels_and_names_the_scan():
    X = scans()
    X[4] = HeightMap(np.where(np.eye(24, 30) > 0, np.nan, X[4].z), "nm", 2.0, "e.spm")
    with pytest.raises(ValueError, match=r"X\[4\] \(e\.spm\).*24 NaN"):
        chain("paper").fit(X, Y)


def test_each_call_makes_new_steps():
    assert preset("paper").steps[0][1] is not preset("paper").steps[0][1]


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(
        ValueError, match=r"one of \('plane', 'standard', 'paper'\), got 'gwyddion'"
    ):
        preset("gwyddion")


def test_standard_leaves_no_bands_where_an_island_fills_half_a_row():
    row, column = np.mgrid[:41, :41] - 20
    film = 0.65 * (abs(row) + abs(column) < 18)  # a diamond: 35 of 41 pixels of the middle row
    processed = preset("standard").fit_transform([HeightMap(film, "nm", 2.0)])[0]
    np.testing.assert_allclose(processed.z - processed.z[0, 0], film, atol=1e-12)
