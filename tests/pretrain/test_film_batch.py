from dataclasses import replace

import film_batch
import film_draw
import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy import ndimage, stats
from scipy.spatial.distance import pdist

from tmdfeat.datasets import Field, Film, Objects, Relief, Scanner, Substrate, simulate_surface
from tmdfeat.datasets.surface_build import Recipe

N, SIZE, SCAN = 100, 64, 400.0

FILM = Film(
    density=300, coverage=(0.7, 0.3, 0.08), truncation=1.6, spread=5.0, hard_core=0.35,
    step_bias=0.5, birth=0.3, raggedness=2.0, stretch=1.3, gap=0.2, next_density=0.6,
)  # fmt: skip
SUBSTRATE = Substrate(terrace_width=60, azimuth=35.0, scatter=0.3, roughness=0.05)
RELIEF = Relief(rim_height=0.3, ridge_height=0.2, roughness=0.1, wrinkle_height=0.5)
OBJECTS = Objects(particles=30, flakes=5, pits=20, on_steps=0.5)
SCANNER = Scanner(
    tip_radius=8, lag=0.8, drop=3.0, noise=0.02, noise_lag=0.7, row_offset=0.05, flicker=0.08,
    hum=0.01, tilt_rows=3, tilt_columns=-2, bow_columns=1, drift_rows=0.02, drift_columns=0.03,
    creep=5, scars=2, lost_rows=0.5, digit=0.005,
)  # fmt: skip


def scan(film=FILM, substrate=SUBSTRATE, **others):
    recipe = Recipe(substrate, film, others.get("relief", RELIEF), others.get("objects", OBJECTS))
    return film_draw.Scan(recipe, others.get("scanner", SCANNER), SCAN)


def batch(scans, keys, **settings):
    return film_batch.simulate_batch(scans, keys, **{"size": SIZE, **settings})


def seen(image, surface, layer, grain, nuclei):
    """What a scan is like, in numbers whose distributions can be compared."""
    level = image - image.mean()
    power = np.abs(np.fft.fft2(level)) ** 2
    correlation = np.fft.ifft2(power).real / power.sum() * power.size
    near = surface - ndimage.median_filter(surface, 5)
    rows, columns, angle, birth = nuclei
    off = angle - np.radians(SUBSTRATE.azimuth)
    return {
        "Sq": level.std(),
        "skewness": stats.skew(level.ravel()),
        "correlation 3 px down": correlation[3, 0],
        "correlation 3 px along": correlation[0, 3],
        "correlation 12 px along": correlation[0, 12],
        "rms difference along": np.diff(level).std(),
        "jumps from row to row": np.median(np.diff(level, axis=0), axis=1).std(),
        "Sq of the surface": surface.std(),
        "tall pixels": (near > 1.5).mean(),
        "low pixels": (near < -0.25).mean(),
        "edge of the film": np.abs(np.diff((layer > 0).astype(int))).mean(),
        "edge of the second layer": np.abs(np.diff((layer > 1).astype(int))).mean(),
        "pieces of film": ndimage.label(layer > 0)[1],
        "domains": len(np.unique(grain[0])),
        "domains of the second layer": len(np.unique(grain[1])),
        "domains of the third layer": len(np.unique(grain[2])),
        "nuclei": len(rows),
        "six-fold order": np.cos(6 * off).mean(),
        "three-fold order": np.cos(3 * off).mean(),
        "mean birth": birth.mean(),
        "closest nuclei": pdist(np.column_stack([rows, columns])).min(),
    }


def of_numpy(film=FILM):
    for seed in range(N):
        field = Field(size=SIZE, scan_nm=SCAN, levelling="plane")
        made = simulate_surface(
            film, SUBSTRATE, relief=RELIEF, objects=OBJECTS, scanner=SCANNER, field=field,
            random_state=seed,
        )  # fmt: skip
        first = made.nuclei[made.nuclei["layer"] == 1]
        places = (first["row_nm"], first["column_nm"], np.radians(first["angle_deg"]))
        nuclei = [np.asarray(part) for part in (*places, first["birth"])]
        yield seen(made.image.z, made.surface, made.layer, made.grain, nuclei)


def of_torch(made):
    for i, image in enumerate(made.heights.numpy()):
        there = made.nuclei[0].birth[i].isfinite()
        nuclei = [part[i][there].numpy() for part in made.nuclei[0]]
        yield seen(
            image, *(part[i].numpy() for part in (made.surface, made.layer, made.grain)), nuclei
        )


def likelihoods(one, other):
    other = list(other)
    return {
        name: stats.ks_2samp([a[name] for a in one], [b[name] for b in other]).pvalue
        for name in one[0]
    }


@pytest.fixture(scope="module")
def many():
    return batch([scan()] * N, range(N), levelling="plane")


@pytest.fixture(scope="module")
def numbers(many):
    return list(of_torch(many))


@pytest.mark.slow
def test_scans_are_equal_in_law_to_those_of_the_numpy_simulator(numbers):
    found = likelihoods(numbers, of_numpy())
    assert min(found.values()) > 0.05 / len(found) / 2, found


