import time
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage
from skimage.measure import label

from tmdfeat.datasets import Field, Film, Objects, Relief, Scanner, Substrate, simulate_surface
from tmdfeat.datasets.scan_sessions import draw_scanner, mount
from tmdfeat.datasets.surface_draw import draw_recipe
from tmdfeat.datasets.surface_presets import PRESETS
from tmdfeat.preprocess import preset

FIELD = Field()
SMALL = Field(size=96, scan_nm=500.0)
FLAT = Substrate(bunching=0)


def everything(density=80.0, seed=0, field=FIELD):
    rng = np.random.default_rng(seed)
    recipe = draw_recipe(PRESETS["MoSe2"], rng)
    film = replace(recipe.film, density=density, coverage=(0.8, 0.2, 0.05))
    return simulate_surface(
        film,
        recipe.substrate,
        relief=replace(recipe.relief, rim_height=0.2, ridge_height=0.2),
        objects=recipe.objects,
        scanner=mount(draw_scanner(rng), rng),
        field=field,
        random_state=seed,
    )


def test_a_perfect_scan_is_terraces_and_layers_on_each_other():
    film = Film(density=60, coverage=(0.7, 0.2), layer_height=0.6, gap=0.25)
    made = simulate_surface(film, Substrate(bunching=2), field=SMALL, random_state=0)
    expected = 2 * 0.2165 * made.terrace + 0.6 * made.layer + 0.25 * (made.layer > 0)
    assert_allclose(made.image.z, expected, atol=1e-5)
    assert_array_equal(made.image.z, made.surface)


def modes(z, apart):
    """Peaks of the histogram of heights that hold at least 2 % of the pixels."""
    counts, edges = np.histogram(z, np.arange(z.min() - 0.1, z.max() + 0.1, 0.005))
    smooth = ndimage.gaussian_filter1d(counts.astype(float), 3)
    peak = (smooth == ndimage.maximum_filter1d(smooth, int(apart / 0.005))) & (
        smooth > 0.0005 * z.size
    )
    return (edges[:-1] + 0.0025)[peak]


def test_steps_of_substrate_and_layers_are_seen_within_two_hundredths_of_a_nm():
    steps = simulate_surface(
        Film(coverage=()), scanner=Scanner(noise=0.02, tip_radius=8), field=SMALL, random_state=0
    )
    gaps = np.diff(modes(steps.image.z, 0.15))
    assert len(gaps) > 3
    assert_allclose(gaps, 0.2165, atol=0.02)
    layers = simulate_surface(
        Film(coverage=(0.6, 0.3), layer_height=0.65, gap=0.2),
        FLAT,
        scanner=Scanner(noise=0.03, tip_radius=8),
        field=SMALL,
        random_state=0,
    )
    assert_allclose(modes(layers.image.z, 0.4), [0.0, 0.85, 1.5], atol=0.02)


def corners(film):
    """Third moment, as a direction, of every triangle that lies whole in the field."""
    pieces, n = ndimage.label(film)
    edge = {0, *pieces[0], *pieces[-1], *pieces[:, 0], *pieces[:, -1]}
    found = []
    for piece in set(range(n + 1)) - edge:
        rows, columns = np.nonzero(pieces == piece)
        if len(rows) < 20:
            continue
        w = columns - columns.mean() + 1j * (rows - rows.mean())
        found.append((w**3).sum() / np.abs(w**3).sum())
    return np.array(found)


def test_domains_point_along_the_orientation_of_the_truth_or_sixty_degrees_off():
    film = Film(density=100, coverage=(0.05,), antiparallel=0.15, spread=1.0)
    scans = [simulate_surface(film, Substrate(azimuth=200.0), random_state=s) for s in range(6)]
    truth = scans[0].truth
    c30 = np.concatenate([corners(scan.layer > 0) for scan in scans])
    assert len(c30) > 100
    off = (np.degrees(np.angle(c30)) / 3 - truth["orientation_deg"] + 30) % 120 - 30
    turned = off > 30
    assert np.median(np.where(turned, off - 60, off)) == pytest.approx(0, abs=1)
    scatter = 4 * np.sqrt(0.25 / len(c30))
    assert turned.mean() == pytest.approx(truth["antiparallel"], abs=scatter)


def test_bare_terraces_have_the_width_and_direction_of_the_truth():
    rows, columns = np.mgrid[:200, :200] * 5.0
    plane = np.column_stack([rows.ravel(), columns.ravel(), np.ones(rows.size)])
    for seed in range(5):
        substrate = Substrate(terrace_width=40 + 10 * seed, azimuth=75 * seed, meander=0.0)
        scan = simulate_surface(
            Film(coverage=()), substrate, field=Field(size=200), random_state=seed
        )
        truth = scan.truth
        slope = np.linalg.lstsq(plane, scan.image.z.ravel().astype(float), rcond=None)[0][:2]
        width = truth["step_height_nm"] / np.hypot(*slope)
        assert width == pytest.approx(truth["terrace_width_nm"], rel=0.02)
        azimuth = np.degrees(np.arctan2(*slope))
        error = (azimuth - truth["terrace_azimuth_deg"] + 180) % 360 - 180
        assert error == pytest.approx(0, abs=1)


