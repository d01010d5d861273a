"""Simulated scans of TMDs in three versions, for networks to be compared on."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import numpy as np
from contests import Collection
from joblib import Memory

import tmdfeat.datasets
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.datasets.surface_presets import PRESETS, Preset
from tmdfeat.heightmap import HeightMap

SEEDS = {"typical": 8101, "full": 8102, "shifted": 8103}
SCANS_PER_GROWTH = 3
CLASSES = 5
SHIFT = "nuclei and particles twice as dense, roughness 1.5 times as high, fields of 1400 nm"


def shifted(preset: Preset) -> Preset:
    """Return a preset whose films are finer, rougher and dirtier."""
    share, fine = preset.fine
    return replace(
        preset,
        density=times(2, preset.density),
        fine=(share, times(2, fine)),
        particles=times(2, preset.particles),
        roughness=times(1.5, preset.roughness),
    )


def times(factor: float, pair: tuple[float, float]) -> tuple[float, float]:
    return factor * pair[0], factor * pair[1]


def version(name: str, growths: int, size: int, memory: Memory) -> Collection:
    """Five materials, so many growths of each, three scans of each growth, rows aligned.

    ``"typical"`` and ``"full"`` are the artefacts of `make_tmd_afm`; ``"shifted"`` is ``"full"``
    with other presets and a wider field, see `SHIFT`.
    """
    heights, pixel, labels, groups = memory.cache(_made)(name, growths, size, _simulator())
    images = [HeightMap(z, "nm", pixel) for z in heights]
    return Collection(images, labels, groups)


def _made(name: str, growths: int, size: int, simulator: str) -> tuple:
    # `simulator` is for the memory: other code, other scans.
    other = name == "shifted"
    changed = {key: shifted(preset) for key, preset in PRESETS.items()} if other else {}
    with patch.dict(PRESETS, changed):
        scans = make_tmd_afm(
            CLASSES * growths * SCANS_PER_GROWTH,
            size=size,
            scan_nm=1400.0 if other else 1000.0,
            scans_per_growth=SCANS_PER_GROWTH,
            artefacts="full" if other else name,
            levelling="standard",
            random_state=SEEDS[name],
        )
    heights = np.array([image.z for image in scans.images], dtype=np.float32)
    return heights, scans.images[0].pixel_size, scans.target, scans.groups


def _simulator() -> str:
    """Digest of the simulator's code."""
    files = sorted(Path(tmdfeat.datasets.__file__).parent.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
