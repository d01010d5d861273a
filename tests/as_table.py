"""Test-only mixins: let scikit-learn's battery, which speaks tables, test image transformers."""

import numpy as np
from sklearn.utils.validation import validate_data

from tmdfeat import HeightMap


class AsTable:
    """Turn each row of a table into one small image in nm, then call the real class."""

    def fit(self, X, y=None):
        return super().fit(self._images(X, reset=True), y)

    def transform(self, X):
        return self._table(super().transform(self._images(X, reset=False)))

    def _table(self, out):
        return np.reshape(out, (len(out), -1))

    def _images(self, X, reset):
        X = validate_data(self, X, reset=reset, dtype=np.float64)
        X = np.pad(X, ((0, 0), (0, 7)), mode="edge")
        stack = X[:, :, None] + 2 * X[:, None, :]
        return [HeightMap(z, z_unit="nm", pixel_size=2.0) for z in stack]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


class AsTableStep(AsTable):
    """The same for image -> image steps: the pixels of the result are the table."""

    def _table(self, out):
        return np.array([image.z.ravel() for image in out])
