"""Latent and physical features of microscopy scans, as scikit-learn transformers.

The public names load when they are first used: ``import tmdfeat`` imports neither torch,
xgboost, shap nor matplotlib.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "HeightMap": "tmdfeat.heightmap",
    "read": "tmdfeat.io",
    "CNNFeatures": "tmdfeat.deep",
    "FineTunedCNN": "tmdfeat.deep",
    "PhysicalFeatures": "tmdfeat.physical",
    "latent_physical": "tmdfeat.pipelines",
}
__all__ = [*_HOMES, "__version__"]


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module 'tmdfeat' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return sorted(__all__)
