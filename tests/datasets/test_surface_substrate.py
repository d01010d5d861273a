import numpy as np
import pytest

from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_substrate import STEP_HEIGHT, Substrate, lay_steps, terrace_map

FRAME = lay_frame((256, 256), 4.0, Scanner())


def levels(substrate, seed=0):
    steps = lay_steps(substrate, FRAME, np.random.default_rng(seed))
    return terrace_map(steps, FRAME), steps


def test_the_step_is_a_sixth_of_the_c_axis_of_sapphire():
    assert pytest.approx(1.299 / 6, abs=1e-4) == STEP_HEIGHT  # c = 12.99 Å
    assert Substrate().step_height == STEP_HEIGHT


def test_straight_steps_are_one_width_apart():
    level, _ = levels(Substrate(terrace_width=64.0, meander=0.0))
    assert (level == level[0]).all()
    steps = np.flatnonzero(np.diff(level[0]))
    assert len(steps) == 16
    np.testing.assert_array_equal(np.diff(steps), 16)  # pixels of 4 nm


def test_at_ninety_degrees_they_ascend_along_the_rows():
    along, across = (
        levels(Substrate(azimuth=azimuth, meander=0.0, scatter=0.2))[0] for azimuth in (0.0, 90.0)
    )
    np.testing.assert_array_equal(across, along.T)


@pytest.mark.parametrize("azimuth", [0.0, 30.0, 200.0, -75.0])
@pytest.mark.parametrize("width", [40.0, 90.0])
def test_terraces_are_as_wide_as_asked_and_ascend_along_the_azimuth(azimuth, width):
    level, _ = levels(Substrate(terrace_width=width, azimuth=azimuth, meander=0.0))
    plane = np.column_stack([FRAME.rows.ravel(), FRAME.columns.ravel(), np.ones(level.size)])
    slope = np.linalg.lstsq(plane, level.ravel().astype(float), rcond=None)[0][:2]
    assert 1 / np.hypot(*slope) == pytest.approx(width, rel=0.02)
    assert (np.degrees(np.arctan2(*slope)) - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1.5)
    assert level.min() == 0
    assert set(np.unique(level)) == set(range(level.max() + 1))


def test_scattered_widths_keep_their_mean_and_have_the_deviation_asked():
    gaps = np.concatenate(
        [np.diff(levels(Substrate(scatter=0.25), seed)[1].edges) for seed in range(20)]
    )
    assert gaps.mean() == pytest.approx(1.0, abs=0.02)
    assert gaps.std() == pytest.approx(0.25, rel=0.05)


def test_meandering_steps_shift_by_the_part_of_a_width_that_is_asked():
    # The field shows wavelengths up to its side only, hence less than the whole.
    shifts = [levels(Substrate(meander=0.3), seed)[1].meander.std() for seed in range(30)]
    assert 0.2 < np.mean(shifts) < 0.31


def test_the_map_counts_the_edges_that_the_phase_has_passed():
    level, steps = levels(Substrate(scatter=0.2, azimuth=20.0))
    phase = steps.phase(FRAME.rows, FRAME.columns)
    expected = np.searchsorted(steps.edges, phase)
    assert (level == expected - expected.min()).mean() > 0.999


def test_points_move_onto_the_nearest_step():
    _, steps = levels(Substrate(meander=0.0, terrace_width=50.0, azimuth=60.0))
    rng = np.random.default_rng(0)
    rows, columns = rng.uniform(0, 1000, (2, 100))
    to_rows, to_columns = steps.to_nearest_edge(rows, columns)
    moved = np.hypot(to_rows - rows, to_columns - columns)
    nearest = np.abs(steps.phase(rows, columns)[:, None] - steps.edges).min(axis=1) * 50.0
    np.testing.assert_allclose(moved, nearest, atol=1e-6)
