"""Latent features: height maps through a frozen, pretrained network. The one room with torch."""

from tmdfeat.deep.architecture import Architecture
from tmdfeat.deep.backbones import backbone_names
from tmdfeat.deep.finetune import FineTunedCNN, FineTunedCNNRegressor
from tmdfeat.deep.listing import list_backbones
from tmdfeat.deep.rendering import Rendering
from tmdfeat.deep.stages import stage_names
from tmdfeat.deep.tiles import Tiles
from tmdfeat.deep.transformer import CNNFeatures
from tmdfeat.deep.weights import WeightsUnavailable

__all__ = [
    "Architecture",
    "CNNFeatures",
    "FineTunedCNN",
    "FineTunedCNNRegressor",
    "Rendering",
    "Tiles",
    "WeightsUnavailable",
    "backbone_names",
    "list_backbones",
    "stage_names",
]
