"""Scans with labels and groups: synthetic ones with their truth, and folders of files."""

from tmdfeat.datasets.folder import load_folder
from tmdfeat.datasets.tmd_afm import make_tmd_afm

__all__ = ["load_folder", "make_tmd_afm"]
