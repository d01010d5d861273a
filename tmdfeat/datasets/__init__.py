"""Scans with labels and groups: synthetic ones with their truth, and folders of files."""

from tmdfeat.datasets.folder import load_folder
from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.surface import Field, simulate_surface
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_objects import Objects
from tmdfeat.datasets.surface_relief import Relief
from tmdfeat.datasets.surface_substrate import Substrate
from tmdfeat.datasets.tmd_afm import make_tmd_afm

__all__ = [
    "Field",
    "Film",
    "Objects",
    "Relief",
    "Scanner",
    "Substrate",
    "load_folder",
    "make_tmd_afm",
    "simulate_surface",
]
