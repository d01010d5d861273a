import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import preprocess
from tmdfeat.preprocess import AlignRows, ClipPercentiles, Fill, Level, RemoveScars


def rough(holes=0):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(30, 40))
    z[15, 5:35] += 20
    z.flat[rng.choice(z.size, holes, replace=False)] = np.nan
    return z


@pytest.mark.parametrize(
    ("step", "function"),
    [
        (Level(), preprocess.level_plane),
        (Level(3), lambda z: preprocess.level_polynomial(z, 3)),
        (AlignRows(), preprocess.align_rows_median),
        (AlignRows("median_diff"), preprocess.align_rows_median_diff),
        (AlignRows("polynomial", 2), lambda z: preprocess.align_rows_polynomial(z, 2)),
        (RemoveScars(), preprocess.remove_scars),
        (
            RemoveScars(2, 8, 1),
            lambda z: preprocess.remove_scars(z, threshold=2, min_length=8, max_rows=1),
        ),
        (ClipPercentiles(), preprocess.clip_percentiles),
        (ClipPercentiles(5, 90), lambda z: preprocess.clip_percentiles(z, 5, 90)),
        (Fill(), preprocess.fill_harmonic),
        (Fill("nearest"), preprocess.fill_nearest),
    ],
    ids=lambda value: None if callable(value) else str(value),
)
@pytest.mark.parametrize("holes", [0, 30])
def test_steps_equal_functions(step, function, holes):
    z = rough(holes)
    result = step.fit_transform([z])[0].z
    assert_array_equal(result, function(z))
    assert not np.array_equal(result, z) or (isinstance(step, Fill) and not holes)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Level(-1), "degree must be an integer of at least 0, got -1"),
        (AlignRows("mean"), r"method must be one of \('median', .*got 'mean'"),
        (AlignRows("polynomial", degree=1.5), "degree must be an integer"),
        (RemoveScars(threshold=-1), "threshold must be"),
        (RemoveScars(min_length=0), "min_length must be"),
        (RemoveScars(max_rows=0), "max_rows must be"),
        (ClipPercentiles(90, 10), "0 <= low < high <= 100"),
        (Fill("cubic"), "method must be one of"),
        (Fill(max_missing=20), "max_missing must be"),
    ],
    ids=str,
)
def test_parameters_are_checked_in_fit_and_in_transform(step, message):
    with pytest.raises(ValueError, match=message):
        step.fit([rough()])
    with pytest.raises(ValueError, match=message):
        step.transform([rough()])


def test_fill_refuses_a_map_that_is_mostly_missing_and_names_it():
    z = rough()
    z[:10] = np.nan
    with pytest.raises(ValueError, match=r"X\[1\].*33\.3% of the pixels are missing"):
        Fill().fit_transform([rough(), z])[1]
