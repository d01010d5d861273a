"""The simulator of TMD films on a GPU, or slower on a CPU: a batch of scans at once.

Equal in law to `tmdfeat.datasets.simulate_surface`, from the same parameters, drawn by the same
code. Where they differ:

- random numbers: the same seed gives other scans, and other ones on a GPU than on a CPU;
- distances from domain boundaries are exact here, and up to 2 % off there (5 x 5 masks);
- all maps of a batch have one size in pixels and one levelling, None, "plane" or "standard";
- the numbers of visible domains and of connected pieces are left to who needs them: pieces
  are counted one map after the other.

Scars and lost rows are drawn on the host by the simulator's own functions; all other fields are
made on the device. Each row's feedback is a recursion: its pixels come one after the other, all
rows of the batch at once.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from film_arrival import Seeds
from film_draw import Drawn, Scan, draw
from film_layers import Layer, grow_layers
from film_noise import numbers
from film_objects import add_objects
from film_relief import ridges, rims, roughness, wrinkles
from film_steps import Frames, Steps, lay_frames, lay_steps
from scan_batch import scan_surfaces
from scan_levels import level
from torch import Tensor


class FilmBatch(NamedTuple):
    """Scans and the truth about them, on the device.

    heights : float32 (n, size, size), nm, levelled if asked
    surface : float32 (n, size, size), nm, before the tip came
    layer : int8 (n, size, size), how many there are
    terrace : int32 (n, size, size), counted upwards from 0
    grain : int32 (n, number of layers, size, size), place among the layer's `nuclei`, or -1
    coverage : float32 (n, number of layers)
    nuclei : list of Seeds, one per layer; those born at infinity are none
    """

    heights: Tensor
    surface: Tensor
    layer: Tensor
    terrace: Tensor
    grain: Tensor
    coverage: Tensor
    nuclei: list[Seeds]


def simulate_batch(
    scans: Sequence[Scan], keys: Sequence, *, size=256, levelling=None, device="cpu"
) -> FilmBatch:
    """Simulate scans of TMD films, from explicit parameters.

    Parameters
    ----------
    scans : sequence of film_draw.Scan
        Film, substrate, relief and objects of each, its scanner and the side of its field. To
        draw them from the presets of materials see `film_draw.draw_scan`.
    keys : sequence of int or of sequences of int, one per scan
        Of the random numbers. A scan depends on its own parameters and key alone, to rounding,
        whatever scans are beside it.
    size : int
        Pixels per side.
    levelling : {None, "plane", "standard"}
        Of the heights.
    device : str or torch.device

    Returns
    -------
    FilmBatch

    Raises
    ------
    ValueError
        If there are no scans, or not as many keys, or if the levelling is another.
    """
    if not len(scans) or len(scans) != len(keys):
        raise ValueError(f"one key per scan is needed, got {len(scans)} scans, {len(keys)} keys.")
    device = torch.device(device)
    drawn = [draw(scan, key, size) for scan, key in zip(scans, keys, strict=True)]
    frames = lay_frames(scans, drawn, device)
    steps = lay_steps(scans, drawn, frames)
    layers = grow_layers([scan.recipe.film for scan in scans], drawn, steps, frames)
    terrace = steps.terraces(frames)
    surface = _heights(scans, terrace, layers, frames)
    layer = sum((one.mask for one in layers), torch.zeros_like(terrace, dtype=torch.int8))
    _decorate(surface, scans, drawn, (layer, frames, steps))
    heights = scan_surfaces(surface, frames.pixel, [scan.scanner for scan in scans], drawn)
    empty = layer.new_empty((len(scans), 0, size, size), dtype=torch.int32)
    grain = torch.stack([one.grain for one in layers], 1) if layers else empty
    return FilmBatch(
        level(heights, levelling),
        surface,
        layer,
        terrace,
        grain,
        (grain >= 0).float().mean((2, 3)),
        [one.nuclei for one in layers],
    )


def _heights(scans, terrace: Tensor, layers: list[Layer], frames: Frames) -> Tensor:
    device, recipes = terrace.device, [scan.recipe for scan in scans]
    films, reliefs = [recipe.film for recipe in recipes], [recipe.relief for recipe in recipes]
    substrates = [recipe.substrate for recipe in recipes]
    single = numbers(substrates, "step_height", device) * numbers(substrates, "bunching", device)
    z, gap = terrace * single, numbers(films, "gap", device)
    for layer in layers:
        z += (numbers(films, "layer_height", device) + gap) * layer.mask
        gap = torch.zeros_like(gap)
        if any(relief.rim_height for relief in reliefs):
            z += rims(reliefs, layer)
        if any(relief.ridge_height for relief in reliefs):
            z += ridges(reliefs, layer, frames.pixel)
    return z


def _decorate(z: Tensor, scans, drawn: list[Drawn], laid: tuple[Tensor, Frames, Steps]) -> None:
    """Add roughness, wrinkles and objects to surfaces, in place."""
    layer, frames, steps = laid
    if any(scan.recipe.relief.roughness or scan.recipe.substrate.roughness for scan in scans):
        z += roughness(scans, drawn, layer, frames.pixel)
    creased = [i for i, scan in enumerate(scans) if scan.recipe.relief.wrinkle_height]
    if creased:
        reliefs = [scans[i].recipe.relief for i in creased]
        some = [drawn[i] for i in creased]
        z[creased] += wrinkles(reliefs, some, z.shape[1:], frames.pixel[creased])
    add_objects(z, scans, drawn, steps, frames)
