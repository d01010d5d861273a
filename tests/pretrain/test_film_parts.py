import film_draw
import film_layers
import film_noise
import film_objects
import film_relief
import film_steps
import numpy as np
import pytest
import scan_levels
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage

from tmdfeat import HeightMap
from tmdfeat.datasets import Film, Objects, Relief, Scanner, Substrate
from tmdfeat.datasets.fields import gaussian_field
from tmdfeat.datasets.surface_arrival import cover
from tmdfeat.datasets.surface_build import Recipe
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_layers import Layer
from tmdfeat.datasets.surface_objects import add_objects
from tmdfeat.datasets.surface_relief import ridges, rims, wrinkles
from tmdfeat.datasets.surface_substrate import Steps, terrace_map
from tmdfeat.preprocess import preset

SIZE, PIXEL = 96, 4.0
DRIFTING = Scanner(drift_rows=0.03, drift_columns=-0.05, creep=12.0)


def numbers(*values):
    return torch.tensor(values, dtype=torch.float32).view(-1, 1, 1)


def scan(substrate, objects=None, scanner=DRIFTING):
    recipe = Recipe(substrate, Film(), Relief(), objects or Objects())
    return film_draw.Scan(recipe, scanner, SIZE * PIXEL)


def laid(*scans):
    """Frames and steps of a batch, and for each map the same as the numpy simulator has them."""
    steps = film_steps
    drawn = [film_draw.draw(one, i, SIZE) for i, one in enumerate(scans)]
    frames = steps.lay_frames(scans, drawn, torch.device("cpu"))
    batch = steps.lay_steps(scans, drawn, frames)
    singles = [
        (
            lay_frame((SIZE, SIZE), PIXEL, one.scanner),
            Steps(draws.edges, meander.numpy(), PIXEL, substrate.azimuth, substrate.terrace_width),
        )
        for one, draws, meander in zip(scans, drawn, batch.meander, strict=True)
        for substrate in [one.recipe.substrate]
    ]
    return drawn, frames, batch, singles


def test_from_the_same_noise_come_the_same_fields():
    lengths, slopes, pixels = (20.0, 300.0), (0.8, 0.3), (4.0, 2.0)
    noise = [np.random.default_rng(i).standard_normal((60, 45), dtype="f4") for i in (0, 1)]
    fields = film_noise.gaussian_fields(
        torch.from_numpy(np.stack(noise)), *(numbers(*v) for v in (pixels, lengths, slopes))
    )
    for i, field in enumerate(fields):
        rng = np.random.default_rng(i)
        expected = gaussian_field((60, 45), pixels[i], lengths[i], slopes[i], rng)
        assert_allclose(field, expected, atol=1e-5)


def test_terraces_lie_where_the_numpy_simulator_puts_them():
    two = (
        scan(Substrate(terrace_width=45, azimuth=200.0, scatter=0.4)),
        scan(Substrate(terrace_width=90, azimuth=10.0, meander=0.1), scanner=Scanner()),
    )
    _, frames, batch, singles = laid(*two)
    terraces = batch.terraces(frames)
    for found, (frame, steps) in zip(terraces, singles, strict=True):
        rows, columns = frames.places()
        assert_array_equal(found.amin(), 0)
        assert (found.numpy() == terrace_map(steps, frame)).mean() > 0.9995
    assert_allclose(rows[0], singles[0][0].rows, rtol=1e-6)
    assert_allclose(columns[0], singles[0][0].columns, atol=1e-4)


def test_places_move_onto_the_steps_that_the_numpy_simulator_chooses():
    two = (scan(Substrate(scatter=0.3)), scan(Substrate(azimuth=77.0)))
    _, frames, batch, singles = laid(*two)
    points = np.random.default_rng(0).uniform(-100, 500, (2, 2, 50)).astype(np.float32)
    moved = batch.to_nearest_edge(*map(torch.from_numpy, points), frames.pixel)
    for i, (_, steps) in enumerate(singles):
        expected = steps.to_nearest_edge(*points[:, i].astype(float))
        off = np.hypot(*(moved[axis][i].numpy() - expected[axis] for axis in (0, 1)))
        assert np.quantile(off, 0.9) < 0.01  # else on another step by a rounding


