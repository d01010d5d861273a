"""Studies: one question, many runs, tidy tables."""

from tmdfeat.study.blocks import BlockComparison, compare_blocks
from tmdfeat.study.comparison import Comparison, compare_models
from tmdfeat.study.confounders import error_by
from tmdfeat.study.ordinal_study import ordinal_study
from tmdfeat.study.tables import drop_unreadable, feature_tables
from tmdfeat.study.transfer import (
    PAPER_VOLUMES,
    Sequential,
    TransferResults,
    low_data_split,
    run_transfer,
    transfer_strategies,
    transfer_study,
)

__all__ = [
    "PAPER_VOLUMES",
    "BlockComparison",
    "Comparison",
    "Sequential",
    "TransferResults",
    "compare_blocks",
    "compare_models",
    "drop_unreadable",
    "error_by",
    "feature_tables",
    "low_data_split",
    "ordinal_study",
    "run_transfer",
    "transfer_strategies",
    "transfer_study",
]
