"""Figures with matplotlib: one file each, Axes back, nothing shown."""

from tmdfeat.plot.confusion import plot_confusion
from tmdfeat.plot.maps import plot_maps
from tmdfeat.plot.scores import plot_scores
from tmdfeat.plot.segments import plot_segments
from tmdfeat.plot.shares import plot_shares

__all__ = ["plot_confusion", "plot_maps", "plot_scores", "plot_segments", "plot_shares"]
