"""38 real AFM maps of polyelectrolyte multilayers: latent, physical, or both?

Needs the maps and ImageNet weights of SqueezeNet:
``python benchmarks/bench_polyelectrolyte.py --data FOLDER --weights squeezenet1_0.pth``.
"""

import argparse
from pathlib import Path

import numpy as np
import record
from sklearn.linear_model import LogisticRegression

from tmdfeat import CNNFeatures, PhysicalFeatures
from tmdfeat.gate import check_images
from tmdfeat.heightmap import HeightMap
from tmdfeat.io import ScanFile
from tmdfeat.preprocess import preset
from tmdfeat.study import compare_blocks
from tmdfeat.study.blocks import default_classifier

SHARED = Path(__file__).parents[2] / "shared"
PIXEL = 5000 / 256  # nm; the files of one series say nothing, their publication says 5 µm


def scans(folder: Path):
    """Return paths, number of bilayers, and series of all maps."""
    paths = sorted(folder.glob("*/*.txt"))
    labels = np.array([path.parent.name for path in paths])
    series = np.array([_series(path.stem) for path in paths])
    return paths, labels, series


def _series(stem: str) -> str:
    if "aist" in stem:
        return "aist"
    number = int(stem.removeprefix("PE").split("_")[0])
    return "PE19-22" if number >= 19 else "PE1-14"


def open_all(paths) -> list[HeightMap]:
    """Read, align and level all maps; files without a header are metres on 5 µm."""
    files = [ScanFile(path, pixel_size=PIXEL, z_unit="m") for path in paths]
    return list(preset("standard").transform(check_images(files)))


def quarters(image: HeightMap) -> list[HeightMap]:
    """Cut a map into its four quarters."""
    rows, columns = (n // 2 for n in image.shape)
    return [
        HeightMap(image.z[r : r + rows, c : c + columns], image.z_unit, image.pixel_size)
        for r in (0, rows)
        for c in (0, columns)
    ]


def study(images, labels, groups, weights, classifier, repeats) -> dict:
    """Accuracy and macro-F1 with intervals for the three feature sets, and the shares."""
    found = compare_blocks(
        images,
        labels,
        groups,
        cnn=CNNFeatures("squeezenet1_0", weights=weights),
        physical=PhysicalFeatures(),
        classifier=classifier,
        cv=3,
        repeats=repeats,
        random_state=0,
    )
    keep = found.summary[found.summary["metric"].isin(["accuracy", "f1_macro"])]
    columns = ["features", "metric", "mean", "low", "high", "std"]
    return {
        "scores": keep[columns].round(3).to_dict("records"),
        "block_shares": found.block_shares.round(3).to_dict("index"),
    }


def main(data: Path, weights: Path | None, repeats: int, folder: Path = record.RESULTS) -> Path:
    paths, labels, series = scans(data)
    images = open_all(paths)
    tiles = [tile for image in images for tile in quarters(image)]
    names = np.array([path.stem for path in paths])
    classifiers = {
        "logistic regression, C=1, balanced": LogisticRegression(
            C=1.0, class_weight="balanced", max_iter=5000
        ),
        "XGBoost, the library's default for studies": default_classifier(0),
    }
    with_film = labels != "no_layers"  # the bare substrate occurs in one series only
    results = {}
    for name, classifier in classifiers.items():
        results[name] = {
            "four tiles per map, grouped by file": study(
                tiles, np.repeat(labels, 4), np.repeat(names, 4), weights, classifier, repeats
            ),
            "whole maps, grouped by file": study(
                images, labels, names, weights, classifier, repeats
            ),
            "whole maps without bare substrate, grouped by series (other instrument)": study(
                [image for image, keep in zip(images, with_film, strict=True) if keep],
                labels[with_film],
                series[with_film],
                weights,
                classifier,
                1,
            ),
        }
    counts = {str(k): int(v) for k, v in zip(*np.unique(labels, return_counts=True), strict=True)}
    path = record.write(
        "polyelectrolyte",
        {
            "data": "38 AFM maps, 256x256, 5 um, five numbers of bilayers, three series",
            "maps": counts,
            "most_frequent_class": round(max(counts.values()) / len(labels), 3),
            "repeats": repeats,
            "results": results,
        },
        folder,
    )
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    folder = SHARED / "data" / "polyelectrolyte_afm" / "raw_data"
    parser.add_argument("--data", type=Path, default=folder)
    parser.add_argument("--weights", type=Path, default=SHARED / "weights" / "squeezenet1_0.pth")
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    main(arguments.data, arguments.weights, arguments.repeats)