def test_objects_are_stamped_as_the_numpy_simulator_does(monkeypatch):
    objects = Objects(particles=60, flakes=20, pits=60, on_steps=0.5)
    two = (scan(Substrate(), objects), scan(Substrate(azimuth=30.0), objects))
    drawn, frames, batch, singles = laid(*two)
    module = film_objects
    monkeypatch.setattr(module, "BLOCK", 3000)
    z = torch.zeros(2, SIZE, SIZE)
    module.add_objects(z, two, drawn, batch, frames)
    for i, (frame, steps) in enumerate(singles):
        expected = np.zeros((SIZE, SIZE), dtype=np.float32)
        lying = np.random.default_rng(np.random.SeedSequence(i).spawn(4)[2])
        add_objects(expected, objects, steps, frame, lying)
        assert np.abs(expected).max() > 1
        assert (np.abs(z[i].numpy() - expected) < 1e-3).mean() > 0.995


def test_the_first_pixels_are_covered_exactly():
    time = torch.rand(3, 20, 30, generator=torch.Generator().manual_seed(0))
    for mask, one, share in zip(
        film_layers.cover(time, [0, 150, 600]), time, (0, 0.25, 1), strict=True
    ):
        assert_array_equal(mask, cover(one.numpy(), share))


def test_so_many_pixels_are_covered_even_if_all_are_reached_at_once():
    masks = film_layers.cover(torch.ones(3, 10, 10), [0, 37, 100])
    assert masks.sum((1, 2)).tolist() == [0, 37, 100]


def test_rims_and_ridges_are_those_of_the_numpy_simulator():
    rng = np.random.default_rng(0)
    grain = np.kron(rng.integers(-1, 9, (2, 8, 8)), np.ones((12, 12), int)).astype(np.int32)
    passed = rng.exponential(20, grain.shape).astype(np.float32) * (grain >= 0)
    layer = film_layers.Layer(None, *map(torch.from_numpy, (grain >= 0, grain, passed)))
    reliefs = [
        Relief(rim_height=0.3, ridge_height=0.2, ridge_width=8.0),
        Relief(rim_height=-0.1, rim_width=5.0, ridge_height=0.4, ridge_width=30.0),
    ]
    relief = film_relief
    edge, ridge = relief.rims(reliefs, layer), relief.ridges(reliefs, layer, numbers(3.0, 2.0))
    for i, pixel in enumerate((3.0, 2.0)):
        single = Layer(None, grain[i] >= 0, grain[i], passed[i])
        assert_allclose(edge[i], rims(reliefs[i], single), atol=1e-6)
        # distances are exact here: up to 2 % off there
        assert_allclose(ridge[i], ridges(reliefs[i], single, pixel), atol=0.02 * 0.4)


def test_ridges_fall_with_the_distance():
    grain = torch.zeros(1, 40, 40, dtype=torch.int32)
    grain[:, :, 20:] = 1
    grain[:, 30:] = 2
    layer = film_layers.Layer(None, grain >= 0, grain, torch.zeros(1, 40, 40))
    z = film_relief.ridges([Relief(ridge_height=1, ridge_width=9)], layer, numbers(2.0))
    marks = np.ones((40, 40), bool)
    marks[:30, 20], marks[30] = False, False
    distance = 2 * ndimage.distance_transform_edt(marks)
    assert_allclose(z[0], np.exp(-((distance / 9) ** 2)), atol=1e-6)


def test_wrinkles_are_those_of_the_numpy_simulator(monkeypatch):
    relief = Relief(wrinkle_height=1.5, wrinkle_width=20.0)
    module = film_relief
    noise = np.random.default_rng(3).standard_normal((SIZE, SIZE), dtype="f4")
    monkeypatch.setattr(module, "white", lambda *_: torch.from_numpy(noise)[None])
    [found] = module.wrinkles([relief], [None], (SIZE, SIZE), numbers(PIXEL))
    expected = wrinkles(relief, (SIZE, SIZE), PIXEL, np.random.default_rng(3))
    assert expected.max() > 1
    assert_allclose(found, expected, atol=2e-3)


@pytest.mark.parametrize("levelling", [None, "plane", "standard"])
def test_levelling_is_that_of_the_package(levelling):
    rng = np.random.default_rng(0)
    z = rng.normal(0, 1, (3, 31, 40)) + np.arange(31)[:, None] * 0.3 - np.arange(40) * 0.2
    z[:, :, 10:20] += 3
    found = scan_levels.level(torch.tensor(z, dtype=torch.float32), levelling)
    maps = [HeightMap(one, z_unit="nm") for one in z]
    expected = preset(levelling).fit_transform(maps) if levelling else maps
    for one, other in zip(found, expected, strict=True):
        assert_allclose(one, other.z, atol=2e-5)


def test_levelling_that_cannot_be_done_in_a_batch_is_refused():
    with pytest.raises(ValueError, match='"plane" or "standard" for a batch, got \'paper\''):
        scan_levels.level(torch.zeros(1, 8, 8), "paper")
