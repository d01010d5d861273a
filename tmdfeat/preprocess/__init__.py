"""Height maps in, better height maps out: functions on arrays, steps of a Pipeline, presets."""

from tmdfeat.preprocess.clip import clip_percentiles
from tmdfeat.preprocess.crop import crop_centre
from tmdfeat.preprocess.fill import fill_harmonic, fill_nearest
from tmdfeat.preprocess.level import level_plane, level_polynomial
from tmdfeat.preprocess.paper import (
    paper_median,
    paper_remove_bow,
    paper_remove_scars,
    paper_resize,
    paper_stretch,
)
from tmdfeat.preprocess.presets import PRESETS, preset
from tmdfeat.preprocess.resample import resample, resize_by_area
from tmdfeat.preprocess.rows import (
    align_rows_median,
    align_rows_median_diff,
    align_rows_polynomial,
)
from tmdfeat.preprocess.scars import find_scars, remove_scars
from tmdfeat.preprocess.steps_grid import Crop, Resample
from tmdfeat.preprocess.steps_heights import AlignRows, ClipPercentiles, Fill, Level, RemoveScars
from tmdfeat.preprocess.steps_paper import (
    PaperBow,
    PaperMedian,
    PaperResize,
    PaperScars,
    PaperStretch,
)

__all__ = [
    "PRESETS",
    "AlignRows",
    "ClipPercentiles",
    "Crop",
    "Fill",
    "Level",
    "PaperBow",
    "PaperMedian",
    "PaperResize",
    "PaperScars",
    "PaperStretch",
    "RemoveScars",
    "Resample",
    "align_rows_median",
    "align_rows_median_diff",
    "align_rows_polynomial",
    "clip_percentiles",
    "crop_centre",
    "fill_harmonic",
    "fill_nearest",
    "find_scars",
    "level_plane",
    "level_polynomial",
    "paper_median",
    "paper_remove_bow",
    "paper_remove_scars",
    "paper_resize",
    "paper_stretch",
    "preset",
    "remove_scars",
    "resample",
    "resize_by_area",
]
