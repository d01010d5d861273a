import numpy as np
import torch
from deep.tiny import tiny
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat import CNNFeatures
from tmdfeat.deep.views import views_of

GROUP = [np.rot90(m, k).tolist() for m in (np.arange(9).reshape(3, 3),) for k in range(4)]
GROUP += [np.rot90(np.arange(9).reshape(3, 3).T, k).tolist() for k in range(4)]


def test_d4_is_the_group_of_the_square():
    views = [view[0].tolist() for view in views_of(torch.arange(9).reshape(1, 3, 3), "d4")]
    assert len(views) == 8
    assert sorted(views) == sorted(GROUP)


def test_no_views_is_the_image_itself():
    batch = torch.arange(8).reshape(2, 2, 2)
    (view,) = views_of(batch, None)
    assert_array_equal(view, batch)


def test_d4_features_are_the_mean_over_turned_and_mirrored_maps():
    z = np.random.default_rng(0).normal(size=(50, 50))
    turned = [np.rot90(m, k) for m in (z, z.T) for k in range(4)]
    each = CNNFeatures(tiny, weights=None).fit_transform(turned)
    together = CNNFeatures(tiny, weights=None, views="d4").fit_transform([z])
    assert_allclose(together[0], each.mean(axis=0), rtol=1e-4, atol=1e-6)
    assert np.ptp(each, axis=0).max() > 1e-3  # the network itself has an up


def test_d4_features_do_not_change_when_the_map_is_turned():
    z = np.random.default_rng(1).normal(size=(40, 60))
    cnn = CNNFeatures(tiny, weights=None, views="d4", cache=None)
    assert_allclose(cnn.fit_transform([z]), cnn.fit_transform([z.T[::-1]]), rtol=1e-4, atol=1e-6)
