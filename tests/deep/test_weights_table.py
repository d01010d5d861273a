import shutil

from tmdfeat.deep.weights_folder import torch_folder
from tmdfeat.deep.weights_hashes import record_hash, sha256, stamp
from tmdfeat.deep.weights_sources import published
from tmdfeat.deep.weights_table import list_weights


def test_nothing_is_listed_where_nothing_is(home):
    assert list_weights() == []


def test_files_are_listed_with_name_size_place_and_verdict(home, site, state_file):
    (home / "example.org").mkdir(parents=True)
    torch_folder().mkdir(parents=True)
    shutil.copy(state_file, torch_folder())
    (home / state_file.name).write_bytes(b"PK\x03\x04 half")
    for name in ("mine.pth", "example.org/net.pt", "micronet-0123abcd.pth"):
        (home / name).write_bytes(bytes(2**20))
    record_hash(home / "example.org" / "net.pt", sha256(stamp(home / "mine.pth")))
    rows = {(row["file"], row["where"]): row for row in list_weights()}
    verdicts = {key: row["verified"] for key, row in rows.items()}
    assert verdicts == {
        ("example.org/net.pt", "weights folder"): "as it came",
        ("mine.pth", "weights folder"): "no hash known",
        ("micronet-0123abcd.pth", "weights folder"): "NO: damaged or another file",
        (state_file.name, "weights folder"): "NO: damaged or another file",
        (state_file.name, "torch's folder"): "yes",
    }
    assert rows[state_file.name, "torch's folder"]["name"] == "squeezenet1_1/IMAGENET1K_V1"
    assert rows["mine.pth", "weights folder"]["name"] == ""
    assert rows["mine.pth", "weights folder"]["size"] == "1.0 MiB"


def test_what_can_be_downloaded_is_listed_on_demand(home, site, state_file):
    home.mkdir()
    shutil.copy(state_file, home)
    rows = list_weights(every=True)
    assert len(rows) == len(published())
    assert [row["where"] for row in rows].count("not here") == len(rows) - 1
