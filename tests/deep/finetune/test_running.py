from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from tmdfeat.deep.finetune.running import arithmetic, errors_in_words, sent_through


def test_a_random_state_of_its_own():
    before = torch.random.get_rng_state()
    drawn = []
    for seed in (0, 0, 1):
        with arithmetic("cpu", "float32", seed):
            drawn.append(torch.rand(3).tolist())
    assert drawn[0] == drawn[1] != drawn[2]
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(0)
    assert torch.rand(3).tolist() == drawn[0]  # it is torch's own for that seed


@pytest.mark.parametrize(
    ("precision", "dtype"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)]
)
def test_precision_is_that_of_products(precision, dtype):
    with arithmetic("cpu", precision, 0) as autocast, autocast():
        assert (torch.eye(2) @ torch.eye(2)).dtype == dtype


def test_settings_of_torch_come_back_even_after_an_error():
    torch.backends.cudnn.deterministic = False
    before = torch.random.get_rng_state()

    def stopped():
        with arithmetic("cpu", "float32", 0):
            assert torch.backends.cudnn.deterministic
            torch.rand(3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not torch.backends.cudnn.deterministic
    assert torch.equal(torch.random.get_rng_state(), before)


def recipe(batch_size):
    return SimpleNamespace(device="cpu", precision="float32", batch_size=batch_size)


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_images_go_through_in_eval_mode_without_gradients(batch_size):
    net = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(4), nn.Dropout(0.9), nn.Linear(4, 2)).train()
    grey = torch.rand(7, 1, 2, 2)
    out = sent_through(net, grey, recipe(batch_size))
    assert isinstance(out, np.ndarray)
    assert out.dtype == np.float32
    flat = (grey.flatten(1) / (1 + 1e-5) ** 0.5) @ net[3].weight.T + net[3].bias
    np.testing.assert_allclose(out, flat.detach(), rtol=1e-5, atol=1e-6)


def test_another_function_of_the_network_may_be_asked():
    grey = torch.rand(5, 1, 2, 2)
    out = sent_through(nn.Identity(), grey, recipe(2), lambda part: part.mean((1, 2, 3))[:, None])
    np.testing.assert_allclose(out[:, 0], grey.mean((1, 2, 3)))


@pytest.mark.parametrize(
    "words",
    [
        "CUDA out of memory. Tried to allocate 20.00 GiB.",
        "MPS backend out of memory (MPS allocated: 8.00 GB)",
        "[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate 4 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ],
)
def test_full_memory_says_which_batch_size_to_try(words):
    with (
        pytest.raises(MemoryError, match=r"32 images.*cpu.*Try batch_size=16,.*freeze="),
        errors_in_words(32, "cpu"),
    ):
        raise RuntimeError(words)


def test_what_this_system_says_of_full_memory_is_understood():
    with pytest.raises(MemoryError, match="Try batch_size=1,"), errors_in_words(2, "cpu"):
        torch.empty(10**16)


def test_a_batch_of_one_cannot_be_smaller():
    with pytest.raises(MemoryError, match="Try a smaller rendering"), errors_in_words(1, "cpu"):
        torch.empty(10**16)


def test_other_errors_pass():
    with pytest.raises(RuntimeError, match="shape mismatch"), errors_in_words(2, "cpu"):
        raise RuntimeError("shape mismatch")


def test_batches_too_small_for_batch_norms_are_explained():
    norm = nn.BatchNorm2d(2)
    message = r"batch_size of at least 2, .*batch_norm='frozen'"
    with pytest.raises(ValueError, match=message), errors_in_words(1, "cpu"):
        norm(torch.zeros(1, 2, 1, 1))


def test_other_wrong_values_pass():
    with pytest.raises(ValueError, match=r"^wrong$"), errors_in_words(1, "cpu"):
        raise ValueError("wrong")
