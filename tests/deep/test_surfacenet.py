import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tmdfeat.deep.surfacenet import WIDTH, Standardised, SurfaceNet


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return SurfaceNet().eval()


@pytest.fixture(scope="module")
def pictures():
    return torch.from_numpy(np.random.default_rng(0).random((3, 1, 64, 64), np.float32))


def test_it_is_small_and_cheap(network):
    assert sum(tensor.numel() for tensor in network.state_dict().values()) * 2 < 3e6  # float16
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        network(torch.zeros(1, 1, 224, 224))
    assert counter.get_total_flops() < 0.6e9


def test_offset_and_contrast_of_a_picture_do_not_matter(network, pictures):
    with torch.inference_mode():
        torch.testing.assert_close(
            network(0.1 * pictures + 3), network(pictures), atol=1e-4, rtol=0
        )


def test_a_picture_does_not_depend_on_its_neighbours(network, pictures):
    with torch.inference_mode():
        alone = torch.cat([network(picture[None]) for picture in pictures])
        torch.testing.assert_close(network(pictures), alone, atol=1e-5, rtol=1e-4)


def test_standardised_is_what_numpy_says(pictures):
    flat = pictures.numpy().astype(float).reshape(3, -1)
    wanted = (flat - flat.mean(1, keepdims=True)) / flat.std(1, keepdims=True)
    np.testing.assert_allclose(Standardised()(pictures).reshape(3, -1), wanted, atol=1e-5)


def test_flat_pictures_stay_zero():
    assert not Standardised()(torch.full((1, 1, 8, 8), 0.5)).any()


@pytest.mark.parametrize("side", [16, 33, 224])
def test_any_size_gives_a_vector(network, side):
    with torch.inference_mode():
        out = network(torch.rand(2, 1, side, side + 5))
    assert out.shape == (2, WIDTH)
    assert out.isfinite().all()
