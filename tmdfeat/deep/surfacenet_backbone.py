"""surfacenet as a backbone: its weights lie in the package."""

from pathlib import Path

from tmdfeat.deep.architecture import SURFACENET, Backbone
from tmdfeat.deep.surfacenet import SurfaceNet

LAYERS = ("stage1", "stage2", "stage3", "stage4", "pool")
WEIGHTS = Path(__file__).parent / "data" / "surfacenet.safetensors"


def find_surfacenet() -> Backbone:
    """Describe surfacenet: one channel of 224x224 pixels, all stages, means and deviations."""
    return Backbone(
        SURFACENET,
        identity=SURFACENET,
        size=224,
        mean=(0.0,),
        std=(1.0,),
        build=SurfaceNet,
        source="tmdfeat",
        default_weights=packaged_weights,
        layers=LAYERS,
        pooling="avg_std",
    )


def packaged_weights() -> Path:
    """Return the file of the weights in the package, float16."""
    return WEIGHTS
