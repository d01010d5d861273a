import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage
from skimage.measure import label

from tmdfeat.datasets import make_tmd_afm
from tmdfeat.datasets.materials import MATERIALS
from tmdfeat.datasets.terraces import STEP_HEIGHT
from tmdfeat.gate import check_images
from tmdfeat.preprocess import preset

OF_THE_GROWTH = [
    "coverage_asked",
    "density_per_um2",
    "truncation",
    "orientation_deg",
    "antiparallel",
    "terrace_width_nm",
    "roughness_nm",
]


def ideal_with_films(n, **parameters):
    """Scans without artefacts, and their films: what differs from the bare terraces."""
    made = make_tmd_afm(n, artefacts="none", **parameters)
    bare = make_tmd_afm(n, artefacts="none", **{**parameters, "coverage": 0.0})
    films = []
    for scan, under, layer in zip(
        made.images, bare.images, made.truth["layer_height_nm"], strict=True
    ):
        height = scan.z - under.z
        films.append(height > layer / 2)
        assert_allclose(height, layer * films[-1], atol=1e-5)
    return made, films


@pytest.mark.parametrize("size", [50, 64, 101])
def test_ideal_scans_hold_one_layer_of_the_coverage_asked(size):
    made, films = ideal_with_films(10, size=size, random_state=0)
    for film, truth in zip(films, made.truth.itertuples(), strict=True):
        assert truth.coverage == film.mean()
        assert abs(film.mean() - truth.coverage_asked) <= 1 / film.size
        assert truth.n_components == label(film, connectivity=2).max()
        assert truth.layer_height_nm == MATERIALS[truth.material].layer_height


@pytest.mark.parametrize("coverage", [0.0, 0.25, 1.0])
def test_coverage_can_be_fixed(coverage):
    made = make_tmd_afm(5, size=40, artefacts="none", coverage=coverage, random_state=0)
    assert made.truth["coverage"].tolist() == [coverage] * 5
    assert (made.truth["n_domains"] > 0).all() == (coverage > 0)


def test_ideal_bare_terraces_have_the_width_and_direction_of_the_truth():
    made = make_tmd_afm(5, size=200, artefacts="none", coverage=0.0, random_state=1)
    rows, columns = np.mgrid[:200, :200] * 5.0
    plane = np.column_stack([rows.ravel(), columns.ravel(), np.ones(rows.size)])
    for scan, truth in zip(made.images, made.truth.itertuples(), strict=True):
        slope = np.linalg.lstsq(plane, scan.z.ravel().astype(float), rcond=None)[0][:2]
        assert STEP_HEIGHT / np.hypot(*slope) == pytest.approx(truth.terrace_width_nm, rel=0.02)
        azimuth = np.degrees(np.arctan2(*slope))
        error = (azimuth - truth.terrace_azimuth_deg + 180) % 360 - 180
        assert error == pytest.approx(0, abs=1)
        assert truth.step_height_nm == STEP_HEIGHT


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
    made, films = ideal_with_films(
        6, materials=["WS2"], coverage=0.05, scans_per_growth=6, random_state=2
    )
    truth = made.truth.iloc[0]
    c30 = np.concatenate([corners(film) for film in films])
    assert len(c30) > 100
    off = (np.degrees(np.angle(c30)) / 3 - truth["orientation_deg"] + 30) % 120 - 30
    turned = off > 30
    assert np.median(np.where(turned, off - 60, off)) == pytest.approx(0, abs=1)
    scatter = 4 * np.sqrt(0.25 / len(c30))
    assert turned.mean() == pytest.approx(truth["antiparallel"], abs=scatter)


def test_domains_are_no_fewer_than_pieces_and_no_more_than_nuclei():
    truth = make_tmd_afm(15, size=128, random_state=0).truth
    assert (truth["n_domains"] <= truth["n_nuclei"]).all()
    assert (truth["n_components"] >= 1).all()
    assert truth.loc[truth["coverage"] < 0.95, "n_domains"].gt(1).all()


