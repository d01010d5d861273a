import operator

import numpy as np
import pytest
from joblib import delayed, parallel_config

from tmdfeat import PhysicalFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.workers import results


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


@pytest.mark.slow
def test_descriptors_are_computed_by_the_workers_of_a_cluster(cluster):
    scans = make_tmd_afm(6, size=64, random_state=0).images
    physical = PhysicalFeatures(["height", "spatial"], cache=None)
    expected = physical.fit_transform(scans)
    with parallel_config("dask", client=cluster):
        np.testing.assert_array_equal(physical.fit_transform(scans), expected)
