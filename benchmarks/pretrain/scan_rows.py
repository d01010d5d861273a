"""What goes wrong along rows, for many scans at once: feedback, noise, hum."""

import torch
from torch import Tensor


def follow(z: Tensor, lag: Tensor, drop: Tensor) -> Tensor:
    """Return what first-order feedbacks report, as `tmdfeat.datasets.scan_feedback.follow`.

    Each pixel of a row waits for the one before, while all rows of all scans go at once.

    Parameters
    ----------
    z : Tensor of shape (n, h, w), nm
    lag : Tensor of shape (n, 1, 1), pixels
        0 follows at once.
    drop : Tensor of shape (n, 1, 1), nm per pixel
        May be infinite.
    """
    if not lag.any() and drop.isinf().all():
        return z
    gain, deepest = (1 - torch.exp(-1 / lag))[..., 0], -drop[..., 0]
    columns = z.permute(2, 0, 1).contiguous()
    height = columns[0]
    for column in columns[1:]:
        step = column.sub_(height).mul_(gain)
        height = torch.maximum(step, deepest, out=column).add_(height)
    return columns.permute(1, 2, 0).contiguous()


def pixel_noise(noise: Tensor, lag: Tensor) -> Tensor:
    """Make white noise of shape (n, h, w) alike along rows over lags of shape (n, 1, 1), pixels.

    The recursion y[j] = x[j] + a * y[j - 1] is done in doubling steps.
    """
    alike = torch.exp(-1 / lag)
    # each pixel keeps the rms
    y = torch.cat([noise[..., :1], noise[..., 1:] * (1 - alike**2).sqrt()], -1)
    shift = 1
    while shift < y.shape[-1]:
        before = y[..., :-shift] * alike**shift
        y[..., shift:] += before
        shift *= 2
    return y


def flicker(noise: Tensor, shape) -> Tensor:
    """Return 1/f noise of rms 1 in time, as `tmdfeat.datasets.scan_lines.flicker`.

    Parameters
    ----------
    noise : Tensor of shape (n, 2, h * w + 1)
        White.
    shape : (h, w)
    """
    h, w = shape
    k = torch.arange(h * w + 1, dtype=torch.float32, device=noise.device)
    k[0] = torch.inf
    # Half of the spectrum's power lies on its positive side, and each coefficient is complex.
    power = 2 * (1 / k[1:]).sum()
    real, imaginary = (noise / (2 * k * power).sqrt()).unbind(1)
    series = torch.fft.irfft(torch.complex(real, imaginary), n=2 * h * w) * (2 * h * w)
    return series.view(-1, h, 2, w)[:, :, 0]


def hum(starts: Tensor, cycles: Tensor, w: int) -> Tensor:
    """Return sines of amplitude 1 in time.

    Parameters
    ----------
    starts : Tensor of shape (n, h)
        Cycles that have passed where rows begin.
    cycles : Tensor of shape (n, 1, 1)
        That pass from row to row; the trace takes half of the time.
    w : int
        Pixels of a row.
    """
    time = torch.arange(w, device=starts.device) / (2 * w)
    return torch.sin(2 * torch.pi * (starts[:, :, None] + cycles * time))
