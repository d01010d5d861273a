"""What image transformers share with scikit-learn: tags, and how images pass through a Pipeline."""

from copy import copy

from sklearn.base import BaseEstimator, TransformerMixin

from tmdfeat.gate import Images, check_images
from tmdfeat.heightmap import HeightMap


class ImageTransformer(TransformerMixin, BaseEstimator):
    """Images in, table out. Subclasses write `_check`, transform, get_feature_names_out.

    Nothing is learned from images; what learns writes a fit of its own.
    """

    allow_nan = False  # whether `transform` knows what to do with NaN pixels

    def fit(self, X, y=None):
        """Check the parameters and the images' kind and shape; nothing is learned.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`
        y : ignored

        Returns
        -------
        self
        """
        self._check()
        check_images(X, allow_nan=self.allow_nan)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _check(self) -> None:
        """Raise if a parameter is out of range."""


class ImageStep(ImageTransformer):
    """Images in, images out, one at a time. Subclasses write `_check` and `_apply`.

    `transform` returns `Images`: a sequence whose maps are made when asked for.
    """

    # None is not inherited: scikit-learn would wrap every subclass and ask for a table.
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(auto_wrap_output_keys=None, **kwargs)

    def transform(self, X) -> Images:
        """Return the processed images; each is computed when it is asked for.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        Images
        """
        self._check()
        # A copy, or parameters set later would change images that are yet to be made.
        return check_images(X, allow_nan=self.allow_nan).map(copy(self)._apply)

    def set_output(self, *, transform=None):
        """Do nothing: images are no table."""
        return self

    def get_feature_names_out(self, input_features=None):
        """Pass names through: an image step neither adds nor removes columns."""
        return input_features

    def _apply(self, image: HeightMap) -> HeightMap:
        raise NotImplementedError
