"""Tables checked for a meta-estimator; images passed on to what knows images."""

from scipy.sparse import issparse
from sklearn.utils import get_tags
from sklearn.utils.validation import validate_data


def check_table(owner, inner, X, *, reset: bool):
    """Return X as it came, after a look at it if it is a table.

    Numbers are not looked at, since `inner` says itself what it refuses. Images (lists, Series,
    stacks) are checked by the first step that knows images.

    Parameters
    ----------
    owner : meta-estimator
        It gets, and is held to, ``n_features_in_`` and ``feature_names_in_``.
    inner : estimator that it wraps
    X : whatever `inner` takes
    reset : bool
        Whether to set these (in fit) or to check them.

    Returns
    -------
    X; sparse tables as csr or csc, which XGBoost reads
    """
    numbers = getattr(getattr(X, "dtype", None), "kind", "O") in "iufc"
    if getattr(X, "ndim", 1) > 2 or (getattr(X, "ndim", 1) < 2 and not numbers):
        return X
    formats = ("csr", "csc") if get_tags(inner).input_tags.sparse else False
    options = {"accept_sparse": formats, "dtype": None, "ensure_all_finite": False}
    checked = validate_data(owner, X=X, reset=reset, **options)
    return checked if issparse(X) else X
