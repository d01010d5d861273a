import pytest

from tmdfeat.explain.names import block_of, family_of
from tmdfeat.physical.catalogue import DESCRIPTORS


@pytest.mark.parametrize(
    ("name", "block", "family"),
    [
        ("latent__pca_03", "latent", "latent__pca"),
        ("latent__pca0", "latent", "latent__pca"),
        ("latent__resnet18.pool_017", "latent", "latent__resnet18.pool"),
        ("latent__cnn__resnet18.layer3_001", "latent", "latent__resnet18.layer3"),
        ("physical__Sq_nm", "physical", "physical__height"),
        ("physical__Sq_rel", "physical", "physical__height"),
        ("physical__Sdr", "physical", "physical__slope"),
        ("physical__of_my_own", "physical", "physical__other"),
        ("Sq_nm", "(no block)", "height"),
        ("resnet18.pool_017", "(no block)", "resnet18.pool"),
        ("7", "(no block)", "other"),
    ],
)
def test_block_and_family_of_a_column(name, block, family):
    assert block_of(name) == block
    assert family_of(name) == family


@pytest.mark.parametrize("scale", ["nm", "px"])
def test_every_descriptor_has_its_family_from_the_catalogue(scale):
    for descriptor in DESCRIPTORS.values():
        name = f"physical__{descriptor.column(scale)}"
        assert family_of(name) == f"physical__{descriptor.family}"
