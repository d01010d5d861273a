"""Studies: one question, many runs, tidy tables."""

from tmdfeat.study.augmentation import augmentation_study
from tmdfeat.study.blocks import BlockComparison, compare_blocks
from tmdfeat.study.comparison import Comparison, compare_models
from tmdfeat.study.competition import classifier_zoo
from tmdfeat.study.confounders import error_by
from tmdfeat.study.coverage import coverage_study
from tmdfeat.study.coverage_scores import CoverageStudy
from tmdfeat.study.latent_classifier import LatentClassifier
from tmdfeat.study.layer_features import layer_tables
from tmdfeat.study.layer_scores import layer_models, score_layers
from tmdfeat.study.layers import layer_study
from tmdfeat.study.ordinal import ordinal_study
from tmdfeat.study.tables import drop_unreadable, feature_tables
from tmdfeat.study.transfer import (
    PAPER_VOLUMES,
    Sequential,
    TransferResults,
    compare_transfer,
    low_data_split,
    modality_tables,
    run_transfer,
    summarize_transfer,
    transfer_strategies,
    transfer_study,
)
from tmdfeat.study.zoo import zoo_models

__all__ = [
    "PAPER_VOLUMES",
    "BlockComparison",
    "Comparison",
    "CoverageStudy",
    "LatentClassifier",
    "Sequential",
    "TransferResults",
    "augmentation_study",
    "classifier_zoo",
    "compare_blocks",
    "compare_models",
    "compare_transfer",
    "coverage_study",
    "drop_unreadable",
    "error_by",
    "feature_tables",
    "layer_models",
    "layer_study",
    "layer_tables",
    "low_data_split",
    "modality_tables",
    "ordinal_study",
    "run_transfer",
    "score_layers",
    "summarize_transfer",
    "transfer_strategies",
    "transfer_study",
    "zoo_models",
]
