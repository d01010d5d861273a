import weakref

import numpy as np
import pandas as pd
import pytest
from as_table import AsTable
from image_checks import FILE_CHECKS, IMAGE_CHECKS
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import HeightMap, PhysicalFeatures
from tmdfeat.cache import memory_cache
from tmdfeat.gate import check_images
from tmdfeat.physical import rows, selection

RNG = np.random.default_rng(0)
ROUGH = RNG.normal(size=(3, 16, 16))


class TablePhysical(AsTable, PhysicalFeatures):
    """On module level, so that it pickles."""


# The battery makes maps of a few pixels: too few for the other families, which warn.
@parametrize_with_checks([TablePhysical(["height", "slope"])], xfail_strict=True)
def test_follows_scikit_learn(estimator, check):
    check(estimator)


def test_the_battery_is_not_empty():
    assert len(list(estimator_checks_generator(TablePhysical()))) >= 40


@pytest.mark.parametrize("check", IMAGE_CHECKS, ids=lambda check: check.__name__)
def test_image_check(check):
    check(PhysicalFeatures(scale="px"))


@pytest.mark.parametrize("check", FILE_CHECKS, ids=lambda check: check.__name__)
def test_file_check(check, tmp_path):
    check(PhysicalFeatures(scale="px"), tmp_path)


def in_nm(z, pixel_size=2.0, name=""):
    return HeightMap(z, z_unit="nm", pixel_size=pixel_size, name=name)


def test_nm_and_pixel_size_reach_the_descriptors():
    x = np.arange(8.0) + np.zeros((8, 1))
    features = PhysicalFeatures(names=["Sz", "Sdq"])
    table = features.fit_transform([in_nm(3.0 * x, (1.0, 2.0)), in_nm(3.0 * x, 6.0)])
    assert_allclose(table, [[21, 1.5], [21, 0.5]])


def test_pixels_ignore_the_scale_and_say_so_in_the_columns():
    features = PhysicalFeatures(names=["Sz", "Sdq", "Ssk"], scale="px")
    known, bare = features.transform([in_nm(ROUGH[0])]), features.transform([ROUGH[0]])
    assert_array_equal(known, bare)
    assert list(features.get_feature_names_out()) == ["Sz_rel", "Sdq_rel_per_px", "Ssk"]


def test_a_map_without_scale_is_refused_with_three_ways_out():
    X = [in_nm(ROUGH[0]), HeightMap(ROUGH[1], name="a.png")]
    with pytest.raises(ValueError, match=r"X\[1\] \(a.png\)") as caught:
        PhysicalFeatures(names=["Ssk", "Sq", "Sdq"]).fit_transform(X)
    message = str(caught.value)
    assert "heights in nm (they are relative) and a pixel size in nm" in message
    assert "need: Sq, Sdq." in message
    for way_out in ("read(path, pixel_size=", "scale='px'", "names=[...] ('Ssk')"):
        assert way_out in message


def test_only_what_a_descriptor_needs_is_asked_for():
    no_pixel_size = HeightMap(ROUGH[0], z_unit="nm")
    assert PhysicalFeatures("height").fit_transform([no_pixel_size]).shape == (1, 23)
    with pytest.raises(ValueError, match="lacks a pixel size in nm, which") as caught:
        PhysicalFeatures(["height", "slope"]).fit_transform([no_pixel_size])
    assert "relative" not in str(caught.value)
    relative = PhysicalFeatures(names=["Ssk", "paper_energy"]).fit_transform([ROUGH[0]])
    assert np.isfinite(relative).all()


def test_maps_are_not_levelled_inside():
    x = np.arange(8.0) + np.zeros((8, 1))
    assert PhysicalFeatures(names=["Sz"]).fit_transform([in_nm(x)])[0, 0] == 7


def test_undefined_values_are_nan_or_zero_as_asked():
    flat = [in_nm(np.ones((8, 8)))]
    names = ["Sq", "Ssk"]
    assert_array_equal(PhysicalFeatures(names=names).fit_transform(flat), [[0, np.nan]])
    zero = PhysicalFeatures(names=names, on_undefined="zero")
    assert_array_equal(zero.fit_transform(flat), [[0, 0]])


def test_undefined_values_can_raise_naming_image_file_and_descriptor():
    X = [in_nm(ROUGH[0]), in_nm(np.ones((8, 8)), name="b.spm")]
    features = PhysicalFeatures(names=["Sq", "Ssk", "Sku"], on_undefined="raise")
    with pytest.raises(ValueError, match=r"X\[1\] \(b.spm\).*8x8.*Ssk, Sku undefined"):
        features.fit_transform(X)
    assert np.isfinite(features.fit_transform(X[:1])).all()


def test_too_small_maps_warn_once_and_are_undefined():
    X = [in_nm(ROUGH[0]), in_nm(ROUGH[0][:2, :2]), in_nm(ROUGH[0][:1])]
    features = PhysicalFeatures(names=["Sq", "Sdq"])
    with pytest.warns(UserWarning, match=r"X\[1\] has 2x2 px, too few for Sdq") as caught:
        table = features.fit_transform(X)
    assert len(caught) == 1
    assert_array_equal(np.isnan(table), [[0, 0], [0, 1], [1, 1]])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"families": ["heigth"]}, "did you mean 'height'"),
        ({"names": ["Sp", "Ssq"]}, "unknown descriptor 'Ssq'"),
        ({"scale": "um"}, r"scale must be one of \('nm', 'px'\), got 'um'"),
        ({"on_undefined": "ignore"}, "on_undefined must be one of"),
    ],
)
def test_wrong_parameters_are_refused_on_use_and_not_before(wrong, message):
    features = clone(PhysicalFeatures(**wrong))
    for call in (lambda: features.fit(ROUGH), features.get_feature_names_out):
        with pytest.raises(ValueError, match=message):
            call()


