"""Draw docs/images/surfaces.png: one surface of each family that surfacenet was trained on."""

import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("agg")

from matplotlib import pyplot as plt

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "pretrain"))

from families import FAMILIES
from grid import make_grid

COLUMNS = 9


def main():
    grid, rng = make_grid(160), np.random.default_rng(3)
    rows = -(-len(FAMILIES) // COLUMNS)
    figure, panels = plt.subplots(
        rows, COLUMNS, figsize=(1.35 * COLUMNS, 1.5 * rows), layout="constrained"
    )
    for panel in panels.flat:
        panel.set_axis_off()
    for panel, (name, family) in zip(panels.flat, FAMILIES.items(), strict=False):
        parameters = rng.uniform(0.3, 0.7, 3)
        panel.imshow(family(grid, parameters, rng), cmap="gray")
        panel.set_title(name.replace("_", " "), fontsize=7)
    figure.savefig(Path(__file__).with_name("surfaces.png"), dpi=80)


if __name__ == "__main__":
    main()