def test_artefacts_add_noise_row_offsets_and_tilt_of_the_size_of_the_truth():
    # So small a field shows few steps, and roughness as a gentle slope.
    made = make_tmd_afm(15, size=256, scan_nm=10.0, coverage=1.0, random_state=0)
    along = [np.median(np.abs(np.diff(scan.z, 2, axis=1))) for scan in made.images]
    rows = [np.diff(np.median(scan.z, axis=1), 2) for scan in made.images]
    across = np.median(np.abs(rows), axis=1)
    slope = [np.median(np.diff(scan.z, axis=1)) * 255 for scan in made.images]
    sigma = 0.6745 * np.sqrt(6)  # from the median size of second differences
    truth = made.truth
    assert_allclose(along / sigma, truth["noise_nm"], rtol=0.06)
    assert np.median(across / sigma / truth["row_offset_nm"]) == pytest.approx(1, abs=0.1)
    assert_allclose(slope, truth["tilt_columns_nm"], atol=0.6)


def test_without_artefacts_there_are_none_and_the_film_is_the_same():
    made = make_tmd_afm(5, size=64, random_state=0)
    ideal = make_tmd_afm(5, size=64, artefacts="none", random_state=0)
    none = ideal.truth[["noise_nm", "row_offset_nm", "tilt_rows_nm", "roughness_nm"]]
    assert (none == 0).all(axis=None)
    same = ["coverage", "n_domains", "n_components", "terrace_width_nm"]
    assert ideal.truth[same].equals(made.truth[same])


def test_growths_share_their_parameters_and_scans_differ():
    made = make_tmd_afm(30, size=16, scan_nm=100.0, random_state=0)
    shared = made.truth.groupby("growth")[OF_THE_GROWTH].nunique()
    assert (shared == 1).all(axis=None)
    between = made.truth.groupby("material")[OF_THE_GROWTH].nunique()
    assert (between == 2).all(axis=None)
    assert made.truth["noise_nm"].nunique() == 30
    assert not np.array_equal(made.images[0].z, made.images[5].z)
    assert made.groups[0] == made.groups[5]


def test_classes_are_balanced_and_groups_have_one_class_and_the_size_asked():
    made = make_tmd_afm(60, size=8, scan_nm=50.0, scans_per_growth=4, random_state=0)
    assert {name: (made.target == name).sum() for name in MATERIALS} == dict.fromkeys(MATERIALS, 12)
    assert all(len(set(made.target[made.groups == group])) == 1 for group in made.groups)
    assert [(made.groups == group).sum() for group in set(made.groups)] == [4] * 15
    assert_array_equal(made.target, made.truth["material"])
    assert_array_equal(made.groups, made.truth["growth"])
    assert made.target.dtype.kind == made.groups.dtype.kind == "U"


def test_scans_are_height_maps_in_nm_that_pass_the_gate():
    made = make_tmd_afm(5, size=50, scan_nm=2000.0, random_state=0)
    images = check_images(made.images)
    assert images[4].z_unit == "nm"
    assert images[4].pixel_size == (40.0, 40.0)
    assert images[4].z.shape == (50, 50)
    assert len({image.name for image in images}) == 5


def test_the_same_seed_gives_the_same_scans_whatever_their_number():
    few, more = (make_tmd_afm(n, size=32, random_state=7) for n in (6, 17))
    for one, other in zip(few.images, more.images[:6], strict=True):
        assert_array_equal(one.z, other.z)
    assert few.truth.equals(more.truth[:6])
    other = make_tmd_afm(6, size=32, random_state=8)
    assert not np.array_equal(few.images[0].z, other.images[0].z)


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(3)])
def test_the_seed_in_the_truth_makes_the_scans_again(random_state):
    made = make_tmd_afm(5, size=32, random_state=random_state)
    again = make_tmd_afm(5, size=32, random_state=int(made.truth["seed"][0]))
    assert_array_equal(made.images[3].z, again.images[3].z)


def test_the_global_generator_is_not_touched():
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(0)  # noqa: NPY002
    make_tmd_afm(5, size=8, random_state=0)
    assert np.random.random() == expected  # noqa: NPY002


