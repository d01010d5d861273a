import film_draw
import numpy as np
import pytest
import scan_batch
import scan_rows
import scan_tip
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import lfilter

from tmdfeat.datasets import Scanner
from tmdfeat.datasets.scan_feedback import follow
from tmdfeat.datasets.scan_instrument import scan_surface
from tmdfeat.datasets.scan_lines import flicker, hum
from tmdfeat.datasets.scan_tip import dilate
from tmdfeat.datasets.surface_build import Recipe


def numbers(*values):
    return torch.tensor(values, dtype=torch.float32).view(-1, 1, 1)


def bumps(n, shape=(40, 50)):
    rng = np.random.default_rng(0)
    z = rng.normal(0, 0.3, (n, *shape)) + 8 * (rng.random((n, *shape)) < 0.01)
    return z.astype(np.float32)


def test_tips_dilate_as_in_the_numpy_simulator():
    z, radii, pixels = bumps(3), (0.0, 12.0, 3.0), (4.0, 2.0, 0.5)
    found = scan_tip.dilate(torch.from_numpy(z), numbers(*pixels), numbers(*radii))
    for i, one in enumerate(found):
        assert_allclose(one, dilate(z[i], pixels[i], radii[i]), atol=1e-5)


def test_a_tip_never_lowers_and_leaves_flat_what_is_flat():
    z = torch.from_numpy(bumps(2))
    dilated = scan_tip.dilate(z, numbers(4.0, 4.0), numbers(10.0, 2.0))
    assert (dilated >= z).all()
    assert (dilated > z).any()
    flat = torch.full((2, 20, 20), 1.5)
    assert torch.equal(scan_tip.dilate(flat, numbers(4, 4), numbers(10, 0)), flat)


def test_feedbacks_follow_as_in_the_numpy_simulator():
    z, lags, drops = bumps(3), (0.0, 1.5, 0.4), (0.8, np.inf, 2.0)
    found = scan_rows.follow(torch.from_numpy(z), numbers(*lags), numbers(*drops))
    for i, one in enumerate(found):
        assert_allclose(one, follow(z[i], lags[i], drops[i]), atol=1e-5)


def test_noise_is_filtered_along_rows_as_by_scipy():
    noise = np.random.default_rng(0).standard_normal((3, 8, 100)).astype(np.float32)
    found = scan_rows.pixel_noise(torch.from_numpy(noise), numbers(0.0, 0.7, 30.0))
    assert_array_equal(found[0], noise[0])
    for one, white, lag in zip(found[1:], noise[1:], (0.7, 30.0), strict=True):
        alike = np.exp(-1 / lag)
        white[:, 1:] *= np.sqrt(1 - alike**2)
        assert_allclose(one, lfilter([1], [1, -alike], white, axis=1), atol=1e-4)


def test_flicker_from_the_same_noise_is_the_same():
    noise = np.random.default_rng(4).standard_normal((2, 20 * 30 + 1), dtype="f4")
    found = 0.2 * scan_rows.flicker(torch.from_numpy(noise)[None], (20, 30))[0]
    assert_allclose(found, flicker((20, 30), 0.2, np.random.default_rng(4)), atol=1e-5)


def test_hum_is_the_same_sine():
    starts = torch.tensor((50.3 * np.arange(20) + 0.25) % 1, dtype=torch.float32)[None]
    found = scan_rows.hum(starts, numbers(50.3), 30)[0]
    assert_allclose(found, hum((20, 30), 1.0, 50.3, np.pi / 2), atol=1e-4)


def scanned(scanner, surface, keys):
    draws = film_draw
    recipe = Recipe(*(part() for part in Recipe.__annotations__.values()))
    scan = draws.Scan(recipe, scanner, surface.shape[1] * 4.0)
    drawn = [draws.draw(scan, key, surface.shape[1]) for key in keys]
    pixel = torch.full((len(keys), 1, 1), 4.0)
    return scan_batch.scan_surfaces(surface, pixel, [scanner] * len(keys), drawn), drawn


def test_what_is_not_random_is_the_same_as_in_the_numpy_simulator():
    scanner = Scanner(
        tip_radius=9, lag=0.8, drop=3, tilt_rows=4, tilt_columns=-7, bow_rows=0.4, bow_columns=2,
        digit=0.005,
    )  # fmt: skip
    surface = bumps(2, (48, 48))
    found, _ = scanned(scanner, torch.from_numpy(surface), [0, 1])
    for one, other in zip(found, surface, strict=True):
        expected, _ = scan_surface(other, 4.0, scanner, np.random.default_rng(0))
        assert np.abs(one.numpy() - expected).max() < 0.0051  # a rounding may cost a digit
        assert (np.abs(one.numpy() - expected) < 1e-5).mean() > 0.99


def test_rows_are_offset_by_the_rms_that_is_asked():
    scans, _ = scanned(Scanner(row_offset=0.06), torch.zeros(50, 64, 64), range(50))
    rows = scans[:, :, 0]
    assert torch.equal(scans, rows[:, :, None].expand(-1, -1, 64))
    n = rows.numel()
    assert rows.std().item() == pytest.approx(0.06, rel=4 / np.sqrt(2 * n))
    assert rows.mean().item() == pytest.approx(0, abs=4 * 0.06 / np.sqrt(n))
    assert (rows[:, 1:] * rows[:, :-1]).mean().item() == pytest.approx(0, abs=4 * 0.0036 / n**0.5)


def test_noises_add_up_to_the_variance_that_is_asked():
    scanner = Scanner(noise=0.03, noise_lag=1.0, row_offset=0.04, flicker=0.05, hum=0.02)
    scans, _ = scanned(scanner, torch.zeros(60, 64, 64), range(60))
    expected = 0.03**2 + 0.04**2 + 0.05**2 + 0.02**2 / 2
    assert scans.square().mean().item() == pytest.approx(expected, rel=0.05)


def test_noise_of_pixels_fades_along_rows_as_asked():
    scans, _ = scanned(Scanner(noise=0.03, noise_lag=2.0), torch.zeros(60, 64, 64), range(60))
    for apart in (1, 3):
        product = (scans[:, :, apart:] * scans[:, :, :-apart]).mean().item()
        assert product == pytest.approx(0.03**2 * np.exp(-apart / 2), rel=0.03)
    assert (scans[:, 1:] * scans[:, :-1]).mean().item() == pytest.approx(0, abs=0.03**2 / 100)


def test_lost_rows_repeat_and_scars_are_strokes_along_rows():
    surface = torch.from_numpy(bumps(40, (64, 64)))
    scans, drawn = scanned(Scanner(lost_rows=3.0), surface, range(40))
    lost = (scans[:, 1:] == scans[:, :-1]).all(2).sum(1)
    assert lost.double().mean().item() == pytest.approx(3, abs=4 * np.sqrt(3 / 40))
    assert lost.tolist() == [int((np.diff(one.source) == 0).sum()) for one in drawn]
    strokes, drawn = scanned(Scanner(scars=4.0), torch.zeros(40, 64, 64), range(40))
    assert_array_equal(strokes, np.stack([one.scars for one in drawn]))
    assert strokes.any(2).sum(1).double().mean().item() == pytest.approx(5.2, abs=1.6)