def test_names_are_known_without_fit_and_follow_the_parameters():
    features = PhysicalFeatures(names=["Sq"])
    assert list(features.get_feature_names_out()) == ["Sq_nm"]
    features.set_params(names=None, families=["paper"])
    assert len(features.get_feature_names_out()) == 14


def test_pandas_columns_carry_the_units():
    features = PhysicalFeatures(["slope"]).set_output(transform="pandas")
    table = features.fit_transform([in_nm(z) for z in ROUGH])
    assert isinstance(table, pd.DataFrame)
    assert {"Sdq", "Sdr", "theta_mean_deg", "curvature_rms_per_nm"} <= set(table.columns)


@pytest.mark.slow
def test_two_processes_give_the_same_table(tmp_path):
    paths = []
    for i, z in enumerate(RNG.normal(size=(5, 16, 16))):
        paths.append(tmp_path / f"{i}.npy")
        np.save(paths[-1], z)
    alone = PhysicalFeatures("slope", scale="px").fit_transform(paths)
    assert_array_equal(PhysicalFeatures("slope", scale="px", n_jobs=2).fit_transform(paths), alone)


@pytest.mark.slow
def test_errors_of_a_second_process_name_the_image():
    X = [ROUGH[0], ROUGH[1]]
    with pytest.raises(ValueError, match=r"X\[\d\] lacks heights in nm"):
        PhysicalFeatures(["height"], n_jobs=2).fit_transform(X)


def test_maps_are_made_when_needed_and_let_go():
    made = []

    def note(image):
        image = HeightMap(image.z)
        made.append(weakref.ref(image))
        assert sum(reference() is not None for reference in made) <= 2
        return image

    images = check_images(RNG.normal(size=(6, 8, 8))).map(note)
    features = PhysicalFeatures(["height"], scale="px").fit(images)
    assert len(made) == 0
    features.transform(images)
    assert len(made) == 6


def test_works_in_a_pipeline():
    pipeline = make_pipeline(PhysicalFeatures("height"), StandardScaler())
    assert_allclose(pipeline.fit_transform([in_nm(z) for z in ROUGH]).mean(axis=0), 0, atol=1e-9)
    assert pipeline.get_feature_names_out()[0] == "Sq_nm"


def test_maps_in_nm_and_in_other_numbers_do_not_share_a_column():
    X = [in_nm(ROUGH[0]), HeightMap(ROUGH[1] * 1e-9, name="metres.txt")]
    with pytest.raises(ValueError, match=r"X\[0\] has heights in nm and X\[1\] \(metres.txt\)"):
        PhysicalFeatures(names=["Sq"], scale="px").fit_transform(X)
    unitless = PhysicalFeatures(names=["Ssk"], scale="px").fit_transform(X)
    assert np.isfinite(unitless).all()


@pytest.fixture
def counted(monkeypatch):
    calls = []

    def compute(*arguments):
        calls.append(1)
        return selection.compute(*arguments)

    monkeypatch.setattr(rows, "compute", compute)
    memory_cache.clear()
    return calls


def test_each_map_is_measured_once_whatever_the_cross_validation(counted):
    features = PhysicalFeatures(names=["Sq"])
    maps = [in_nm(z * k) for z in ROUGH for k in (1, 2)]
    pipe = make_pipeline(features, DummyClassifier())
    cross_val_score(pipe, maps, np.arange(len(maps)) % 2, cv=2)
    assert len(counted) == len(maps)


@pytest.mark.parametrize(
    "other",
    [
        (PhysicalFeatures(names=["Sa"]), in_nm(ROUGH[0])),
        (PhysicalFeatures(names=["Sdq"]), in_nm(ROUGH[0], pixel_size=3.0)),
        (PhysicalFeatures(names=["Sdq"], scale="px"), in_nm(ROUGH[0])),
        (PhysicalFeatures(names=["Sdq"]), in_nm(ROUGH[1])),
    ],
)
def test_whatever_changes_the_row_is_measured_anew(counted, other):
    PhysicalFeatures(names=["Sdq"]).fit_transform([in_nm(ROUGH[0])])
    features, image = other
    kept = features.fit_transform([image])
    assert len(counted) == 2
    fresh = clone(features).set_params(cache=None).fit_transform([image])
    assert_array_equal(kept, fresh)


def test_a_folder_goes_on_where_a_run_was_stopped(counted, tmp_path):
    maps = [in_nm(z) for z in ROUGH]
    features = PhysicalFeatures(names=["Sq", "Ssk"], cache=tmp_path)
    first = features.fit_transform(maps[:2])
    table = clone(features).fit_transform(maps)
    assert len(counted) == len(maps)
    assert_array_equal(table[:2], first)


def test_undefined_values_are_kept_as_such_for_every_way_of_showing_them(counted):
    flat = [in_nm(np.ones((8, 8)))]
    zero = PhysicalFeatures(names=["Ssk"], on_undefined="zero").fit_transform(flat)
    nan = PhysicalFeatures(names=["Ssk"]).fit_transform(flat)
    assert zero[0, 0] == 0
    assert np.isnan(nan[0, 0])
    assert len(counted) == 1
