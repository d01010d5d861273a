"""The classifier of a study, unless another is given."""

from tmdfeat.targets import EncodedClassifier


def default_classifier(random_state=None) -> EncodedClassifier:
    """Make the classifier that studies use unless told otherwise: XGBoost for small data.

    Shallow trees that each see part of the rows and columns, which suits some hundred scans.

    Parameters
    ----------
    random_state : int, optional

    Returns
    -------
    EncodedClassifier
    """
    from xgboost import XGBClassifier  # here, not above: slow to import

    return EncodedClassifier(
        XGBClassifier(
            n_estimators=150,
            max_depth=3,
            learning_rate=0.1,
            min_child_weight=0.1,  # the default, 1, lets no tree split ten scans
            subsample=0.8,
            colsample_bytree=0.5,
            random_state=random_state,
        )
    )
