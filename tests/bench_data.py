"""The smallest data that benchmarks can chew: films, micrographs, ferroelectrics."""

import numpy as np
from PIL import Image
from scan_files import write_nsid
from scipy.ndimage import gaussian_filter

FILMS = ("1_layer", "2_layers", "no_layers")
STEMS = ("PE11_1", "PE11_2", "PE15aist1", "PE15aist2", "PE19_1", "PE19_2")
HEADER = "# Channel: Height\n# Width: 2.50 µm\n# Height: 2.50 µm\n# Value units: m\n"


def write_films(folder):
    """Noise, two maps of each class in each of three series."""
    rng = np.random.default_rng(0)
    for label in FILMS:
        (folder / label).mkdir(parents=True)
        for stem in STEMS:
            text = "" if "aist" in stem else HEADER
            rows = [" ".join(f"{z:.4e}" for z in row) for row in rng.normal(size=(128, 128)) * 1e-9]
            path = folder / label / f"{stem}.txt"
            path.write_text(text + "\n".join(rows) + "\n", encoding="utf-8")


def write_micrographs(folder, per_class):
    """Noise of another grain in each class; the last picture of each shows the first, shifted."""
    rng = np.random.default_rng(0)
    (folder / "images").mkdir(parents=True)
    lines = ["file,class"]
    for label, grain in enumerate((1, 2, 4)):
        noise = gaussian_filter(rng.normal(size=(per_class - 1, 120, 160)), (0, grain, grain))
        pictures = [*noise, np.roll(noise[0], (30, 40), axis=(0, 1))]
        for i, z in enumerate(pictures):
            grey = 255 * (z - z.min()) / np.ptp(z)
            Image.fromarray(grey.astype(np.uint8)).save(folder / "images" / f"{label}-{i}.png")
            lines.append(f"{label}-{i}.png,{label}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_ferroelectrics(folder, per_class):
    """Noise of another grain in each of three classes."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for grain, label in enumerate(("PMN", "PTO", "PZT"), start=1):
        for i in range(per_class):
            z = gaussian_filter(rng.normal(size=(64, 64)), grain)
            write_nsid(folder / f"{label}{i}.h5", [("Height", "nm", z)])
