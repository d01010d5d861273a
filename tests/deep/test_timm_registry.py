import sys

import pytest

from tmdfeat import CNNFeatures
from tmdfeat.deep import backbone_names


@pytest.mark.parametrize(
    "use",
    [
        lambda: backbone_names("timm/*"),
        lambda: CNNFeatures("timm/resnet18").fit([[[0.0, 1.0], [1.0, 0.0]]]),
        lambda: CNNFeatures("timm/resnet18").get_feature_names_out(),
    ],
)
def test_without_timm_its_names_say_how_to_install_it(use, monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(ImportError, match=r"pip install 'tmdfeat\[timm\]'"):
        use()


class TestNames:
    @pytest.fixture(autouse=True)
    def _timm(self):
        pytest.importorskip("timm", reason="an extra: pip install 'tmdfeat[timm]'")

    def test_names_carry_the_tags_of_weights(self):
        assert "timm/resnet18.a1_in1k" in backbone_names("timm/*")
        assert "timm/resnet18" not in backbone_names("timm/*")

    def test_networks_without_weights_are_known_too(self):
        assert backbone_names("timm/test_vit4*") == ["timm/test_vit4"]

    def test_networks_that_do_not_classify_square_images_are_left_out(self):
        names = backbone_names("timm/*")
        assert not any("sapiens2" in name for name in names)  # 1024 x 768
        assert not any("qwen3_vit_88m_enc" in name for name in names)  # has no classifier

    def test_names_of_torchvision_are_not_mixed_with_timms(self):
        assert not any(name.startswith("timm") for name in backbone_names())
        assert all(name.startswith("timm/") for name in backbone_names("timm/resnet*"))
