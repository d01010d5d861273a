"""`explain`: through a Pipeline to the algorithm that fits its classifier."""

from tmdfeat.explain import kernel, linear, trees, xgb
from tmdfeat.explain.attribution import Attribution
from tmdfeat.explain.contributions import Contributions, mirrored
from tmdfeat.explain.table import split


def explain(pipeline, X, *, background=None) -> Attribution:
    """Attribute a fitted classifier's output to the named columns it sees.

    ==========================  =========================  ======================  ===========
    classifier                  algorithm                  attributed              background
    ==========================  =========================  ======================  ===========
    XGBClassifier               TreeSHAP inside xgboost    margin (log-odds)       not used
    DecisionTree, RandomForest, TreeSHAP inside shap       probability             not used
    ExtraTrees
    linear in its columns       closed form, through shap  decision function       its mean
    any other                   Kernel SHAP                probability, or the     30 rows of it
                                                           decision function
    ==========================  =========================  ======================  ===========

    Parameters
    ----------
    pipeline : Pipeline or classifier
        Fitted. The last step is a classifier, perhaps inside `tmdfeat.targets.EncodedClassifier`;
        the steps before it end in a table with ``get_feature_names_out``. A bare classifier is
        taken too: then `X` is the DataFrame it sees.
    X : images (or whatever the pipeline takes)
        Rows to explain. Held-out rows show what the model uses on new scans.
    background : like `X`, optional
        What a column is compared with when it counts as unknown, for linear and other models;
        usually the training images. Default: `X` itself.

    Returns
    -------
    Attribution
        Additive, checked. Models of two classes have both classes, mirrored.

    Raises
    ------
    TypeError
        If the last step is no classifier, or gives neither probabilities nor decisions.
    NotFittedError
        If the pipeline was not fitted.
    ValueError
        If columns have no names, or differ between `X`, `background` and what the classifier
        was fitted on; or if one row is to be compared with itself.
    ArithmeticError
        If the attributions do not add up to the model's output.

    Notes
    -----
    Shapley values share the effect of interacting columns evenly between them, and where
    columns of two blocks carry the same information, which one gets the credit is the model's
    choice, not a fact about the surface.

    The margin of a model of more than two classes is known up to a constant per row, so class
    values are to be compared with each other.

    Kernel SHAP costs about 65,000 predictions per row, for 60 columns seconds: explain few rows.
    It draws from numpy's global random generator; its state is put back afterwards.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from xgboost import XGBClassifier
    >>> from tmdfeat.explain import explain
    >>> X = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2)),
    ...                  columns=["latent__pca_00", "physical__Sq_nm"])
    >>> y = (X["physical__Sq_nm"] > 0).astype(int)
    >>> found = explain(XGBClassifier(n_estimators=20).fit(X, y), X)
    >>> found
    Attribution(60 rows x 2 column x 2 classes, margin (log-odds))
    >>> bool(found.share("block").loc["physical", "share"] > 0.9)
    True
    """
    model, table, reference = split(pipeline, X, background)
    parts = _contributions(model, table, reference)
    if parts.values.shape[2] == 1:
        parts = mirrored(parts)
    attribution = Attribution(
        values=parts.values,
        base=parts.base,
        names=tuple(table.columns),
        classes=tuple(pipeline.classes_),
        output=parts.output,
        output_values=parts.scores,
    )
    attribution.check_additivity()
    return attribution


def _contributions(model, table, reference) -> Contributions:
    if hasattr(model, "get_booster"):
        return xgb.contributions(model, table)
    if isinstance(model, trees.TREES):
        return trees.contributions(model, table)
    if not (hasattr(model, "predict_proba") or hasattr(model, "decision_function")):
        raise TypeError(
            f"explain needs a classifier with predict_proba or decision_function, got {model!r}. "
            "For votes, wrap it: CalibratedClassifierCV(classifier)."
        )
    if table is reference and len(table) == 1:
        raise ValueError(
            f"explaining {type(model).__name__} means comparing with other rows, and one row "
            "differs in nothing from itself. Give explain(..., background=training images)."
        )
    algorithm = linear if linear.is_linear(model, table) else kernel
    return algorithm.contributions(model, table, reference)
