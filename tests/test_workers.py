import operator

import numpy as np
import pytest
from joblib import delayed, parallel_config

from tmdfeat import PhysicalFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.workers import for_all, results


def calls():
    return (delayed(operator.neg)(i) for i in range(7))


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("backend", ["sequential", "threading", "loky"])
def test_all_results_come_whatever_the_backend(backend, ordered):
    with parallel_config(backend, n_jobs=2):
        found = list(results(calls(), n_jobs=None, ordered=ordered))
    assert (found if ordered else sorted(found, reverse=True)) == [-i for i in range(7)]


def test_results_come_while_others_are_still_to_be_computed():
    begun = []
    stream = results((delayed(begun.append)(i) for i in range(9)), n_jobs=None)
    next(stream)
    assert len(begun) < 9
    stream.close()


def test_what_all_need_goes_as_it_is_where_there_is_no_cluster():
    weights = np.zeros(3)
    with parallel_config("threading", n_jobs=2):
        assert for_all(weights) is weights


@pytest.mark.slow
def test_what_all_workers_of_a_cluster_need_is_sent_under_a_new_name_and_without_a_warning(cluster):
    # Sent again under one name, while that of the last call is being let go of, it could be lost.
    weights = np.arange(2_000_000.0)  # 16 MB: above 10, dask warns of sending them in a task
    with parallel_config("dask", client=cluster):
        first, second = for_all(weights), for_all(weights)
        sums = list(results((delayed(np.sum)(each) for each in (first, second)), n_jobs=2))
    assert first.key != second.key
    assert sums == [weights.sum()] * 2


@pytest.mark.slow
def test_descriptors_are_computed_by_the_workers_of_a_cluster(cluster):
    scans = make_tmd_afm(6, size=64, random_state=0).images
    physical = PhysicalFeatures(["height", "spatial"], cache=None)
    expected = physical.fit_transform(scans)
    with parallel_config("dask", client=cluster):
        np.testing.assert_array_equal(physical.fit_transform(scans), expected)
