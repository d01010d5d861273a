import numpy as np
import pytest
import torch

from tmdfeat.deep.finetune.batches import epoch_batches


def batches(y, sampler, batch_size, seed=0):
    return epoch_batches(np.asarray(y), sampler, batch_size, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("n", "batch_size", "sizes"),
    [
        (8, 4, [4, 4]),
        (7, 4, [4, 3]),
        (9, 4, [4, 5]),  # a batch norm cannot learn from one image
        (5, 4, [5]),
        (2, 32, [2]),
        (1, 32, [1]),
        (3, 1, [1, 1, 1]),  # who asks for single images gets them
        (3, 2, [3]),
    ],
)
@pytest.mark.parametrize("sampler", ["shuffle", "balanced"])
def test_no_image_is_left_alone_in_the_last_batch(n, batch_size, sizes, sampler):
    assert [len(batch) for batch in batches(np.zeros(n), sampler, batch_size)] == sizes


def test_shuffle_sees_each_image_once_in_another_order_each_time():
    first, second = (torch.cat(batches(np.zeros(50), "shuffle", 8, seed)) for seed in (0, 1))
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(50))
    assert first.tolist() != second.tolist()
    assert torch.equal(first, torch.cat(batches(np.zeros(50), "shuffle", 8, 0)))


def test_balanced_draws_classes_alike_often():
    y = np.repeat([0, 1, 2], [9000, 900, 100])
    drawn = y[torch.cat(batches(y, "balanced", 32))]
    counts = np.bincount(drawn)
    sigma = np.sqrt(10_000 * (1 / 3) * (2 / 3))  # of a binomial
    assert counts.sum() == 10_000
    assert np.abs(counts - 10_000 / 3).max() < 4 * sigma


def test_balanced_draws_images_of_one_class_alike_often():
    y = np.repeat([0, 1], [20, 5])
    drawn = np.concatenate([torch.cat(batches(y, "balanced", 8, seed)) for seed in range(400)])
    counts = np.bincount(drawn, minlength=25)
    expected = np.where(y == 0, 10_000 / 2 / 20, 10_000 / 2 / 5)
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_balanced_knows_no_empty_classes():
    """Numbers of classes may have gaps: all images of one class may be held out."""
    drawn = torch.cat(batches([0, 0, 3, 3], "balanced", 2))
    assert len(drawn) == 4