@pytest.mark.slow
def test_another_film_would_be_told_apart(numbers):
    film = replace(FILM, density=390, raggedness=4.0, spread=8.0, centred=0.9)
    found = likelihoods(numbers, of_numpy(film))
    for name in ("domains", "edge of the film", "six-fold order", "domains of the second layer"):
        assert found[name] < 1e-4, (name, found[name])


def test_coverage_is_exact_to_the_pixel(many):
    pixels = [round(share * SIZE**2) for share in FILM.coverage]
    for number, expected in enumerate(pixels, start=1):
        assert ((many.layer >= number).sum((1, 2)) == expected).all()
    assert_allclose(many.coverage[0] * SIZE**2, pixels, rtol=1e-6)
    assert torch.equal((many.grain >= 0).sum(1), many.layer.long())


def test_a_perfect_scan_is_terraces_and_layers_on_each_other():
    film = Film(density=60, coverage=(0.7, 0.2), layer_height=0.6, gap=0.25)
    bare = {"relief": Relief(), "objects": Objects(), "scanner": Scanner()}
    scans = [
        scan(film, Substrate(bunching=2), **bare),
        scan(replace(film, coverage=(0.5,), gap=0.0), Substrate(bunching=0), **bare),
        scan(replace(film, coverage=()), Substrate(), **bare),
    ]
    made = batch(scans, [0, 1, 2])
    first = made.terrace[0] * 2 * 0.2165 + 0.6 * made.layer[0] + 0.25 * (made.layer[0] > 0)
    assert_allclose(made.heights[0], first, atol=1e-5)
    assert_allclose(made.heights[1], 0.6 * made.layer[1], atol=1e-5)
    assert_allclose(made.heights[2], 0.2165 * made.terrace[2], atol=1e-5)
    assert torch.equal(made.surface, made.heights)
    assert made.layer.amax((1, 2)).tolist() == [2, 1, 0]


def test_steps_are_seen_within_two_hundredths_of_a_nm():
    scanner = Scanner(noise=0.03, tip_radius=8)
    film = Film(coverage=(0.6, 0.3), layer_height=0.65, gap=0.2)
    bare = {"relief": Relief(), "objects": Objects(), "scanner": scanner}
    [z] = batch([scan(film, Substrate(bunching=0), **bare)], [0]).heights.numpy()
    counts = ndimage.gaussian_filter1d(np.histogram(z, np.arange(-0.2, 1.8, 0.005))[0] * 1.0, 3)
    top = (counts == ndimage.maximum_filter1d(counts, 80)) & (counts > 0.0005 * z.size)
    assert_allclose(np.arange(-0.1975, 1.8, 0.005)[:399][top], [0.0, 0.85, 1.5], atol=0.02)


def test_bare_substrates_alone_have_no_layers():
    made = batch([scan(replace(FILM, coverage=()))] * 2, [0, 1])
    assert made.grain.shape == (2, 0, SIZE, SIZE)
    assert made.coverage.shape == (2, 0)
    assert (made.layer == 0).all()
    assert made.nuclei == []


def test_the_same_keys_give_the_same_scans():
    draw = film_draw.draw_scan
    scans = [draw([0, i]) for i in range(3)]
    one, other = (batch(scans, [[5, i] for i in range(3)]) for _ in range(2))
    assert torch.equal(one.heights, other.heights)
    assert torch.equal(one.grain, other.grain)
    assert one.heights.isfinite().all()
    assert not torch.equal(one.heights, batch(scans, [[6, i] for i in range(3)]).heights)


def test_a_scan_does_not_depend_on_those_beside_it():
    draw = film_draw.draw_scan
    scans = [draw([0, i]) for i in range(6)]
    whole = batch(scans, list(range(6)))
    for i in (1, 4):
        [alone] = batch(scans[i : i + 1], [i]).heights
        assert (torch.abs(alone - whole.heights[i]) < 1e-3).double().mean() > 0.99
    turned = batch(scans[::-1], list(range(6))[::-1]).heights.flip(0)
    assert (torch.abs(turned - whole.heights) < 1e-3).double().mean() > 0.99


def test_all_tensors_are_made_on_the_device_that_is_asked():
    scans = [scan(), scan(film=replace(FILM, coverage=(0.5,)))]
    with torch.device("meta"):  # what names no device is made there, and cannot be added
        made = batch(scans, [0, 1], levelling="standard", device="cpu")
    assert torch.equal(made.heights, batch(scans, [0, 1], levelling="standard").heights)


def test_a_smoother_film_leaves_the_domains_where_they_are():
    smooth = scan(relief=Relief(), scanner=Scanner(drift_rows=0.02, drift_columns=0.03, creep=5))
    one, other = batch([scan(), smooth], [3, 3]).grain
    assert torch.equal(one, other)


def test_further_layers_have_nuclei_even_where_chance_leaves_none():
    film = Film(density=5, coverage=(0.9, 0.5, 0.2), next_density=0.0)
    made = batch([scan(film)] * 4, range(4))
    assert made.coverage.numpy() == pytest.approx(np.tile([0.9, 0.5, 0.2], (4, 1)), abs=1e-3)
    assert [seeds.birth.isfinite().sum(1).tolist() for seeds in made.nuclei[1:]] == [[1] * 4] * 2


def test_scans_without_a_key_each_are_refused():
    with pytest.raises(ValueError, match="got 2 scans, 1 keys"):
        batch([scan()] * 2, [0])
