"""surfacenet: the small network that ships with the package, made for surfaces."""

import torch
from torch import Tensor, nn

CHANNELS = (32, 64, 128, 160)  # of the four stages
WIDTH = 512  # of what is averaged at the end


class Standardised(nn.Module):
    """Each image with mean 0 and standard deviation 1, so that contrast does not matter."""

    def forward(self, x: Tensor) -> Tensor:
        x = x - x.mean((2, 3), keepdim=True)
        spread = x.square().mean((2, 3), keepdim=True).sqrt()
        return x / spread.clamp_min(1e-6)  # flat images stay zero


class Block(nn.Module):
    """Two convolutions with a way around them (He et al., 2016, doi:10.1109/CVPR.2016.90).

    The way around is averaged before it is projected, so that every pixel counts (He et al.,
    2019, doi:10.1109/CVPR.2019.00065).
    """

    def __init__(self, before: int, after: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.around = nn.Sequential()
        if stride > 1:
            self.around.append(nn.AvgPool2d(stride, ceil_mode=True))
        if before != after:
            self.around.append(nn.Conv2d(before, after, 1, bias=False))
            self.around.append(nn.BatchNorm2d(after))
        nn.init.constant_(self.norm2.weight, 0.5)  # begins near the way around

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(y)) + self.around(x))


class SurfaceNet(nn.Module):
    """A residual network of 1.2 million numbers for images with one channel.

    At 224x224 pixels 0.29 billion multiplications. Contrast and offset of the input do not
    matter: each image is standardised first. Without a head: the output is the vector of
    `WIDTH` averages.

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.surfacenet import SurfaceNet
    >>> SurfaceNet().eval()(torch.rand(2, 1, 64, 64)).shape
    torch.Size([2, 512])
    """

    def __init__(self):
        super().__init__()
        self.standardised = Standardised()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 24, 5, 2, 2, bias=False), nn.BatchNorm2d(24), nn.ReLU()
        )
        fine, middle, coarse, last = CHANNELS
        self.stage1 = Block(24, fine, 2)
        self.stage2 = nn.Sequential(Block(fine, middle, 2), Block(middle, middle, 1))
        self.stage3 = nn.Sequential(Block(middle, coarse, 2), Block(coarse, coarse, 1))
        self.stage4 = Block(coarse, last, 2)
        self.widened = nn.Sequential(
            nn.Conv2d(last, WIDTH, 1, bias=False), nn.BatchNorm2d(WIDTH), nn.ReLU()
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(self.standardised(x))
        x = self.stage4(self.stage3(self.stage2(self.stage1(x))))
        return self.avgpool(self.widened(x)).flatten(1)
