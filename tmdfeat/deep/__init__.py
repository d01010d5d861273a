"""Latent features: height maps through a frozen, pretrained network. The one room with torch."""

from tmdfeat.deep.backbones import backbone_names
from tmdfeat.deep.transformer import CNNFeatures
from tmdfeat.deep.weights import WeightsUnavailable

__all__ = ["CNNFeatures", "WeightsUnavailable", "backbone_names"]
