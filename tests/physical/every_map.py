"""What holds for each descriptor on each legal map, whichever family it is of."""

import pickle

import numpy as np
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from physical.surfaces import turned_and_flipped

from tmdfeat.physical import compute


def _disk(side=48):
    y, x = np.mgrid[:side, :side] - side // 2
    return (x**2 + y**2 < 100).astype(float)


_ROUGH = np.random.default_rng(0).normal(size=(48, 48))
MAPS = {
    "flat": np.full((48, 48), 0.1),
    "one row": _ROUGH[:1],
    "one column": _ROUGH[:, :1],
    "one pixel": _ROUGH[:1, :1],
    "two by two": _ROUGH[:2, :2],
    "three by three": _ROUGH[:3, :3],
    "oblong": _ROUGH[:17],
    "tiny heights": _ROUGH * 1e-12,
    "huge heights": _ROUGH * 1e6,
    "far from zero": _ROUGH + 1e6,
    "one grain": _disk(),
    "grain everywhere but in a corner": 1 - np.pad([[1.0]], (0, 40)),
    "spike": np.pad([[1e6]], 24),
    "tilted": np.add.outer(np.arange(48.0), np.arange(48.0)),
    "stripes": np.tile([0.0, 0.0, 1.0], (48, 16)),
    "whole numbers": np.rint(_ROUGH * 10).astype(np.int16),
    "black and white": _ROUGH > 0,
    "single precision": _ROUGH.astype(np.float32),
}
PIXELS = (1.0, 4.0, (2.0, 8.0), 1e-6, 1e6)

# Whole heights, partly in steps of 4x4 pixels; factors of two and offsets are then exact.
rough_maps = st.builds(
    lambda seed, rows, columns, step: _stepped(np.random.default_rng(seed), rows, columns, step),
    st.integers(0, 2**32 - 1),
    st.integers(20, 44),
    st.integers(20, 44),
    st.integers(0, 200),
)


def _stepped(rng, rows, columns, step):
    blocks = rng.integers(-step, step + 1, size=(11, 11))
    return np.kron(blocks, np.ones((4, 4)))[:rows, :columns] + rng.integers(
        -20, 21, (rows, columns)
    )


def check_every_map(descriptors, name, pixel_size):
    """Values are finite or undefined, without warnings, from the table and from each function."""
    z = MAPS[name]
    values = compute(descriptors, z, pixel_size)
    assert not np.isinf(values).any()
    alone = [d.compute(z, pixel_size) if d.fits(z.shape) else np.nan for d in descriptors]
    assert_allclose(alone, values)
    assert not np.isinf([d.compute(z, pixel_size) for d in descriptors]).any()


def check_invariances(descriptors, z, turns=True, pixel_size=2.0):
    """Offsets, factors (lengths scale), quarter turns and flips."""
    before = compute(descriptors, z, pixel_size)
    lengths = np.array(["rel" in d.unit_px for d in descriptors])
    assert_allclose(compute(descriptors, z + 1000, pixel_size), before, rtol=1e-6, atol=1e-9)
    factors = np.where(lengths, 8.0, 1.0)
    assert_allclose(compute(descriptors, z * 8, pixel_size), before * factors, rtol=1e-6, atol=1e-9)
    for turned in turned_and_flipped(z) if turns else []:
        assert_allclose(compute(descriptors, turned, pixel_size), before, rtol=1e-6, atol=1e-9)


def check_oblong_pixels(descriptors):
    """Turning the map swaps the two pixel sizes."""
    z = _ROUGH[:40]
    turned = compute(descriptors, z.T, (4.0, 3.0))
    assert_allclose(turned, compute(descriptors, z, (3.0, 4.0)), rtol=1e-9)


def check_dtypes(descriptors):
    """Whole numbers give the same in every type that holds them."""
    z = np.rint(_ROUGH * 10)
    expected = compute(descriptors, z, 2.0)
    for dtype in (np.int16, np.float32, np.int64):
        assert_allclose(compute(descriptors, z.astype(dtype), 2.0), expected)
    assert_allclose(compute(descriptors, np.asfortranarray(z), 2.0), expected)


def check_pickles(descriptors):
    """Processes get their descriptors by pickle."""
    copies = pickle.loads(pickle.dumps(descriptors))
    assert_allclose(compute(copies, _ROUGH, 2.0), compute(descriptors, _ROUGH, 2.0))
