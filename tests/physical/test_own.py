import pickle

import numpy as np
import pytest
from sklearn.base import clone

from tmdfeat import HeightMap, PhysicalFeatures
from tmdfeat.physical import as_descriptor


@as_descriptor(unit="nm", source="lab notebook 7")
def corner(z):
    """Height of the first pixel."""
    return z[0, 0]


@as_descriptor(unit="1/um2", unit_px="1/px2", needs=("pixel_size",), family="counts")
def density_of_ones(z, pixel_size):
    """Pixels of height 1 per area."""
    return np.count_nonzero(z == 1) / (z.size * pixel_size[0] * pixel_size[1]) * 1e6


SCAN = HeightMap([[3.0, 1.0], [1.0, 0.0]], z_unit="nm", pixel_size=100.0)


def test_own_functions_stand_beside_ours_with_names_and_units():
    features = PhysicalFeatures(names=["Sz", corner, density_of_ones])
    assert features.get_feature_names_out().tolist() == [
        "Sz_nm",
        "corner_nm",
        "density_of_ones_per_um2",
    ]
    # two ones on 4 pixels of 0.01 um2 each
    np.testing.assert_allclose(features.fit_transform([SCAN]), [[3.0, 3.0, 50.0]])
    assert features.citations() == ["ISO 25178-2:2021", "lab notebook 7", "own"]


def test_they_need_the_scale_that_they_say():
    with pytest.raises(ValueError, match=r"lacks heights in nm.*need: corner"):
        PhysicalFeatures(names=[corner]).fit_transform([SCAN.z])
    pixels = PhysicalFeatures(names=[corner, density_of_ones], scale="px")
    assert pixels.get_feature_names_out().tolist() == ["corner_rel", "density_of_ones_per_px2"]


def test_the_function_itself_stays_a_function():
    assert corner(np.array([[5.0]])) == 5.0
    assert pickle.loads(pickle.dumps(corner)) is corner


def test_clone_pickle_and_processes_keep_it(tmp_path):
    features = PhysicalFeatures(names=[corner], n_jobs=2)
    for same in (clone(features), pickle.loads(pickle.dumps(features))):
        np.testing.assert_array_equal(same.fit_transform([SCAN] * 3), [[3.0]] * 3)


def test_an_own_function_is_never_served_from_the_cache():
    calls = []

    @as_descriptor()
    def counted(z):
        calls.append(1)
        return 0.0

    features = PhysicalFeatures(names=[counted]).fit([SCAN])
    features.transform([SCAN])
    features.transform([SCAN])
    assert len(calls) == 2


def test_one_function_needs_no_list():
    assert PhysicalFeatures(names=corner).fit_transform([SCAN]).shape == (1, 1)


def test_an_own_function_goes_before_ours_of_its_name():
    @as_descriptor()
    def Sz(z):
        return -1.0

    assert PhysicalFeatures(names=[Sz]).fit_transform([SCAN])[0, 0] == -1.0
