"""Grouped, repeated cross-validation: what happened in each fold, and how sure the mean is."""

from tmdfeat.evaluate.cross_validation import cross_validate_groups
from tmdfeat.evaluate.folds import FoldResults, run_folds
from tmdfeat.evaluate.intervals import summarize_differences, summarize_scores
from tmdfeat.evaluate.splits import Fold

__all__ = [
    "Fold",
    "FoldResults",
    "cross_validate_groups",
    "run_folds",
    "summarize_differences",
    "summarize_scores",
]
