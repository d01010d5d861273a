"""Draw the published figures anew, with their axes right, from the authors' numbers.

``python docs/images/draw_published.py --data FOLDER`` with the folder of published features.
"""

import argparse
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")

from matplotlib import pyplot as plt
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import published_tables as published

from tmdfeat import CNNFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.plot import (
    plot_confusion_counts,
    plot_materials,
    plot_modalities,
    plot_thumbnails,
)
from tmdfeat.preprocess import preset

NAMES = {
    "imagenet": "from ImageNet",
    "previous": "from the previous stage",
    "MtC": "multiclass",
    "MtL": "multilabel (elements)",
}
COLUMNS = {"initial weights": ("imagenet", "previous"), "targets": ("MtC", "MtL")}
TRAINING = {
    "2": "trained on MoS2, WS2",
    "3": "from ImageNet, 3 classes",
    "4": "from ImageNet, 4 classes",
    "5": "from ImageNet, 5 classes",
    "2-3": "sequential, 3 classes",
    "2-4": "sequential, 4 classes",
    "2-5": "sequential, 5 classes",
}


def modality(data):
    """Three stages down; initial weights on the left, targets on the right."""
    table = published.modality(data)
    panels = {
        f"{classes} classes, {what}": table[
            (table["classes"] == classes) & table["series"].isin(series)
        ].replace({"series": NAMES})
        for classes in published.EVERY_SCAN
        for what, series in COLUMNS.items()
    }
    axes = plot_modalities(panels, limits=(0.6, 1.0))
    for ax in axes:
        ax.set_ylabel("macro-F1 (mean ± std)")
    return axes[0].figure


def confusion(data, scans):
    """Both matrices; what was given elements that no material has gets a column of its own."""
    figure, panels = plt.subplots(1, 2, figsize=(9.5, 4), layout="constrained")
    for ax, (name, counts) in zip(panels, published.confusion(data).items(), strict=True):
        none = [scans[label] for label in counts.index] - counts.sum(axis=1)
        if none.max() > 1e-6:
            counts = counts.assign(none=none.clip(lower=0))
        plot_confusion_counts(counts, ax=ax).set_title(f"{NAMES[name]}, per cent")
    return figure


def materials(data):
    """First two principal components of each trained network's latent layer."""
    found = published.embeddings(data)
    figure, panels = plt.subplots(2, 4, figsize=(13, 6), layout="constrained")
    handles = {}
    for ax, (name, title) in zip(panels.flat, TRAINING.items(), strict=False):
        points, labels = found[name]
        plot_materials(points[:, :2], labels, ax=ax).set_title(title, fontsize="medium")
        legend = ax.get_legend()
        texts = [text.get_text() for text in legend.get_texts()]
        handles |= dict(zip(texts, legend.legend_handles, strict=True))
        legend.remove()
    panels.flat[-1].set_axis_off()
    panels.flat[-1].legend(handles.values(), handles, loc="center", frameon=False)
    return figure


def thumbnails():
    """The same kind of figure as the authors' from simulated scans: theirs are not published."""
    data = make_tmd_afm(100, size=128, random_state=0)
    images = preset("standard").fit_transform(data.images)
    latent = StandardScaler().fit_transform(CNNFeatures().fit_transform(images))
    points = PCA(2, random_state=0).fit_transform(latent)
    return plot_thumbnails(points, images, data.target, cells=20).figure


def main(data):
    table = published.vectors(data)
    _, test = published.held_out(table["material"], table["sample_id"])
    scans = {label: int((table["material"][test] == label).sum()) for label in published.ORDER}
    figures = {
        "published_modality": modality(data),
        "published_confusion": confusion(data, scans),
        "published_materials": materials(data),
        "thumbnails": thumbnails(),
    }
    for name, figure in figures.items():
        figure.savefig(Path(__file__).with_name(f"{name}.png"), dpi=70)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT.parent / "shared" / "data" / "tmd_features"
    parser.add_argument("--data", type=Path, default=default)
    main(parser.parse_args().data)
