"""Figures with matplotlib: one file each, Axes back, nothing shown."""

from tmdfeat.plot.confusion import plot_confusion, plot_confusion_counts
from tmdfeat.plot.errors import plot_errors
from tmdfeat.plot.layers import plot_layers
from tmdfeat.plot.low_data import plot_low_data
from tmdfeat.plot.maps import plot_maps
from tmdfeat.plot.materials import plot_materials
from tmdfeat.plot.modality import plot_modalities, plot_modality
from tmdfeat.plot.scores import plot_scores
from tmdfeat.plot.segments import plot_segments
from tmdfeat.plot.shares import plot_shares
from tmdfeat.plot.thumbnails import plot_thumbnails, snap_to_grid

__all__ = [
    "plot_confusion",
    "plot_confusion_counts",
    "plot_errors",
    "plot_layers",
    "plot_low_data",
    "plot_maps",
    "plot_materials",
    "plot_modalities",
    "plot_modality",
    "plot_scores",
    "plot_segments",
    "plot_shares",
    "plot_thumbnails",
    "snap_to_grid",
]
