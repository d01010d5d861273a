from itertools import pairwise

import numpy as np
import pytest

from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_layers import grow_layers, layer_map
from tmdfeat.datasets.surface_substrate import Substrate, lay_steps

FRAME = lay_frame((120, 120), 5.0, Scanner())


def grow(film, seed=0, azimuth=0.0, frame=FRAME):
    rng = np.random.default_rng(seed)
    return grow_layers(film, lay_steps(Substrate(azimuth=azimuth), frame, rng), frame, rng)


@pytest.mark.parametrize("coverage", [(), (0.0,), (0.37,), (1.0, 0.2), (0.8, 0.3, 0.3), (0.5, 0.0)])
def test_each_layer_covers_what_is_asked_and_lies_on_the_one_before(coverage):
    layers = grow(Film(coverage=coverage, raggedness=3.0))
    assert [layer.mask.sum() for layer in layers] == [round(c * 120**2) for c in coverage]
    for below, above in pairwise(layers):
        assert not (above.mask & ~below.mask).any()
    assert layer_map(layers, (120, 120)).sum() == sum(layer.mask.sum() for layer in layers)


def test_grains_are_numbered_where_the_layer_is_and_nowhere_else():
    for layer in grow(Film(coverage=(0.6, 0.2))):
        assert ((layer.grain >= 0) == layer.mask).all()
        assert layer.grain.max() < len(layer.nuclei.rows)


def test_each_nucleus_inside_the_film_lies_in_its_own_grain():
    [layer] = grow(Film(coverage=(0.9,), birth=0.0, density=60))
    rows, columns = (np.rint(v / 5.0).astype(int) for v in layer.nuclei[:2])
    inside = (rows >= 0) & (rows < 120) & (columns >= 0) & (columns < 120)
    own = layer.grain[rows[inside], columns[inside]] == np.flatnonzero(inside)
    assert own.mean() > 0.95  # two nuclei may share a pixel's surroundings


def test_the_distance_from_a_free_edge_is_that_of_an_edge_that_moves_at_speed_one():
    film = Film(density=1.0, coverage=(0.05,), antiparallel=0.0, spread=0.0, birth=0.0)
    frame = lay_frame((400, 400), 5.0, Scanner())
    [layer] = grow(film, seed=3, frame=frame)
    # Triangles point along the columns: their edges to the left are upright.
    sizes = np.bincount(layer.grain[layer.mask])
    domain = layer.grain == sizes.argmax()
    assert not domain[:, 0].any()
    assert not domain[:, -1].any()
    row = np.rint(layer.nuclei.rows[sizes.argmax()] / 5).astype(int)
    columns = np.flatnonzero(domain[row])[:5]
    np.testing.assert_allclose(np.diff(layer.from_edge[row, columns]), 5.0, atol=1e-3)
    assert layer.from_edge[row, columns[0]] < 5.0
    assert (layer.from_edge[~layer.mask] == 0).all()


@pytest.mark.parametrize("azimuth", [0.0, 50.0])
def test_stretched_domains_are_longer_along_the_steps(azimuth):
    frame = lay_frame((200, 200), 5.0, Scanner())
    film = Film(density=4, coverage=(0.02,), truncation=1.0, stretch=2.0, birth=0.0, spread=60)
    moments = []
    for seed in range(4):
        [layer] = grow(film, seed, azimuth, frame)
        edge = np.concatenate([layer.grain[[0, -1]].ravel(), layer.grain[:, [0, -1]].ravel()])
        for grain in set(np.unique(layer.grain)) - set(edge) - {-1}:
            points = np.argwhere(layer.grain == grain)
            if len(points) > 60:
                moments.append(np.cov(points.T))
    assert len(moments) >= 5
    along = np.array([np.cos(np.radians(azimuth)), -np.sin(np.radians(azimuth))])  # row, column
    across = along[::-1] * [1, -1]
    ratio = [np.sqrt((along @ m @ along) / (across @ m @ across)) for m in moments]
    assert np.median(ratio) == pytest.approx(2.0, rel=0.1)


def test_ragged_edges_are_longer_and_the_nuclei_the_same():
    smooth, ragged = (grow(Film(coverage=(0.5,), raggedness=r))[0] for r in (0.0, 6.0))
    np.testing.assert_array_equal(smooth.nuclei, ragged.nuclei)
    lengths = [(np.diff(layer.mask.astype(int), axis=0) != 0).sum() for layer in (smooth, ragged)]
    assert lengths[1] > 1.1 * lengths[0]


def test_centred_layers_sit_on_nuclei_below_and_others_do_not():
    below, above = grow(Film(coverage=(0.9, 0.3), centred=1.0, next_density=0.5))
    nuclei = set(zip(below.nuclei.rows, below.nuclei.columns, strict=True))
    assert set(zip(above.nuclei.rows, above.nuclei.columns, strict=True)) <= nuclei
    n = len(nuclei)
    assert len(above.nuclei.rows) == pytest.approx(0.5 * n, abs=4 * np.sqrt(n / 4))
    below, above = grow(Film(coverage=(0.9, 0.3), centred=0.0, next_density=0.5))
    nuclei = set(zip(below.nuclei.rows, below.nuclei.columns, strict=True))
    assert not nuclei & set(zip(above.nuclei.rows, above.nuclei.columns, strict=True))


def test_a_second_layer_has_domains_even_if_no_nucleus_was_drawn_for_it():
    layers = grow(Film(coverage=(0.9, 0.3), next_density=0.0))
    assert layers[1].mask.mean() == pytest.approx(0.3)
