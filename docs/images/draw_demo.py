"""Draw docs/images/demo.png: what `tmdfeat demo` computes, in one picture."""

from pathlib import Path

import matplotlib

matplotlib.use("agg")

from matplotlib import pyplot as plt

from tmdfeat import CNNFeatures, PhysicalFeatures
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.plot import plot_confusion, plot_maps, plot_scores, plot_shares
from tmdfeat.preprocess import preset
from tmdfeat.study import compare_blocks


def main():
    data = make_tmd_afm(120, size=128, scans_per_growth=2, random_state=0)
    images = preset("standard").fit_transform(data.images)
    found = compare_blocks(
        images,
        data.target,
        data.groups,
        cnn=CNNFeatures(),
        physical=PhysicalFeatures(),
        random_state=0,
    )
    figure = plt.figure(figsize=(12, 8), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.5))
    labels = sorted(set(data.target))
    first = [images[list(data.target).index(label)] for label in labels]
    plot_maps(first, titles=labels, axes=top.subplots(1, 5))
    scores, confusion, shares = bottom.subplots(1, 3, width_ratios=(1.3, 1, 1))
    plot_scores(found.summary, chance=found.chance, ax=scores)
    both = found.predictions.query("features == 'both'")
    plot_confusion(both["truth"], both["predicted"], ax=confusion)
    plot_shares(found.block_shares, ax=shares)
    figure.savefig(Path(__file__).with_name("demo.png"), dpi=80)


if __name__ == "__main__":
    main()
