"""How well can simulated scans be told from real ones, and by what?

``python benchmarks/bench_realism.py --data FOLDER`` with the sub-folders polyelectrolyte_afm,
ferroelectric_afm and readers. The real maps show other samples than TMDs, so that a classifier is
expected to win; what it wins by is the point. Real maps and virtual growths are the groups.
"""

import argparse
from pathlib import Path

import numpy as np
import record
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from tmdfeat import PhysicalFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.gate import check_images
from tmdfeat.heightmap import HeightMap
from tmdfeat.io import ScanFile
from tmdfeat.preprocess import preset

SHARED = Path(__file__).parents[2] / "shared" / "data"
TILE = 128  # px; the smallest of the real maps
PER_MAP = 2
FILMS = 5000 / 256  # nm; where a file says nothing, its publication says 5 µm
READERS = ("*.di", "example_ps.tiff", "mi-1.mi", "nid-1.nid", "stp-1.stp", "top-1.top")
BROKEN = "di_corrupted.di"
FIELDS = (500.0, 1000.0, 2000.0, 5000.0)  # nm; the real maps are as wide
FRAME = {"pixel_count", "scan_size_nm", "aspect"}  # what was chosen to scan, not how it came out
SHOWN = 12


def real_maps(data: Path) -> list[HeightMap]:
    """All real maps in nm, tiles of one map apart from each other."""
    films = sorted(data.glob("polyelectrolyte_afm/raw_data/*/*.txt"))
    files = [ScanFile(path, pixel_size=FILMS, z_unit="m") for path in films]
    others = sorted(data.glob("ferroelectric_afm/*.h5"))
    others += sorted(path for pattern in READERS for path in data.glob(f"readers/{pattern}"))
    files += [ScanFile(path) for path in others if path.name != BROKEN]
    return list(check_images(files))


def simulated_maps(number: int) -> list[HeightMap]:
    """Fully modelled scans, one per growth, of fields as wide as the real ones."""
    maps = []
    for seed, side in enumerate(FIELDS):
        made = make_tmd_afm(
            max(5, number // len(FIELDS)),
            scan_nm=side,
            scans_per_growth=1,
            artefacts="full",
            random_state=seed,
        )
        maps += made.images
    return maps


def tiles(image: HeightMap) -> list[HeightMap]:
    """Cut tiles from two opposite corners."""
    z = image.z.astype(float)
    corners = (z[:TILE, :TILE], z[-TILE:, -TILE:])[:PER_MAP]
    return [HeightMap(corner, image.z_unit, image.pixel_size) for corner in corners]


def without_scale(image: HeightMap) -> HeightMap:
    """The same picture with heights of rms 1 and pixels of 1 nm."""
    return HeightMap(image.z / max(float(image.z.std()), 1e-12), "nm", pixel_size=1.0)


def table(images, families, level, scale_free):
    """Compute descriptors: names and rows."""
    levelled = list(preset(level).fit_transform(images)) if level else images
    if scale_free:
        levelled = [without_scale(image) for image in levelled]
    features = PhysicalFeatures(families, cache=None).set_output(transform="pandas")
    values = features.fit_transform(levelled)
    return values.drop(columns=[name for name in values if name in FRAME])


def compare(values, simulated, groups) -> dict:
    """Accuracy of a linear classifier, and the descriptors that differ most by themselves."""
    known = values.notna()
    values = values.loc[:, known[simulated].mean().gt(0.5) & known[~simulated].mean().gt(0.5)]
    model = make_pipeline(
        SimpleImputer(strategy="median"),
        QuantileTransformer(n_quantiles=min(50, len(values) // 2), output_distribution="normal"),
        LogisticRegression(C=0.1, class_weight="balanced", max_iter=2000),
    )
    scores = []
    for seed in range(3):
        folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        scores += cross_val_score(
            model, values, simulated, groups=groups, cv=folds, scoring="balanced_accuracy"
        ).tolist()
    areas = {name: _area(values[name], simulated) for name in values}
    # The area is above a half where simulated scans have more of it.
    ranked = sorted(areas, key=lambda name: abs(areas[name] - 0.5), reverse=True)[:SHOWN]
    return {
        "descriptors": values.shape[1],
        "balanced_accuracy": round(float(np.mean(scores)), 3),
        "standard_deviation_over_folds": round(float(np.std(scores)), 3),
        "differ_most": {
            name: {
                "area_under_roc": round(areas[name], 3),
                "median_real": float(f"{values[name][~simulated].median():.3g}"),
                "median_simulated": float(f"{values[name][simulated].median():.3g}"),
            }
            for name in ranked
        },
    }


def _area(column, simulated) -> float:
    known = column.notna().to_numpy()
    return float(roc_auc_score(simulated[known], column[known]))


VIEWS = {
    "the instrument (quality family)": (["quality"], None, False),
    "the surface in nm": (["height", "slope", "spatial", "texture"], "standard", False),
    "the picture without scale": (["height", "slope", "spatial", "texture"], "standard", True),
}


def main(data: Path, number: int | None, out: Path = record.RESULTS) -> Path:
    real = real_maps(data)[:number]
    made = simulated_maps(len(real))
    images = [tile for image in real + made for tile in tiles(image)]
    simulated = np.repeat([False] * len(real) + [True] * len(made), PER_MAP)
    groups = np.repeat(np.arange(len(real) + len(made)), PER_MAP)
    results = {view: compare(table(images, *how), simulated, groups) for view, how in VIEWS.items()}
    about = {"real_maps": len(real), "simulated_maps": len(made), "tile_px": TILE}
    return record.write("realism", {**about, **results}, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--number", type=int, help="only the first so many real maps")
    parser.add_argument("--out", type=Path, default=record.RESULTS)
    args = parser.parse_args()
    print(main(args.data, args.number, args.out).read_text(encoding="utf-8"))
