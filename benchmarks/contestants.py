"""Ways to get features from frozen networks, to be compared with `CNNFeatures()`."""

from functools import partial
from pathlib import Path

from tmdfeat import CNNFeatures

REFERENCE = "SqueezeNet 1.0, average pool"
UNTRAINED = "untrained surfacenet, three seeds"
SEEDS = (0, 1, 2)
FIRES = tuple(f"features.{i}" for i in (3, 4, 5, 7, 8, 9, 10, 12))  # of SqueezeNet 1.0
MULTI = {"layers": ("stage1", "stage2", "stage3", "stage4", "pool"), "pooling": "avg_std"}
SQUEEZENET_MULTI = {"layers": ("stage1", "stage2", "stage3", "pool"), "pooling": "avg_std"}


def contestants(weights: Path | None, ours: Path | None) -> dict[str, list[CNNFeatures]]:
    """Return one extractor for each way; of untrained networks one for each seed.

    Batch norms of the untrained ones know no statistics: on films, such that had seen noise were
    no better.

    Parameters
    ----------
    weights : path or None
        Folder with ImageNet's weights; None: untrained, for tests.
    ours : path or None
        Weights of surfacenet; None: those of the package.
    """
    surfacenet = partial(CNNFeatures, weights="default" if ours is None else ours)
    squeezenet, mobilenet = (
        partial(CNNFeatures, name, weights=None if weights is None else weights / f"{name}.pth")
        for name in ("squeezenet1_0", "mobilenet_v2")
    )
    return {
        "surfacenet, as CNNFeatures() gives it": [surfacenet()],
        "surfacenet, average pool": [surfacenet(layers=("pool",), pooling="avg")],
        UNTRAINED: [CNNFeatures(weights=None, random_state=seed) for seed in SEEDS],
        REFERENCE: [squeezenet()],
        "SqueezeNet 1.0, stages and pool, avg_std": [squeezenet(**SQUEEZENET_MULTI)],
        "SqueezeNet 1.0, all eight fires, avg_std": [squeezenet(layers=FIRES, pooling="avg_std")],
        "MobileNetV2, average pool": [mobilenet()],
        "MobileNetV2, stages and pool, avg_std": [mobilenet(**MULTI)],
    }
