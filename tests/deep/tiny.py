"""A network of one convolution, for tests that ask about everything but the network."""

import torch
from torch import nn


class Tiny(nn.Module):
    def __init__(self, channels=6):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, kernel_size=16, stride=16)
        self.bn = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 4)

    def forward(self, x):
        x = self.relu(self.bn(self.conv(x)))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def tiny(channels=6):
    return Tiny(channels)


def wide():
    return Tiny(channels=12)