def test_coverage_is_exact_and_the_truth_counts_what_its_maps_show():
    made = everything()
    truth = made.truth
    n = made.layer.size
    assert [truth[k] * n for k in ("coverage", "coverage_2", "coverage_3")] == [
        round(share * n) for share in (0.8, 0.2, 0.05)
    ]
    for number, suffix in ((1, ""), (2, "_2"), (3, "_3")):
        assert truth[f"coverage{suffix}"] == (made.layer >= number).mean()
        assert truth[f"n_components{suffix}"] == label(made.layer >= number, connectivity=2).max()
        grains = made.grain[number - 1]
        assert truth[f"n_domains{suffix}"] == len(np.unique(grains[grains >= 0]))
        assert_array_equal(grains >= 0, made.layer >= number)
    assert truth["n_components"] < truth["n_domains"] <= truth["n_nuclei"]
    first = made.nuclei[made.nuclei["layer"] == 1]
    assert len(first) == truth["n_nuclei"]
    assert_array_equal(first["nucleus"], np.arange(len(first)))


def test_the_films_roughness_is_that_asked_within_a_tenth():
    relief = Relief(roughness=0.12, roughness_length=25.0, hurst=0.7)
    field = Field(size=256, scan_nm=512.0)
    rough = [
        simulate_surface(Film(coverage=(1.0,)), FLAT, relief=relief, field=field, random_state=s)
        for s in range(6)
    ]
    seen = 0.12**2 * (1 - (1 + (25.0 / 4) ** 2) ** -0.7)  # up to wavelengths of two pixels
    assert np.mean([m.image.z.var() for m in rough]) == pytest.approx(seen, rel=0.1)
    bands = []
    for made in rough:  # between wavelengths of 10 and 25 nm
        power = np.abs(np.fft.fft2(made.image.z / 256**2)) ** 2
        q = np.hypot(*np.meshgrid(*[np.fft.fftfreq(256, 2.0)] * 2, indexing="ij"))
        bands.append(power[(q >= 1 / 25) & (q < 1 / 10)].sum())
    low, high = ((1 + (25.0 * q) ** 2) ** -0.7 for q in (1 / 25, 1 / 10))
    assert np.sqrt(np.mean(bands)) == pytest.approx(0.12 * np.sqrt(low - high), rel=0.1)


def test_a_tip_never_lowers_the_surface():
    made = simulate_surface(
        objects=Objects(particles=50), scanner=Scanner(tip_radius=10.0), random_state=0
    )
    assert (made.image.z >= made.surface).all()
    assert (made.image.z > made.surface).any()


@pytest.mark.parametrize("levelling", ["plane", "standard", "paper"])
def test_levelling_inside_is_levelling_afterwards(levelling):
    raw = everything(field=SMALL)
    [expected] = preset(levelling).fit_transform([raw.image])
    made = everything(field=SMALL._replace(levelling=levelling)).image
    assert_array_equal(made.z, expected.z)
    assert made.z_unit == expected.z_unit


def test_levelled_scans_are_the_same_with_and_without_tilt():
    scanner = Scanner(noise=0.03, row_offset=0.05)
    tilted = replace(scanner, tilt_rows=8.0, tilt_columns=-6.0)
    one, other = (
        simulate_surface(
            scanner=s, field=SMALL._replace(levelling="standard"), random_state=1
        ).image.z
        for s in (scanner, tilted)
    )
    assert_allclose(one, other, atol=1e-3)


def test_the_same_seed_gives_the_same_scan_and_truth():
    one, again, other = everything(seed=3), everything(seed=3), everything(seed=4)
    assert_array_equal(one.image.z, again.image.z)
    assert one.truth == again.truth
    assert one.nuclei.equals(again.nuclei)
    assert not np.array_equal(one.image.z, other.image.z)


def test_what_the_instrument_does_leaves_the_film_as_it_is():
    bare = simulate_surface(field=SMALL, random_state=0)
    noisy = simulate_surface(
        field=SMALL,
        scanner=Scanner(noise=0.1, scars=9.0, tip_radius=5.0),
        relief=Relief(roughness=0.1),
        objects=Objects(particles=20),
        random_state=0,
    )
    assert_array_equal(noisy.layer, bare.layer)
    assert_array_equal(noisy.grain, bare.grain)
    assert_array_equal(noisy.terrace, bare.terrace)


def test_drift_moves_the_maps_of_the_truth_with_the_image():
    made = simulate_surface(
        Film(density=30, coverage=(0.5,), layer_height=5.0),
        FLAT,
        scanner=Scanner(drift_columns=0.3, creep=20.0),
        random_state=0,
    )
    assert_array_equal(made.image.z > 2.5, made.layer > 0)


def test_the_global_generator_is_not_touched():
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(0)  # noqa: NPY002
    everything(field=SMALL)
    assert np.random.random() == expected  # noqa: NPY002


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (Field(size=7), "size must be an integer of at least 8, got 7"),
        (Field(scan_nm=0), "scan_nm"),
        (Field(size=16, levelling="flatten"), "flatten"),
    ],
)
def test_impossible_fields_are_refused(field, message):
    with pytest.raises(ValueError, match=message):
        simulate_surface(field=field)


@pytest.mark.slow
@pytest.mark.parametrize("density", [20, 80, 250, 600])
def test_at_least_ten_scans_with_everything_are_made_per_second_and_core(density):
    everything(density)  # compiles
    taken = []
    for seed in range(5):
        start = time.process_time()
        everything(density, seed)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1
