"""The surface itself: substrate, layers, relief and objects on top of each other."""

from typing import NamedTuple

import numpy as np

from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_layers import Layer, grow_layers, layer_map
from tmdfeat.datasets.surface_objects import Objects, add_objects
from tmdfeat.datasets.surface_relief import Relief, ridges, rims, roughness, wrinkles
from tmdfeat.datasets.surface_substrate import Substrate, lay_steps, terrace_map


class Recipe(NamedTuple):
    """All that a surface is drawn from."""

    substrate: Substrate
    film: Film
    relief: Relief
    objects: Objects


class Surface(NamedTuple):
    """Heights in nm as they are, terraces counted upwards, layers, and numbers of objects."""

    z: np.ndarray
    terrace: np.ndarray
    layers: list[Layer]
    counts: dict[str, int]


def build_surface(recipe: Recipe, frame, rng) -> Surface:
    """Draw a surface.

    Each part has a random stream of its own: whether a film is rough, say, does not change
    where its domains are.

    Parameters
    ----------
    recipe : Recipe
    frame : tmdfeat.datasets.surface_frame.Frame
    rng : numpy Generator

    Returns
    -------
    Surface
    """
    ground, growth, rough, creased, lying = rng.spawn(5)
    substrate, film, relief, objects = recipe
    shape = frame.rows.shape
    steps = lay_steps(substrate, frame, ground)
    terrace = terrace_map(steps, frame)
    z = terrace.astype(np.float32) * np.float32(substrate.step_height * substrate.bunching)
    layers = grow_layers(film, steps, frame, growth)
    for i, layer in enumerate(layers):
        height = film.layer_height + (film.gap if i == 0 else 0)
        z += np.float32(height) * layer.mask
        z += _edges(relief, layer, frame.pixel)
    rms = _rms(substrate, relief, layer_map(layers, shape))
    if rms.any():
        z += rms * roughness(relief, shape, frame.pixel, rough)
    if relief.wrinkle_height:
        z += wrinkles(relief, shape, frame.pixel, creased)
    counts = add_objects(z, objects, steps, frame, lying)
    return Surface(z, terrace, layers, counts)


def _edges(relief, layer, pixel):
    z = np.zeros(layer.mask.shape, dtype=np.float32)
    if relief.rim_height:
        z += rims(relief, layer)
    if relief.ridge_height:
        z += ridges(relief, layer, pixel)
    return z


def _rms(substrate, relief, layer):
    return np.where(layer > 0, np.float32(relief.roughness), np.float32(substrate.roughness))
