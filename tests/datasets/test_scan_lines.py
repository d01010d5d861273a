import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.datasets.scan_lines import (
    add_scars,
    flicker,
    hum,
    lose_rows,
    pixel_noise,
    row_offsets,
)


def generator(seed=0):
    return np.random.default_rng(seed)


def test_row_offsets_have_their_rms():
    assert row_offsets(5000, 0.07, generator()).std() == pytest.approx(0.07, rel=0.04)


@pytest.mark.parametrize("lag", [0.0, 0.5, 3.0])
def test_noise_of_pixels_has_its_rms_everywhere_and_is_alike_along_rows_only(lag):
    noise = pixel_noise((3000, 60), 0.2, lag, generator())
    assert_allclose(noise[:, [0, 1, 30]].std(axis=0), 0.2, rtol=0.06)
    alike = np.mean(noise[:, 1:] * noise[:, :-1]) / 0.04
    assert alike == pytest.approx(np.exp(-1 / lag) if lag else 0, abs=0.02)
    assert np.mean(noise[1:] * noise[:-1]) / 0.04 == pytest.approx(0, abs=0.02)


def test_flicker_has_its_rms_and_a_mean_of_nothing():
    made = [flicker((64, 64), 0.3, generator(seed)) for seed in range(60)]
    assert np.sqrt(np.mean(np.square(made))) == pytest.approx(0.3, rel=0.05)


def test_the_power_of_flicker_falls_with_frequency():
    made = np.array([flicker((2, 4096), 1.0, generator(seed))[0] for seed in range(100)])
    power = np.mean(np.abs(np.fft.rfft(made * np.hanning(4096))) ** 2, axis=0)
    k = np.arange(20, 1000)
    assert np.polyfit(np.log(k), np.log(power[k]), 1)[0] == pytest.approx(-1, abs=0.05)


def test_whole_cycles_per_row_stand_still_and_others_wander():
    still = hum((8, 64), 0.5, 4.0, 1.0)
    assert_allclose(still, np.broadcast_to(still[0], still.shape), atol=1e-5)
    power = np.abs(np.fft.rfft(still[0]))
    assert power.argmax() == 2  # half of the row's time is trace
    assert np.abs(still).max() == pytest.approx(0.5, rel=0.01)
    assert_allclose(hum((8, 64), 0.5, 4.5, 1.0)[0], -hum((8, 64), 0.5, 4.5, 1.0)[1], atol=1e-5)


def test_scars_are_strokes_along_rows_as_many_as_are_told():
    counts = []
    for seed in range(300):
        z = np.zeros((400, 100), dtype=np.float32)
        counts.append(add_scars(z, 3.0, 1.0, generator(seed)))
        touched = np.flatnonzero(z.any(axis=1))
        assert len(touched) <= 2 * counts[-1]
        for row in touched:
            assert len(set(z[row][z[row] != 0])) <= counts[-1]
    assert np.mean(counts) == pytest.approx(3, abs=4 * np.sqrt(3 / 300))


def test_lost_rows_repeat_the_one_before_and_others_stay():
    z = np.arange(50, dtype=float)[:, None] + np.zeros((50, 4))
    lost = lose_rows(z, 5.0, generator(3))
    assert lost > 0
    assert_array_equal(np.sum(np.diff(z[:, 0]) == 0), lost)
    assert (np.diff(z[:, 0]) >= 0).all()
