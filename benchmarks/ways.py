"""The ways in which `CNNFeatures` computes: engine and precision."""

from pathlib import Path

from tmdfeat import CNNFeatures

WAYS = {
    "torch float32": ("torch", "float32"),
    "torch bfloat16": ("torch", "bfloat16"),
    "openvino float32": ("openvino", "float32"),
    "openvino bfloat16": ("openvino", "bfloat16"),
}


def features(
    network: str, way: str, weights: Path | None = None, *, device="cpu", n_jobs=None, batch_size=32
) -> CNNFeatures:
    """The extractor that is measured; it keeps nothing between rounds."""
    engine, precision = WAYS[way]
    return CNNFeatures(
        network,
        weights=weights,
        batch_size=batch_size,
        device=device,
        precision=precision,
        engine=engine,
        n_jobs=n_jobs,
        cache=None,
    )
