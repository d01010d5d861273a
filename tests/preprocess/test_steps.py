"""What holds for every step, whatever it does."""

import pickle

import numpy as np
import pandas as pd
import pytest
from as_table import AsTableStep
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import HeightMap, preprocess
from tmdfeat.base import ImageStep
from tmdfeat.io import ScanFile

STEPS = [
    preprocess.Level(2),
    preprocess.AlignRows("median_diff"),
    preprocess.RemoveScars(),
    preprocess.ClipPercentiles(),
    preprocess.Fill(),
    preprocess.Resample(pitch=3.0),
    preprocess.Crop(5),
    preprocess.PaperBow(),
    preprocess.PaperScars(),
    preprocess.PaperMedian(),
    preprocess.PaperStretch(),
    preprocess.PaperResize(9),
]
each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)


class TableLevel(AsTableStep, preprocess.Level):
    pass


class TableAlignRows(AsTableStep, preprocess.AlignRows):
    pass


class TableRemoveScars(AsTableStep, preprocess.RemoveScars):
    pass


class TableClipPercentiles(AsTableStep, preprocess.ClipPercentiles):
    pass


class TableFill(AsTableStep, preprocess.Fill):
    pass


class TableResample(AsTableStep, preprocess.Resample):
    pass


class TableCrop(AsTableStep, preprocess.Crop):
    pass


class TablePaperBow(AsTableStep, preprocess.PaperBow):
    pass


class TablePaperScars(AsTableStep, preprocess.PaperScars):
    pass


class TablePaperMedian(AsTableStep, preprocess.PaperMedian):
    pass


class TablePaperStretch(AsTableStep, preprocess.PaperStretch):
    pass


class TablePaperResize(AsTableStep, preprocess.PaperResize):
    pass


TABLES = [
    TableLevel(2),
    TableAlignRows(),
    TableRemoveScars(min_length=3),
    TableClipPercentiles(10, 90),
    TableFill(),
    TableResample(pitch=3.0),
    TableCrop(5),
    TablePaperBow(),
    TablePaperScars(),
    TablePaperMedian(),
    TablePaperStretch(),
    TablePaperResize(9),
]


@parametrize_with_checks(TABLES, xfail_strict=True)
def test_follows_sklearn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("estimator", TABLES, ids=lambda table: type(table).__name__)
def test_the_battery_is_not_empty(estimator):
    assert len(list(estimator_checks_generator(estimator))) >= 40


def test_the_battery_forgets_no_step():
    public = [getattr(preprocess, name) for name in preprocess.__all__]
    steps = {c for c in public if isinstance(c, type) and issubclass(c, ImageStep)}
    assert {type(step) for step in STEPS} == steps
    assert {type(table).__bases__[1] for table in TABLES} == steps


def maps(n=3, dtype=float):
    rng = np.random.default_rng(0)
    return [
        HeightMap(
            rng.integers(0, 99, (20 + k, 24)).astype(dtype), "nm", (2.0, 1.5), f"{k}.spm", {"k": k}
        )
        for k in range(n)
    ]


def same(a, b):
    assert_array_equal(a.z, b.z)
    assert (a.z_unit, a.pixel_size, a.name, a.meta) == (b.z_unit, b.pixel_size, b.name, b.meta)


@each_step
def test_name_and_meta_are_kept(step):
    for before, after in zip(maps(), step.fit_transform(maps()), strict=True):
        assert (after.name, after.meta) == (before.name, before.meta)


@pytest.mark.parametrize("step", [s for s in STEPS if not isinstance(s, preprocess.Crop)], ids=str)
def test_the_unit_and_the_extent_are_kept(step):
    after = step.fit_transform(maps())[1]
    assert after.scan_size == pytest.approx(maps()[1].scan_size)
    assert after.z_unit == ("relative" if isinstance(step, preprocess.PaperStretch) else "nm")


@each_step
def test_images_are_made_when_asked_for_and_files_too(step, tmp_path):
    np.save(tmp_path / "0.npy", np.random.default_rng(0).normal(size=(20, 24)))
    images = step.fit_transform([ScanFile(tmp_path / "0.npy", pixel_size=2.0)])
    first = images[0]
    (tmp_path / "0.npy").unlink()
    assert first.name
    with pytest.raises(FileNotFoundError):
        images[0]


@each_step
def test_the_input_is_not_modified(step):
    images = maps()
    for _ in step.fit_transform(images):
        pass
    for image, untouched in zip(images, maps(), strict=True):
        same(image, untouched)


@each_step
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32])
def test_dtypes_agree(step, dtype):
    same(step.fit_transform(maps(dtype=dtype))[2], step.fit_transform(maps())[2])


@each_step
def test_containers_agree(step):
    expected = step.fit_transform(maps())
    for X in (tuple(maps()), pd.Series(maps()), np.array(maps(), dtype=object)):
        for a, b in zip(step.fit_transform(X), expected, strict=True):
            same(a, b)


@each_step
def test_clones_and_pickles_do_the_same(step):
    expected = step.fit_transform(maps())[1]
    same(clone(step).fit_transform(maps())[1], expected)
    same(pickle.loads(pickle.dumps(step.fit(maps()))).transform(maps())[1], expected)


@each_step
def test_missing_pixels_pass_or_the_image_is_named(step):
    images = maps()
    z = images[1].z.copy()
    z[10, 12] = np.nan
    images[1] = HeightMap(z, "nm", 2.0, "holed.spm")
    result = step.fit_transform(images)
    if step.allow_nan:
        kept = not isinstance(step, preprocess.Fill)
        assert np.isnan(result[1].z).sum() == kept
    else:
        with pytest.raises(ValueError, match=r"X\[1\] \(holed\.spm\).*1 NaN.*Fill\(\)"):
            result[1]


@each_step
def test_infinite_pixels_are_refused_and_the_image_named(step):
    images = [*maps(), HeightMap([[np.inf, 1.0], [1.0, 1.0]], "nm", 2.0, "inf.spm")]
    with pytest.raises(ValueError, match=r"X\[3\] \(inf\.spm\).*infinite"):
        step.fit_transform(images)[3]


@each_step
def test_flat_maps_stay_flat(step):
    flat = step.fit_transform([HeightMap(np.full((20, 20), 7.0), "nm", 2.0)])[0]
    assert np.ptp(flat.z) < 1e-12
