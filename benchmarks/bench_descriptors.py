"""How fast the physical descriptors are: beside other libraries, and as maps grow.

CPU-seconds of one thread, in interleaved rounds, as ratios within one run. The maps are the real
512 x 512 scans among the instrument files; without them, synthetic scans, which is recorded:
``python benchmarks/bench_descriptors.py --data FOLDER``.
"""

import argparse
import os
import time
from importlib.metadata import version
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import record  # noqa: E402
from pairs_families import FAMILY_PAIRS  # noqa: E402
from pairs_paper import PAPER_PAIRS  # noqa: E402

from tmdfeat.datasets import make_tmd_afm  # noqa: E402
from tmdfeat.gate import check_images  # noqa: E402
from tmdfeat.physical import compute, select  # noqa: E402
from tmdfeat.physical.catalogue import FAMILIES  # noqa: E402
from tmdfeat.preprocess import preset  # noqa: E402

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
SCANS = ("di-1.di", "di-2.di", "di-4.di", "di-5.di", "di-6.di", "example_ps.tiff")
CHECKED = ("polyelectrolyte_afm/raw_data/*/*.txt", "barcode_afm/*.txt", "ferroelectric_afm/*.h5")
PACKAGES = ("scikit-image", "scipy", "numba", "opencv-python-headless", "gudhi", "surfalize")
OFF = ("paper", "quality")  # families that are not in the default set


def levelled(files) -> list:
    """Read maps, align their rows and level them."""
    return list(preset("standard").transform(check_images(files)))


def timed(function, argument) -> float:
    start = time.process_time()
    function(argument)
    return time.process_time() - start


def compare(pair, maps, rounds) -> dict:
    """Time both ways in turns on each map, after one call each that is not timed."""
    starts = [pair.prepare(z) for z in maps]
    differences = [pair.difference(z) for z in maps]
    seconds = np.array(
        [[[timed(f, s) for f in (pair.ours, pair.theirs)] for s in starts] for _ in range(rounds)]
    )
    ours, theirs = np.median(seconds, axis=0).T
    each = seconds[..., 1].sum(axis=1) / seconds[..., 0].sum(axis=1)
    return {
        "library": pair.library,
        "ours_ms": round(1e3 * float(ours.mean()), 2),
        "theirs_ms": round(1e3 * float(theirs.mean()), 2),
        "times_faster": round(float(theirs.sum() / ours.sum()), 1),
        "over_maps": _range(theirs / ours),
        "over_rounds": _range(each),
        "largest_difference": float(f"{max(differences):.1e}"),
        **({"note": pair.note} if pair.note else {}),
    }


def _range(values):
    return [round(float(values.min()), 1), round(float(values.max()), 1)]


def growth(image, sizes, rounds) -> dict:
    """CPU-seconds of each family, and of the default set, on one map at several sizes."""
    sets = {family: select(family) for family in FAMILIES}
    sets["default set"] = select([family for family in FAMILIES if family not in OFF])
    maps = [mirrored(image.z, size) for size in sizes]

    def seconds(descriptors, z):
        return timed(lambda z: compute(descriptors, z, image.pixel_size or 1.0), z)

    for descriptors in sets.values():
        seconds(descriptors, maps[0])  # compile
    runs = [[[seconds(d, z) for z in maps] for d in sets.values()] for _ in range(rounds)]
    medians = np.median(runs, axis=0)
    return {
        name: {
            "cpu_ms": dict(zip(map(str, sizes), (1e3 * row).round(1).tolist(), strict=True)),
            "exponent": round(float(np.polyfit(np.log(np.square(sizes)), np.log(row), 1)[0]), 2),
        }
        for name, row in zip(sets, medians, strict=True)
    }


def mirrored(z, size):
    """Crop a map, or mirror it at its edges, to `size` squared.

    Noise of a thousandth of Sq keeps mirror images from being exactly equal, which no scan is.
    """
    rows, columns = (max(size - n, 0) for n in z.shape)
    larger = np.pad(z, ((0, rows), (0, columns)), mode="symmetric")[:size, :size]
    return larger + np.random.default_rng(0).normal(scale=1e-3 * z.std(), size=(size, size))


def main(data, sizes=(256, 512, 1024, 2048), rounds=5, folder=record.RESULTS) -> Path:
    cv2.setNumThreads(1)
    readers = data / "readers"
    real = readers.is_dir()
    if real:
        images = levelled([readers / name for name in SCANS])
        others = levelled(sorted(path for pattern in CHECKED for path in data.glob(pattern)))
    else:
        images = levelled(make_tmd_afm(5, size=sizes[-1], random_state=0).images)
        others = []
    maps = [image.z for image in images]
    paper = PAPER_PAIRS[0]
    results = {
        "maps": f"{len(maps)} {'real' if real else 'synthetic'} scans of {maps[0].shape}",
        "rounds": rounds,
        "versions": {name: version(name) for name in PACKAGES},
        "pairs": {pair.name: compare(pair, maps, rounds) for pair in PAPER_PAIRS + FAMILY_PAIRS},
        "paper_on_other_real_maps": {
            "maps": len(others),
            "largest_difference": max((paper.difference(o.z) for o in others), default=None),
        },
        "growth": growth(images[0], sizes, min(rounds, 3)),
        "n_log_n_would_be": round(_n_log_n(sizes), 2),
    }
    path = record.write("descriptors", results, folder)
    print(path.read_text(encoding="utf-8"))
    return path


def _n_log_n(sizes) -> float:
    n = np.square(np.array(sizes, dtype=float))
    return float(np.polyfit(np.log(n), np.log(n * np.log(n)), 1)[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="synthetic maps of 48 and 96 pixels")
    arguments = parser.parse_args()
    if arguments.quick:
        main(Path("none"), sizes=(48, 96), rounds=1)
    else:
        main(arguments.data, rounds=arguments.rounds)
