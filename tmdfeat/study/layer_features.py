"""One table of features for each layer of a network: frozen, or tuned anew in each fold."""

import pandas as pd
from sklearn.base import clone

from tmdfeat.evaluate.entrance import takes_images
from tmdfeat.evaluate.routing import fit_with_groups
from tmdfeat.evaluate.samples import check_samples
from tmdfeat.gate import check_images
from tmdfeat.study.tables import feature_tables


def layer_tables(X, backbone="resnet18", layers=None) -> dict[str, pd.DataFrame]:
    """Compute the features of several layers of a frozen network in one pass.

    Parameters
    ----------
    X : images, see `tmdfeat.gate.check_images`
    backbone : str, callable, Architecture or CNNFeatures
        As in `tmdfeat.CNNFeatures`; or one of these, whose other settings are kept.
    layers : sequence of str, optional
        See `tmdfeat.CNNFeatures`; by default all stages and "pool".

    Returns
    -------
    dict of str to DataFrame
        By layer, in the order given; rows as in X.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import CNNFeatures
    >>> cnn = CNNFeatures("squeezenet1_1", weights=None)
    >>> tables = layer_tables(np.random.default_rng(0).normal(size=(2, 32, 32)), cnn)
    >>> {layer: table.shape for layer, table in tables.items()}
    {'stage1': (2, 128), 'stage2': (2, 256), 'stage3': (2, 512), 'pool': (2, 512)}
    """
    from tmdfeat.deep import CNNFeatures  # here, not above: it imports torch

    cnn = clone(backbone) if isinstance(backbone, CNNFeatures) else CNNFeatures(backbone)
    if layers is None:
        layers = (*_stages(cnn), "pool")
    [table] = feature_tables(X, cnn.set_params(layers=tuple(layers)))
    columns = {
        layer: cnn.set_params(layers=(layer,)).get_feature_names_out() for layer in tuple(layers)
    }
    return {layer: table[names] for layer, names in columns.items()}


def _stages(cnn) -> list[str]:
    """Name the stages that a network has at the size its images get."""
    from tmdfeat.deep.backbones import find_backbone
    from tmdfeat.deep.checks import check_rendering, resized
    from tmdfeat.deep.stages import stages_of

    size = check_rendering(cnn.rendering).size
    return list(stages_of(resized(find_backbone(cnn.backbone, cnn.weights), size)))


def tuned_tables(tuned, X, y, groups, splits) -> list[pd.DataFrame]:
    """Fit a transformer on the training part of each split, and transform all of X with it.

    Parameters
    ----------
    tuned : transformer
        Cloned for each split; gets the groups if it asks for them, as `tmdfeat.FineTunedCNN` does.
    X, y, groups : see `tmdfeat.evaluate.run_folds`
    splits : list of (train, test)

    Returns
    -------
    list of DataFrame
        One per split.

    Examples
    --------
    >>> from sklearn.preprocessing import StandardScaler
    >>> splits = [([0, 1], [2, 3]), ([2, 3], [0, 1])]
    >>> first, second = tuned_tables(
    ...     StandardScaler(), [[0], [2], [9], [5]], list("abab"), range(4), splits)
    >>> first[0].tolist(), second[0].tolist()
    ([-1.0, 1.0, 8.0, 4.0], [-3.5, -2.5, 1.0, -1.0])
    """
    if takes_images(tuned):
        X = check_images(X, allow_nan=True)  # here, so that errors in folds count from X[0]
    samples = check_samples(X, y, groups)
    tables = []
    for train, _ in splits:
        part = samples.take(train)
        fitted = fit_with_groups(clone(tuned), part.X, part.y, part.groups)
        tables.append(pd.DataFrame(fitted.transform(X)))
    return tables
