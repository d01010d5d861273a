import os

import pytest
import torch
from torch.testing import assert_close

from tmdfeat.deep.finetune.checkpoint import read_tensors, write_tensors


def test_tensors_and_notes_come_back(tmp_path):
    tensors = {
        "a/b": torch.arange(6.0).reshape(2, 3).T,  # not contiguous
        "steps": torch.tensor(7),
        "half": torch.zeros(2, dtype=torch.bfloat16),
        "last": torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
        "nothing": torch.empty(0),
    }
    notes = {"history": [{"loss": 0.1 + 0.2, "score": float("nan")}], "name": "Růžička 二硫化钼"}
    path = tmp_path / "deep" / "er" / "state.safetensors"
    write_tensors(path, tensors, notes)
    read, told = read_tensors(path)
    assert set(read) == set(tensors)
    for name, tensor in tensors.items():
        assert_close(read[name], tensor, rtol=0, atol=0)
    assert told["history"][0]["loss"] == 0.1 + 0.2
    assert told["history"][0]["score"] != told["history"][0]["score"]
    assert told["name"] == notes["name"]


def test_what_shares_memory_is_written_each_for_itself(tmp_path):
    whole = torch.arange(4.0)
    write_tensors(tmp_path / "state", {"whole": whole, "again": whole, "part": whole[:2]}, {})
    read, _ = read_tensors(tmp_path / "state")
    assert [read[name].tolist() for name in ("whole", "again", "part")] == [
        [0, 1, 2, 3], [0, 1, 2, 3], [0, 1]]  # fmt: skip


def test_what_needs_a_gradient_can_be_written(tmp_path):
    write_tensors(tmp_path / "state", {"a": torch.ones(2, requires_grad=True)}, {})
    assert read_tensors(tmp_path / "state")[0]["a"].tolist() == [1, 1]


def test_a_write_that_fails_leaves_the_old_state_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "state"
    write_tensors(path, {"a": torch.ones(1)}, {})

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_tensors(path, {"a": torch.zeros(1)}, {})
    assert read_tensors(path)[0]["a"].tolist() == [1]
    assert [p.name for p in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize("damage", ["short", "other", "empty", "foreign"])
def test_damaged_files_are_named(damage, tmp_path):
    path = tmp_path / "state.safetensors"
    write_tensors(path, {"a": torch.ones(1000)}, {})
    if damage == "short":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "other":
        path.write_bytes(b"GIF89a" * 100)
    elif damage == "empty":
        path.write_bytes(b"")
    else:  # a file of weights that something else wrote
        from safetensors.torch import save_file

        save_file({"a": torch.ones(1)}, path)
    with pytest.raises(ValueError, match=r"state\.safetensors is damaged, or was not written"):
        read_tensors(path)
