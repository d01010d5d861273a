import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import median_abs_deviation

from tmdfeat.deep import tails
from tmdfeat.deep.tails import median_and_spread, percentiles

RNG = np.random.default_rng(0)
COLUMNS = np.zeros((512, 512))
COLUMNS[:, ::64] = RNG.normal(size=(512, 8))  # a regular sample of rows sees these columns only
CASES = {
    "normal": RNG.normal(size=(300, 200)),
    "heavy tails": RNG.standard_cauchy(size=(256, 256)),
    "few values": RNG.integers(0, 3, size=(200, 200)).astype(float),
    "float32": RNG.normal(size=(256, 256)).astype(np.float32),
    "all but constant": np.where(np.arange(40_000) == 7, 9.0, 1.0).reshape(200, 200),
    "columns that the sample hits": COLUMNS,
    "columns that the sample misses": np.roll(COLUMNS, 1, axis=1),
    "one corner": np.pad(RNG.normal(size=(30, 30)), ((0, 226), (0, 226))),
    "tiny": RNG.normal(size=(2, 3)),
    "one pixel": np.ones((1, 1)),
}


@pytest.mark.parametrize("z", CASES.values(), ids=CASES)
@pytest.mark.parametrize("wanted", [(0.5, 99.5), (0, 100), (2, 98), (25, 75), (0.001, 99.999)])
def test_equals_numpys_percentiles(z, wanted):
    assert_allclose(percentiles(z, wanted), np.percentile(z, wanted), rtol=1e-6, atol=1e-12)


def test_looks_at_the_tails_only(monkeypatch):
    def whole(*_):
        raise AssertionError("sorted everything")

    monkeypatch.setattr(tails.np, "quantile", whole)
    assert percentiles(RNG.normal(size=(512, 512)), (0.5, 99.5))


def test_spread_is_scipys_scaled_median_deviation():
    z = RNG.gumbel(size=(50, 61))
    expected = (np.median(z), median_abs_deviation(z, axis=None, scale="normal"))
    assert_allclose(median_and_spread(z), expected)
