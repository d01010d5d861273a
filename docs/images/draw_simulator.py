"""Draw the pictures of docs/simulator.md: ``python docs/images/draw_simulator.py``."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

from tmdfeat.datasets import (
    Field,
    Film,
    Objects,
    Relief,
    Scanner,
    Substrate,
    make_tmd_afm,
    simulate_surface,
)
from tmdfeat.datasets.surface_presets import PRESETS

HERE = Path(__file__).parent
COLUMNS = 6


def show(axis, z, title, cmap="gray"):
    low, high = np.percentile(z, [0.5, 99.5])
    axis.imshow(z, cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
    axis.set_title(title, fontsize=8)
    axis.set_axis_off()


def presets():
    """One row per material: scans as measured but aligned, then the same as the authors level."""
    figure, axes = plt.subplots(
        len(PRESETS), COLUMNS, figsize=(9, 8), layout="constrained", squeeze=False
    )
    half = COLUMNS // 2
    for seed, (row, material) in enumerate(zip(axes, PRESETS, strict=True)):
        for levelling, part in (("standard", row[:half]), ("paper", row[half:])):
            made = make_tmd_afm(
                half,
                materials=[material],
                size=192,
                artefacts="full",
                scans_per_growth=1,
                levelling=levelling,
                random_state=seed,
            )
            for axis, image, truth in zip(part, made.images, made.truth.itertuples(), strict=True):
                title = f"{truth.density_per_um2:.0f}/µm², {truth.coverage:.2f}"
                show(axis, image.z, f"{material} {title}")
    figure.savefig(HERE / "simulator_presets.png", dpi=80)
    grey = Image.open(HERE / "simulator_presets.png").convert("L")
    grey.save(HERE / "simulator_presets.png", optimize=True)


def truth():
    """One surface, what a scan makes of it, and the maps of the truth."""
    made = simulate_surface(
        Film(density=60, coverage=(0.85, 0.25, 0.08), raggedness=2.0, step_bias=0.3),
        Substrate(azimuth=20.0, scatter=0.2, roughness=0.03),
        relief=Relief(rim_height=0.2, ridge_height=0.1, roughness=0.05),
        objects=Objects(particles=8, flakes=1, pits=4),
        scanner=Scanner(
            tip_radius=8,
            lag=0.8,
            drop=3,
            noise=0.02,
            noise_lag=1,
            row_offset=0.03,
            flicker=0.08,
            tilt_rows=4,
            tilt_columns=-3,
            bow_columns=1,
            scars=2,
            digit=0.002,
        ),
        field=Field(size=192),
        random_state=2,
    )
    shown = {
        "surface": (made.surface, "gray"),
        "image": (made.image.z, "gray"),
        "layer": (made.layer, "viridis"),
        "grain[0], shuffled": (shuffled(made.grain[0]), "nipy_spectral"),
        "terrace": (made.terrace, "cividis"),
    }
    figure, axes = plt.subplots(1, len(shown), figsize=(9, 2), layout="constrained")
    for axis, (title, (values, cmap)) in zip(axes, shown.items(), strict=True):
        show(axis, values, title, cmap)
    figure.savefig(HERE / "simulator_truth.png", dpi=72)


def shuffled(grain):
    """Neighbouring numbers apart in colour."""
    colours = np.random.default_rng(0).permutation(grain.max() + 1)
    return np.where(grain >= 0, colours[grain], -grain.max() / 10)


if __name__ == "__main__":
    presets()
    truth()