def test_full_scans_share_their_growths_parameters_and_session_and_differ_in_place():
    made = make_tmd_afm(30, size=24, artefacts="full", random_state=0)
    grown = [c for c in made.truth if c.startswith(("substrate.", "film.", "relief.", "objects."))]
    session = ["scanner.tip_radius", "scanner.noise", "scanner.lag", "scanner.digit"]
    assert len(grown) > 30
    assert (made.truth.groupby("growth")[grown + session].nunique() == 1).all(axis=None)
    places = ["scanner.tilt_rows", "scanner.bow_columns", "scanner.drift_rows"]
    assert (made.truth[places].nunique() == 30).all()
    assert made.truth["scanner.tip_radius"].nunique() == 10


def test_full_scans_have_maps_that_agree_with_their_truth():
    made = make_tmd_afm(5, size=64, artefacts="full", maps=True, random_state=0)
    for maps, truth in zip(made.maps, made.truth.itertuples(), strict=True):
        assert (maps.layer >= 1).mean() == truth.coverage
        assert (maps.layer >= 2).mean() == truth.coverage_2
        assert maps.grain.shape[1:] == maps.terrace.shape == maps.surface.shape == (64, 64)
        assert len(maps.nuclei) >= truth.n_nuclei
    assert "maps" not in make_tmd_afm(5, size=64, artefacts="full", random_state=0)


@pytest.mark.parametrize("coverage", [0.0, 0.4, 1.0])
def test_the_coverage_of_full_scans_can_be_fixed(coverage):
    truth = make_tmd_afm(5, size=40, artefacts="full", coverage=coverage, random_state=0).truth
    assert truth["coverage"].tolist() == [coverage] * 5
    assert (truth["coverage_2"] <= coverage).all()


def test_full_scans_too_are_the_same_whatever_their_number():
    few, more = (make_tmd_afm(n, size=24, artefacts="full", random_state=7) for n in (5, 11))
    for one, other in zip(few.images, more.images[:5], strict=True):
        assert_array_equal(one.z, other.z)
    assert few.truth.equals(more.truth[:5])


@pytest.mark.parametrize("artefacts", ["typical", "full"])
def test_images_can_be_levelled(artefacts):
    raw, made = (
        make_tmd_afm(5, size=32, artefacts=artefacts, levelling=levelling, random_state=0)
        for levelling in (None, "paper")
    )
    for image, expected in zip(made.images, preset("paper").fit_transform(raw.images), strict=True):
        assert_array_equal(image.z, expected.z)


def test_the_papers_balance_has_its_images_and_samples():
    made = make_tmd_afm(1026, size=8, scan_nm=20.0, balance="paper", random_state=0)
    images = {name: int((made.target == name).sum()) for name in MATERIALS}
    assert images == {"MoS2": 476, "WS2": 182, "WSe2": 137, "MoSe2": 129, "Mo-WSe2": 102}
    samples = {name: len(set(made.groups[made.target == name])) for name in MATERIALS}
    assert samples == {"MoS2": 331, "WS2": 117, "WSe2": 120, "MoSe2": 42, "Mo-WSe2": 16}


def test_scans_per_growth_wins_over_the_papers_samples():
    made = make_tmd_afm(
        60, size=8, scan_nm=20.0, balance="paper", scans_per_growth=5, random_state=0
    )
    assert max((made.groups == group).sum() for group in set(made.groups)) == 5
    assert set(made.groups[made.target == "MoS2"][:5]) == {"MoS2-g0"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_samples": 4}, "at least 5, one scan per material, got 4"),
        ({"n_samples": 10.0}, "whole number"),
        ({"materials": ["MoS2", "graphene"]}, "graphene"),
        ({"materials": []}, "among"),
        ({"materials": ["WS2", "WS2"]}, "different"),
        ({"size": 7}, "at least 8 pixels, got 7"),
        ({"scan_nm": 0}, "positive number of nm"),
        ({"scans_per_growth": 0}, "scans_per_growth"),
        ({"artefacts": "all"}, "'none', 'typical', 'full'"),
        ({"balance": "none"}, "'equal', 'paper'"),
        ({"maps": True}, "artefacts='full' only, got artefacts='typical'"),
        ({"n_samples": 6, "balance": "paper"}, "at least 7, one scan per material, got 6"),
        ({"coverage": 1.1}, "from 0 to 1, got 1.1"),
    ],
)
def test_impossible_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        make_tmd_afm(**{"n_samples": 10, "size": 8, **parameters})
