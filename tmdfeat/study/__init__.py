"""Studies: one question, many runs, tidy tables."""

from tmdfeat.study.blocks import BlockComparison, compare_blocks
from tmdfeat.study.tables import drop_unreadable, feature_tables

__all__ = ["BlockComparison", "compare_blocks", "drop_unreadable", "feature_tables"]
