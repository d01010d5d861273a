"""Networks that learn from your scans, as scikit-learn estimators."""

from tmdfeat.deep.finetune.classifier import FineTunedCNN
from tmdfeat.deep.finetune.regressor import FineTunedCNNRegressor

__all__ = ["FineTunedCNN", "FineTunedCNNRegressor"]
