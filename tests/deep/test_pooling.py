import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.deep.pooling import POOLINGS, channels, pool, pooled_axes

MAPS = np.random.default_rng(0).normal(0.5, 2.0, size=(3, 5, 4, 4)).astype(np.float32)


def naive(vectors, pooling):
    """Pool the values of one channel of one image, as the definitions say."""
    values = [float(value) for value in vectors]
    mean = sum(values) / len(values)
    return {
        "avg": [mean],
        "max": [max(values)],
        "gem": [(sum(max(v, 1e-6) ** 3 for v in values) / len(values)) ** (1 / 3)],
        "avg_std": [mean, (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5],
        "token": [values[0]],
    }[pooling]


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("layout", ["maps", "maps with channels last", "tokens"])
def test_each_pooling_equals_its_definition(pooling, layout):
    flat = MAPS.reshape(3, 5, 16)
    activation, axes = {
        "maps": (MAPS, (2, 3)),
        "maps with channels last": (MAPS.transpose(0, 2, 3, 1), (1, 2)),
        "tokens": (flat.transpose(0, 2, 1), (1,)),
    }[layout]
    if pooling == "token" and layout != "tokens":
        pytest.skip("maps have no tokens")
    found = pool(torch.tensor(activation), axes, pooling)
    rows = [[naive(flat[i, c], pooling) for c in range(5)] for i in range(3)]
    expected = np.array(rows).transpose(0, 2, 1).reshape(3, -1)  # all means, then all deviations
    assert found.dtype == torch.float32
    assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_gem_is_the_value_itself_where_a_map_is_constant_and_the_floor_where_it_is_negative():
    constant = torch.full((1, 1, 6, 6), 2.5)
    assert_allclose(pool(constant, (2, 3), "gem"), [[2.5]], rtol=1e-6)
    assert_allclose(pool(-constant, (2, 3), "gem"), [[1e-6]], rtol=1e-4)


def test_the_deviation_of_a_constant_far_from_zero_is_zero():
    assert_array_equal(pool(torch.full((1, 2, 8, 8), 1e4), (2, 3), "avg_std")[:, 2:], [[0, 0]])


@pytest.mark.parametrize("pooling", POOLINGS)
def test_vectors_stay_as_they_are_and_are_copied(pooling):
    vectors = torch.tensor([[-1.0, 2.0], [3.0, -4.0]])
    found = pool(vectors, (), pooling)
    vectors.relu_()
    assert_array_equal(found, [[-1.0, 2.0], [3.0, -4.0]])


@pytest.mark.parametrize("pooling", ["avg", "gem", "avg_std"])
def test_bfloat16_is_pooled_in_float32(pooling):
    maps = torch.tensor(MAPS).bfloat16()
    found = pool(maps, (2, 3), pooling)
    assert found.dtype == torch.float32
    rows = [[naive(maps[i, c].double().ravel(), pooling) for c in range(5)] for i in range(3)]
    assert_allclose(found, np.array(rows).transpose(0, 2, 1).reshape(3, -1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "axes", "width"),
    [
        ((2, 512), (), 512),
        ((2, 197, 768), (1,), 768),
        ((2, 64, 7, 7), (2, 3), 64),
        ((2, 7, 7, 64), (1, 2), 64),
        ((2, 8, 8, 8), (2, 3), 8),
    ],
)
def test_axes_of_space_and_tokens_are_found(shape, axes, width):
    assert pooled_axes(shape) == axes
    assert channels(shape, axes) == width


@pytest.mark.parametrize("shape", [(2,), (2, 3, 4, 5), (2, 3, 3, 3, 3)])
def test_other_shapes_have_no_such_axes(shape):
    assert pooled_axes(shape) is None
