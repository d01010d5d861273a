"""Descriptors of the other families beside the libraries that they are checked against."""

from dataclasses import replace
from functools import partial

import gudhi
import numpy as np
from gudhi.sklearn import CubicalPersistence
from pairs import Pair
from scipy.ndimage import gaussian_filter
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern
from skimage.measure import euler_number, regionprops_table
from surfalize import Surface

from tmdfeat.physical import Segmentation, compute, select
from tmdfeat.physical import texture_haralick as haralick
from tmdfeat.physical.paper import picture
from tmdfeat.physical.scale_space import gaussian_scale_space
from tmdfeat.physical.texture_lbp import pattern_histogram
from tmdfeat.physical.texture_pairs import LEVELS, cooccurrence, height_levels, pair_offsets
from tmdfeat.physical.topology_curves import minkowski_curves
from tmdfeat.physical.topology_pairs import Landscape

QUANTILES = np.linspace(0.02, 0.98, 25)
SIGMAS = 1.6 ** np.arange(8)
MEASURES = ("contrast", "dissimilarity", "homogeneity", "energy", "correlation", "ASM")


def our_glcm(levels):
    matrices = cooccurrence(levels, pair_offsets(4, (1, 1)))
    measures = (
        haralick.angular_second_moment if m == "ASM" else getattr(haralick, m) for m in MEASURES
    )
    return [measure(matrices) for measure in measures]


def their_glcm(levels):
    matrices = graycomatrix(levels, [4], np.radians([0, 45, 90, 135]), LEVELS, True, True)
    return [graycoprops(matrices, name)[0] for name in MEASURES]


def sixteen_bits(z):
    return np.round(picture(z) * 257).astype(np.int64)  # scikit-image warns of floats


def their_patterns(z):
    codes = local_binary_pattern(z, 8, 1, "uniform")[1:-1, 1:-1]
    return np.bincount(codes.astype(int).ravel(), minlength=10) / codes.size


def at_quantiles(z):
    return z, np.quantile(z, QUANTILES)


def their_minkowski(start):
    z, levels = start
    above = [z >= level for level in levels]
    return [np.mean(a) for a in above], [euler_number(a, connectivity=2) for a in above]


def our_minkowski(start):
    area, _, euler = minkowski_curves(*start)
    return area, euler


def our_persistence(z):
    landscape = Landscape(z)
    return [_sums(*z.ravel()[pairs].T) for pairs in (landscape.islands(), landscape.lakes())]


def their_persistence(z):
    cells = gudhi.CubicalComplex(top_dimensional_cells=-z)
    cells.compute_persistence(min_persistence=0)
    found = [cells.persistence_intervals_in_dimension(dimension) for dimension in (0, 1)]
    return [_sums(*-pairs[np.isfinite(pairs).all(axis=1)].T) for pairs in found]


def their_rectangle(z):
    found = CubicalPersistence([0, 1]).fit_transform([-z])[0]
    return [_sums(*-pairs[np.isfinite(pairs).all(axis=1)].T) for pairs in found]


def _sums(birth, death):
    lives = birth - death
    return len(lives), lives.sum(), lives.max(initial=0)


def their_core(z):
    surface = Surface(z, 1.0, 1.0)
    return [surface.Sk(), surface.Spk(), surface.Svk(), surface.Smr1() / 100, surface.Smr2() / 100]


def their_volumes(z):
    surface = Surface(z - z.mean(), 1.0, 1.0)
    return [getattr(surface, name)() for name in VOLUMES]


def their_directions(z):
    surface = Surface(z - z.mean(), 1.0, 1.0)
    return [surface.Sal(), surface.Str()]


def their_scales(z):
    return [gaussian_filter(z, sigma) for sigma in SIGMAS]


def our_grains(found):
    fresh = replace(found)  # nothing remembered
    m = fresh.moments
    yy, xx = m.yy - 1 / 12, m.xx - 1 / 12  # scikit-image takes pixels for points
    return m.area, m.y, m.x, yy, xx, fresh.perimeters, fresh.solidity


def their_grains(found):
    names = ("area", "centroid", "inertia_tensor", "perimeter_crofton", "solidity")
    t = regionprops_table(found.labels, properties=names)
    y, x, yy, xx = "centroid-0", "centroid-1", "inertia_tensor-1-1", "inertia_tensor-0-0"
    return [t[name] for name in ("area", y, x, yy, xx, "perimeter_crofton", "solidity")]


CORE = ["Sk", "Spk", "Svk", "Smr1", "Smr2"]
VOLUMES = ["Vmp", "Vmc", "Vvc", "Vvv"]
FAMILY_PAIRS = (
    Pair("GLCM, 4 angles, 6 measures", our_glcm, their_glcm, "scikit-image", height_levels),
    Pair(
        "LBP histogram",
        pattern_histogram,
        their_patterns,
        "scikit-image",
        sixteen_bits,
        "ours takes the diagonal pixels, scikit-image interpolates: the shares differ",
    ),
    Pair("Minkowski, 25 levels", our_minkowski, their_minkowski, "scikit-image", at_quantiles),
    Pair("persistence, H0 and H1", our_persistence, their_persistence, "GUDHI"),
    Pair(
        "persistence, H0 and H1, in two dimensions",
        our_persistence,
        their_rectangle,
        "GUDHI",
        note="gudhi.sklearn.CubicalPersistence: compiled code for maps only; gives heights, where "
        "ours gives places too; both are held up by jumps through memory from saddle to saddle",
    ),
    Pair(
        "Sk, Spk, Svk, Smr1, Smr2",
        partial(compute, select(names=CORE)),
        their_core,
        "surfalize",
        note="surfalize samples the curve at 10,000 places",
    ),
    Pair(
        "Vmp, Vmc, Vvc, Vvv",
        partial(compute, select(names=VOLUMES)),
        their_volumes,
        "surfalize",
        note="surfalize samples the curve at 10,000 places",
    ),
    Pair(
        "Sal, Str",
        partial(compute, select(names=["Sal", "Str"])),
        their_directions,
        "surfalize",
        note="surfalize interpolates by splines; on striped maps it has no Str",
    ),
    Pair(
        "Gaussian scale space, 8 sigmas",
        partial(gaussian_scale_space, sigmas=SIGMAS),
        their_scales,
        "SciPy",
    ),
    Pair(
        "grain statistics",
        our_grains,
        their_grains,
        "scikit-image",
        Segmentation().segment,
        note="areas, centroids, moments, Crofton perimeters, solidity; pixels labelled before",
    ),
)
