"""Small networks and scans on which fine-tuning takes no time."""

import numpy as np
from deep.tiny import tiny

from tmdfeat.deep import FineTunedCNN, FineTunedCNNRegressor, Rendering

SIZE = 32
LABELS = np.array(["WS2", "MoS2", "WSe2"])


def stripes(n=24, side=40, seed=0):
    """Scans with stripes along rows, along columns, or none; four scans of each sample."""
    rng = np.random.default_rng(seed)
    kind = np.arange(n) // 4 % 3
    wave = np.sin(np.arange(side) * 0.8)
    along = [wave[:, None] + 0 * wave, wave + 0 * wave[:, None], np.zeros((side, side))]
    X = np.array([along[k] for k in kind]) + 0.3 * rng.normal(size=(n, side, side))
    return X, LABELS[kind], np.arange(n) // 4


def small(cls=FineTunedCNN, **parameters):
    """An estimator with a network of one convolution, untrained."""
    settings = {
        "backbone": tiny,
        "weights": None,
        "rendering": Rendering(size=SIZE),
        "max_epochs": 2,
        "hidden": (8,),
        "lr": 0.01,
        "batch_size": 8,
        "device": "cpu",
        "random_state": 0,
    }
    return cls(**{**settings, **parameters})


def small_regressor(**parameters):
    return small(FineTunedCNNRegressor, **parameters)


def same_state(one, other):
    """Whether two fitted estimators hold equal numbers, bit for bit."""
    a, b = one.state_, other.state_
    return set(a) == set(b) and all(np.array_equal(a[name], b[name]) for name in a)
