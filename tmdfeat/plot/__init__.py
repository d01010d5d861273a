"""Figures with matplotlib: one file each, Axes back, nothing shown."""

from tmdfeat.plot.confusion import plot_confusion
from tmdfeat.plot.maps import plot_maps
from tmdfeat.plot.scores import plot_scores
from tmdfeat.plot.shares import plot_shares

__all__ = ["plot_confusion", "plot_maps", "plot_scores", "plot_shares"]
