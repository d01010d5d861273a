"""Draw docs/families.md: for each family of descriptors, maps where it is low and where it is high.

``python docs/images/draw_families.py --data FOLDER`` with the sub-folders ferroelectric_afm and
polyelectrolyte_afm/raw_data; the synthetic maps are made on the spot.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import numpy as np
from matplotlib import pyplot as plt

from tmdfeat import PhysicalFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.io import ScanFile
from tmdfeat.physical import describe
from tmdfeat.plot import plot_maps
from tmdfeat.preprocess import preset

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"
PIXEL = 5000 / 256

# One descriptor that stands for each family, and what to look for.
SHOWN = {
    "height": ("Ssk", "holes in a plateau (low) against peaks on a plain (high)"),
    "functional": ("Spk", "few high peaks that the core of the surface does not contain"),
    "slope": ("Sdq", "gentle against steep"),
    "spatial": ("Str", "texture with one direction (low) against the same in all (high)"),
    "local": ("local_std_w128_cv", "equally rough everywhere against calm and rough places"),
    "texture": ("tensor_coherence", "edges in all directions against edges in one"),
    "steps": ("terrace_width", "narrow against wide terraces"),
    "domains": ("domain_density", "few large domains against many small ones"),
    "blobs": ("bump_density", "few broad bumps against many small ones"),
    "topology": ("minkowski_chi_p0", "a net with holes (low) against separate islands (high)"),
    "paper": ("paper_grain_density", "grains of a thresholded picture, per pixel"),
    "quality": ("row_noise", "the instrument, not the surface: offsets between scan lines"),
}


def real_files(data: Path):
    """Real maps: ferroelectric films and polyelectrolyte multilayers."""
    files = [ScanFile(path) for path in sorted((data / "ferroelectric_afm").glob("*.h5"))]
    films = sorted((data / "polyelectrolyte_afm" / "raw_data").glob("*/*.txt"))
    return files + [ScanFile(path, pixel_size=PIXEL, z_unit="m") for path in films]


def lowest_and_highest(images, name):
    """The maps at the 5th and 95th percentile: typical of low and high, not outliers."""
    values = PhysicalFeatures(names=[name]).fit_transform(images)[:, 0]
    order = np.argsort(values)[: np.count_nonzero(~np.isnan(values))]
    picked = [order[round(share * (len(order) - 1))] for share in (0.05, 0.95)]
    return [(images[i], values[i]) for i in picked]


def draw(family, name, real, synthetic) -> Path:
    pairs = [*lowest_and_highest(real, name), *lowest_and_highest(synthetic, name)]
    kinds = ["real, low", "real, high", "synthetic, low", "synthetic, high"]
    titles = [f"{kind}: {value:.3g}" for kind, (_, value) in zip(kinds, pairs, strict=True)]
    axes = plot_maps([image for image, _ in pairs], titles=titles)
    for ax in axes:
        ax.title.set_fontsize("medium")
    path = HERE / "families" / f"{family}.png"
    axes[0].figure.savefig(path, dpi=60)
    plt.close(axes[0].figure)
    return path


def page() -> str:
    table = describe()
    lines = [
        "# What each family sees",
        "",
        "Drawn by `python docs/images/draw_families.py`. For one descriptor of each family: the",
        "map at its 5th and at its 95th percentile, among 54 real maps (ferroelectric films and",
        "polyelectrolyte multilayers, MIT-licensed) and among 45 synthetic scans. Rows are",
        "aligned (not for quality, which looks at them) and a plane is subtracted; grey runs",
        "over the height range below each map.",
        "The list of all descriptors is in [descriptors.md](descriptors.md).",
    ]
    for family, (name, words) in SHOWN.items():
        unit = table.loc[name, "unit"]
        unit = "" if unit == "-" else f" ({unit})"
        count = int(np.sum(table["family"] == family))
        lines += ["", f"## {family}", "", f"{count} descriptors. Here `{name}`{unit}: {words}.", ""]
        lines += [f"![{family}: {name} low and high](images/families/{family}.png)"]
    return "\n".join(lines) + "\n"


def main(data: Path) -> None:
    real, synthetic = real_files(data), make_tmd_afm(45, size=192, random_state=1).images
    for family, (name, _) in SHOWN.items():
        level = preset("plane" if family == "quality" else "standard")
        draw(family, name, list(level.transform(real)), list(level.transform(synthetic)))
    (HERE.parent / "families.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    main(parser.parse_args().data)
