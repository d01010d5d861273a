import pytest
import safetensors.torch
import torch

from tmdfeat.deep.weights_content import check_content

STATE = {"weight": torch.zeros(3)}


def test_every_format_of_weights_is_let_through(tmp_path):
    torch.save(STATE, tmp_path / "new")
    torch.save(STATE, tmp_path / "old", _use_new_zipfile_serialization=False)
    safetensors.torch.save_file(STATE, tmp_path / "safe")
    for name in ("new", "old", "safe"):
        check_content(tmp_path / name, name)


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b"Not found", b"\x89PNG\r\n\x1a\n"])
def test_other_files_are_refused_with_their_beginning(tmp_path, content):
    (tmp_path / "net.pth").write_bytes(content)
    with pytest.raises(ValueError, match=f"it is no file of weights.*{len(content)} bytes long"):
        check_content(tmp_path / "net.pth", "it")
