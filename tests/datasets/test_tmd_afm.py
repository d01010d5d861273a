import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from skimage.measure import label

from tmdfeat.datasets import make_tmd_afm
from tmdfeat.datasets.class_order import PUBLISHED
from tmdfeat.datasets.scan_feedback import follow
from tmdfeat.datasets.scan_tip import dilate
from tmdfeat.datasets.surface_presets import PRESETS
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


ARTEFACTS = ["none", "typical", "full"]


@pytest.mark.parametrize("artefacts", ARTEFACTS)
@pytest.mark.parametrize("size", [50, 101])
def test_the_truth_is_what_its_maps_show(artefacts, size):
    made = make_tmd_afm(10, size=size, artefacts=artefacts, maps=True, random_state=0)
    for maps, truth in zip(made.maps, made.truth.itertuples(), strict=True):
        film = maps.layer >= 1
        assert truth.coverage == film.mean()
        assert abs(film.mean() - truth.coverage_asked) <= 1 / film.size
        assert truth.coverage_2 == (maps.layer >= 2).mean()
        assert truth.n_components == label(film, connectivity=2).max()
        assert truth.n_domains == len(np.unique(maps.grain[0][film]))
        assert truth.n_nuclei == (maps.nuclei["layer"] == 1).sum()
        assert truth.layer_height_nm == PRESETS[truth.material].layer_height
        assert maps.grain.shape[1:] == maps.terrace.shape == maps.surface.shape == (size, size)
    assert "maps" not in make_tmd_afm(5, size=8, artefacts=artefacts, random_state=0)


def test_without_artefacts_a_scan_is_the_surface():
    made = make_tmd_afm(5, size=64, artefacts="none", maps=True, random_state=0)
    for image, maps in zip(made.images, made.maps, strict=True):
        assert_array_equal(image.z, maps.surface)


def test_a_calm_scan_is_what_the_tip_follows_with_noise_row_offsets_and_tilt_of_the_truth():
    made = make_tmd_afm(15, size=128, maps=True, random_state=0)
    found = []
    for image, maps, truth in zip(made.images, made.maps, made.truth.iloc, strict=True):
        touched = dilate(maps.surface, image.pixel_size[0], truth["scanner.tip_radius"])
        added = image.z - follow(touched, truth["scanner.lag"], np.inf)
        tilt = np.mean(added[:, -1] - added[:, 0])
        found.append((*_parts(added), tilt))
    noise, rows, tilt = np.transpose(found)
    assert_allclose(noise, made.truth["noise_nm"], rtol=0.06)
    assert np.median(rows / made.truth["row_offset_nm"]) == pytest.approx(1, abs=0.1)
    assert_allclose(tilt, made.truth["tilt_columns_nm"], atol=0.03)


def test_the_surface_is_the_same_without_an_instrument_and_in_a_calm_scan():
    ideal, calm = (
        make_tmd_afm(5, size=48, artefacts=a, maps=True, random_state=0)
        for a in ("none", "typical")
    )
    for one, other in zip(ideal.maps, calm.maps, strict=True):
        assert_array_equal(one.surface, other.surface)
        assert_array_equal(one.grain, other.grain)


def _parts(added):
    """Standard deviations of pixels within rows and of rows, both without tilt."""
    along = added - added.mean(axis=1, keepdims=True)
    along -= along.mean(axis=0)
    return along.std(), np.std(np.diff(added.mean(axis=1), 2)) / np.sqrt(6)


@pytest.mark.parametrize("artefacts", ARTEFACTS)
@pytest.mark.parametrize("coverage", [0.0, 0.25, 1.0])
def test_coverage_can_be_fixed(coverage, artefacts):
    truth = make_tmd_afm(5, size=40, artefacts=artefacts, coverage=coverage, random_state=0).truth
    assert truth["coverage"].tolist() == [coverage] * 5
    assert (truth["coverage_2"] <= coverage).all()
    assert (truth["n_domains"] > 0).all() == (coverage > 0)


def test_domains_are_no_fewer_than_pieces_and_no_more_than_nuclei():
    truth = make_tmd_afm(15, size=128, random_state=0).truth
    assert (truth["n_domains"] <= truth["n_nuclei"]).all()
    assert (truth["n_components"] >= 1).all()
    assert truth.loc[truth["coverage"] < 0.95, "n_domains"].gt(1).all()


def test_without_artefacts_there_are_none_and_the_film_is_the_same():
    ideal, calm, full = (
        make_tmd_afm(5, size=64, artefacts=a, random_state=0).truth for a in ARTEFACTS
    )
    none = ideal[["noise_nm", "row_offset_nm", "tilt_rows_nm", "scanner.tip_radius"]]
    assert (none == 0).all(axis=None)
    seen = [c for c in ideal if c.startswith(("coverage", "n_domains", "n_components"))]
    assert ideal[seen].equals(calm[seen])
    drawn = [c for c in ideal if c.startswith(("substrate.", "film.", "relief.", "objects."))]
    assert len(drawn) > 30
    assert ideal[drawn].equals(calm[drawn])
    assert ideal[drawn].equals(full[drawn])


def test_growths_share_their_parameters_and_scans_differ():
    made = make_tmd_afm(30, size=16, scan_nm=100.0, random_state=0)
    shared = made.truth.groupby("growth")[OF_THE_GROWTH].nunique()
    assert (shared == 1).all(axis=None)
    between = made.truth.groupby("material")[OF_THE_GROWTH].nunique()
    assert (between == 2).all(axis=None)
    assert made.truth["tilt_rows_nm"].nunique() == 30
    assert not np.array_equal(made.images[0].z, made.images[5].z)
    assert made.groups[0] == made.groups[5]


def test_classes_are_balanced_and_groups_have_one_class_and_the_size_asked():
    made = make_tmd_afm(60, size=8, scan_nm=50.0, scans_per_growth=4, random_state=0)
    assert {name: (made.target == name).sum() for name in PUBLISHED} == dict.fromkeys(PUBLISHED, 12)
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


@pytest.mark.parametrize("artefacts", ARTEFACTS)
def test_the_same_seed_gives_the_same_scans_whatever_their_number(artefacts):
    few, more = (make_tmd_afm(n, size=32, artefacts=artefacts, random_state=7) for n in (6, 17))
    for one, other in zip(few.images, more.images[:6], strict=True):
        assert_array_equal(one.z, other.z)
    assert few.truth.equals(more.truth[:6])
    other = make_tmd_afm(6, size=32, artefacts=artefacts, random_state=8)
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
    images = {name: int((made.target == name).sum()) for name in PUBLISHED}
    assert images == {"MoS2": 476, "WS2": 182, "WSe2": 137, "MoSe2": 129, "Mo-WSe2": 102}
    samples = {name: len(set(made.groups[made.target == name])) for name in PUBLISHED}
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
        ({"n_samples": 6, "balance": "paper"}, "at least 7, one scan per material, got 6"),
        ({"coverage": 1.1}, "from 0 to 1, got 1.1"),
    ],
)
def test_impossible_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        make_tmd_afm(**{"n_samples": 10, "size": 8, **parameters})
