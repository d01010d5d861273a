"""Growth, many films at once: when which domain reaches each pixel."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

TILE, SIDE = 8, 4  # pixels of a tile, and tiles of a block, along one side
AT_ONCE = 2**22  # blocks times nuclei that are compared at once; sets the memory


class Seeds(NamedTuple):
    """Where (nm), how turned (radians) and when domains are born, Tensors of shape (n, m).

    Films have unequal numbers of nuclei: those that are none are born at infinity.
    """

    rows: Tensor
    columns: Tensor
    angle: Tensor
    birth: Tensor


def arrival(rows: Tensor, columns: Tensor, seeds: Seeds, truncation: Tensor):
    """Return when films reach each place, and from which nuclei.

    The construction of `tmdfeat.datasets.surface_arrival.arrival`. No domain is faster than 1
    in any direction: those that reach the middle of a tile later than the first one by twice the
    tile's reach come nowhere first, and only the others are tried. So are blocks of tiles before.

    Parameters
    ----------
    rows, columns : Tensors of shape (n, h, w), nm
    seeds : Seeds
        At least one per film.
    truncation : Tensor of shape (n,), >= 1

    Returns
    -------
    time : Tensor of shape (n, h, w), nm of growth
    domain : int Tensor of shape (n, h, w), place in `seeds`
    """
    y, x = _blocked(rows), _blocked(columns)
    time, domain = torch.empty_like(y), torch.empty(y.shape, dtype=torch.int64, device=y.device)
    films = max(1, AT_ONCE // (y.shape[1] * seeds.rows.shape[1]))
    blocks = max(1, AT_ONCE // (films * seeds.rows.shape[1]))
    for i in range(0, len(y), films):
        some = slice(i, i + films)
        table = torch.stack([*_projections(Seeds(*(part[some] for part in seeds)))], dim=-1)
        for j in range(0, y.shape[1], blocks):
            part = (some, slice(j, j + blocks))
            time[part], domain[part] = _first(y[part], x[part], table, 1 / truncation[some])
    return _unblocked(time, rows.shape), _unblocked(domain, rows.shape)


def _projections(seeds: Seeds):
    sin, cos = seeds.angle.sin(), seeds.angle.cos()
    return seeds.rows, seeds.columns, sin, cos, seeds.birth


def _first(y: Tensor, x: Tensor, table: Tensor, slowness: Tensor):
    """Of places of shape (films, blocks, tiles, pixels), and a table (films, nuclei, 5)."""
    films, blocks, tiles, _ = y.shape
    soonest, late = _at_middles(y.flatten(2), x.flatten(2), table, slowness)
    tried = int((~late).sum(2).max())
    which = soonest.topk(tried, dim=2, largest=False).indices.flatten(0, 1)
    film = torch.arange(films, device=y.device).repeat_interleave(blocks)
    table, slowness = table[film[:, None], which], slowness[film]
    y, x = y.flatten(0, 1), x.flatten(0, 1)
    late = _at_middles(y, x, table, slowness)[1]
    block = torch.arange(len(y), device=y.device).repeat_interleave(tiles)
    time, nearest = _race((y.flatten(0, 1), x.flatten(0, 1)), block, ~late, (table, slowness))
    domain = which.gather(1, nearest.view(len(y), -1))
    return time.view(films, blocks, tiles, -1), domain.view(films, blocks, tiles, -1)


def _at_middles(y: Tensor, x: Tensor, table: Tensor, slowness: Tensor):
    """When nuclei reach the middles of tiles, and whether that is too late to be first there.

    Tiles have shape (films, tiles, pixels), nuclei (films, nuclei, 5).
    """
    (top, bottom), (left, right) = (part.aminmax(dim=2, keepdim=True) for part in (y, x))
    middle = (top + bottom) / 2, (left + right) / 2
    time = _gauge(*middle, table[:, None], slowness[:, None, None])
    reach = torch.hypot(bottom - top, right - left) / 2
    return time, time > time.amin(2, keepdim=True) * (1 + 1e-5) + 2.002 * reach


def _race(places, film: Tensor, tried: Tensor, runners):
    """Try the k-th candidate of all tiles that have so many, k after k."""
    table, slowness = runners
    tried = tried.flatten(0, 1)
    counts = tried.sum(1)
    order = counts.argsort(descending=True)
    left = (len(counts) - counts.bincount().cumsum(0)).tolist()  # tiles with more than k
    which = tried.nonzero()[:, 1]
    first, film = (counts.cumsum(0) - counts)[order], film[order]
    y, x = (part[order] for part in places)
    flat, slow = table.flatten(0, 1), slowness[film, None]
    time, nearest = torch.full_like(y, torch.inf), torch.zeros_like(y, dtype=torch.int64)
    for k, n in enumerate(left[: left.index(0)]):
        candidate = which[first[:n] + k]
        seed = flat[film[:n] * table.shape[1] + candidate]
        t = _gauge(y[:n], x[:n], seed[:, None], slow[:n])
        nearest[:n] = torch.where(t < time[:n], candidate[:, None], nearest[:n])
        time[:n] = torch.minimum(t, time[:n])
    back = torch.empty_like(order).scatter_(0, order, torch.arange(len(order), device=y.device))
    return time[back], nearest[back]


def _gauge(y: Tensor, x: Tensor, seeds: Tensor, slowness: Tensor) -> Tensor:
    row, column, sin, cos, birth = seeds.unbind(-1)
    dy, dx = y - row, x - column
    # p is the way along one corner, -p/2 + h and -p/2 - h those along the others.
    p = torch.addcmul(cos * dx, sin, dy)
    h = torch.addcmul(cos * dy, sin, dx, value=-1).abs_().mul_(0.75**0.5)
    to_edge = torch.maximum(-p, torch.add(h, p, alpha=0.5))
    to_corner = torch.maximum(p, h.sub_(p, alpha=0.5)).mul_(slowness)
    return torch.maximum(to_edge, to_corner).add_(birth)


def _blocked(values: Tensor) -> Tensor:
    """Of shape (n, blocks, tiles of a block, pixels of a tile), edges repeated to whole blocks."""
    n, h, w = values.shape
    tall, wide = _blocks(h, w)
    padding = (0, wide * SIDE * TILE - w, 0, tall * SIDE * TILE - h)
    whole = functional.pad(values[:, None], padding, mode="replicate")
    parts = whole.view(n, tall, SIDE, TILE, wide, SIDE, TILE).permute(0, 1, 4, 2, 5, 3, 6)
    return parts.reshape(n, tall * wide, SIDE * SIDE, TILE * TILE)


def _unblocked(values: Tensor, shape) -> Tensor:
    n, h, w = shape
    tall, wide = _blocks(h, w)
    parts = values.view(n, tall, wide, SIDE, SIDE, TILE, TILE).permute(0, 1, 3, 5, 2, 4, 6)
    return parts.reshape(n, tall * SIDE * TILE, wide * SIDE * TILE)[:, :h, :w].contiguous()


def _blocks(h: int, w: int) -> tuple[int, int]:
    return -(-h // (SIDE * TILE)), -(-w // (SIDE * TILE))
