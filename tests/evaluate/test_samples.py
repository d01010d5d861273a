from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from tmdfeat import HeightMap
from tmdfeat.evaluate.samples import check_samples, count, take
from tmdfeat.gate import check_images

Y = ["MoS2", "WS2", "MoS2", "WS2"]
GROUPS = ["g1", "g2", "g3", "g4"]
X = np.arange(8.0).reshape(4, 2)


@pytest.mark.parametrize(
    "kind",
    [
        np.asarray,
        pd.DataFrame,
        csr_array,
        lambda X: pd.Series(X[:, 0], index=list("abcd")),
        lambda X: X[:, :, None],
    ],
    ids=["array", "frame", "sparse", "series", "stack"],
)
def test_takes_by_position_and_keeps_the_kind(kind):
    data = kind(X)
    part = take(data, np.array([3, 1]))
    dense = part.toarray() if hasattr(part, "toarray") else np.asarray(part)
    assert type(part) is type(data)
    assert dense.ravel()[0] == 6.0
    assert (count(data), count(part)) == (4, 2)


@pytest.mark.parametrize(
    "items",
    [
        [HeightMap(np.eye(k)) for k in (2, 3, 4)],
        tuple(Path(f"{k}.npy") for k in range(3)),
        [np.eye(k) for k in (2, 3, 4)],
    ],
    ids=["heightmaps", "paths", "ragged"],
)
def test_lists_of_images_are_picked_from_not_converted(items):
    assert take(items, np.array([2, 0]))[0] is items[2]
    assert count(items) == 3


def test_lazy_images_stay_lazy_and_keep_their_positions():
    made = []
    images = check_images([np.eye(k) for k in (2, 3, 4)]).map(lambda i: made.append(i) or i)
    part = take(images, np.array([2, 0]))
    assert made == []
    assert [image.shape for image in part] == [(4, 4), (2, 2)]
    with pytest.raises(ValueError, match=r"^X\[2\]: no"):
        part.map(no)[0]


def no(image):
    raise ValueError("no")


@pytest.mark.parametrize("kind", [list, np.asarray, pd.Series, pd.Categorical])
def test_labels_and_groups_may_come_in_any_kind(kind):
    samples = check_samples(X, kind(Y), kind(GROUPS))
    part = samples.take(np.array([0, 3]))
    assert part.y.tolist() == ["MoS2", "WS2"]
    assert part.groups.tolist() == ["g1", "g4"]
    assert part.X.tolist() == [[0.0, 1.0], [6.0, 7.0]]


def test_a_group_may_hold_several_classes():
    samples = check_samples(X, Y, [1, 1, 2, 2])
    assert samples.groups.tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("y", "groups", "message"),
    [
        (Y[:3], GROUPS, r"X has 4 samples, but y has 3 entries"),
        (Y, GROUPS + ["g5"], r"X has 4 samples, but groups has 5 entries"),
        (Y, None, r"groups is needed: .* pass groups=range\(len\(X\)\)"),
        (Y, ["g1", None, "g3", np.nan], r"groups has 2 missing entries .* at \[1, 3\]"),
        (["MoS2", np.nan, "MoS2", "WS2"], GROUPS, r"y has 1 missing entries .* at \[1\]"),
        ([0.0, np.nan, 1.0, 0.0], GROUPS, r"y has 1 missing entries .* at \[1\]"),
        (["WS2"] * 4, GROUPS, r"at least two classes, got only \['WS2'\]"),
        ([0.1, 0.2, 0.3, 0.4], GROUPS, "Unknown label type"),
        (np.array([Y]).T, GROUPS, r"y must be 1-D, one entry per sample, got shape \(4, 1\)"),
        (
            Y,
            ["g1", "g2", "g1", "g3"],
            r"class 'MoS2' only in group 'g1'\. A grouped split can either train .* or test it",
        ),
        (Y, [7, 8, 7, 8], r"class 'MoS2' only in group 7; class 'WS2' only in group 8"),
    ],
)
def test_what_cannot_be_studied_is_an_error_in_words(y, groups, message):
    with pytest.raises(ValueError, match=message):
        check_samples(X, y, groups)
