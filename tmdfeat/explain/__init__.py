"""Which columns, families and blocks drive a prediction: exact or seeded Shapley values."""

from tmdfeat.explain.attribution import Attribution
from tmdfeat.explain.dispatch import explain
from tmdfeat.explain.over_folds import share_over_folds

__all__ = ["Attribution", "explain", "share_over_folds"]
