"""Transfer studies: stages of classes, strategies, volumes, and a store of finished runs."""

from tmdfeat.study.transfer.results import TransferResults, run_transfer
from tmdfeat.study.transfer.strategies import Sequential, transfer_strategies
from tmdfeat.study.transfer.study import transfer_study
from tmdfeat.study.transfer.summary import (
    compare_transfer,
    modality_tables,
    summarize_transfer,
)
from tmdfeat.study.transfer.volumes import PAPER_VOLUMES, low_data_split

__all__ = [
    "PAPER_VOLUMES",
    "Sequential",
    "TransferResults",
    "compare_transfer",
    "low_data_split",
    "modality_tables",
    "run_transfer",
    "summarize_transfer",
    "transfer_strategies",
    "transfer_study",
]
