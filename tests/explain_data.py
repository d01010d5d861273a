"""Tables with latent and physical columns, as a FeatureUnion would name them."""

import numpy as np
import pandas as pd

COLUMNS = [*(f"latent__pca_{i:02d}" for i in range(4)), "physical__Sq_nm", "physical__Sdr"]


def table(n=90, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, len(COLUMNS)))
    return pd.DataFrame(X, columns=COLUMNS)


def three_classes(X):
    """Numbers 0, 1, 2, driven by a latent and a physical column."""
    score = X["latent__pca_01"] + 2 * X["physical__Sq_nm"]
    return np.digitize(score, [-1, 1])
