"""Small networks of torchvision's families, and weights with which images differ for them."""

import torch
from torch import nn
from torchvision.models import DenseNet, SwinTransformer, VisionTransformer

from tmdfeat.deep.backbones import build_seeded


def small_densenet():
    return DenseNet(growth_rate=4, block_config=(2, 2, 2, 2), num_init_features=8, num_classes=5)


def small_swin():
    return SwinTransformer([4, 4], 8, [2, 2], [2, 2], [7, 7], num_classes=5)


def small_vit():
    return VisionTransformer(
        image_size=224, patch_size=56, num_layers=3, num_heads=2, hidden_dim=8, mlp_dim=16
    )


def calibrated(backbone, images):
    """Build the network and let its batch norms see images once.

    Untrained, activations fade or grow from layer to layer: nothing of an image is left. The
    heads of vision transformers begin as zeros.
    """
    module = build_seeded(backbone, 0)
    for part in module.modules():
        if isinstance(part, nn.Linear) and not part.weight.any():
            nn.init.eye_(part.weight)
    norms = [part for part in module.modules() if isinstance(part, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # average over what is seen
        norm.train()
    with torch.no_grad():
        module(images)
    return module.eval()
