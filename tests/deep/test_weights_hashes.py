import hashlib

import pytest

from tmdfeat.deep.weights_hashes import (
    check_hash,
    checked_hash,
    hash_in_name,
    known_hash,
    record_hash,
    recorded_hash,
    sha256,
    stamp,
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "net.pth"
    path.write_bytes(b"abc")
    return path


# FIPS 180-2, appendix B.1
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_hash_of_abc_is_that_of_the_standard(path):
    assert sha256(stamp(path)) == ABC
    check_hash(path, ABC, "")
    check_hash(path, ABC[:8], "")


def test_a_file_that_changes_is_hashed_anew(path):
    sha256(stamp(path))
    path.write_bytes(b"abcd")
    assert sha256(stamp(path)) == hashlib.sha256(b"abcd").hexdigest()


def test_another_file_is_refused_with_both_hashes(path):
    with pytest.raises(
        ValueError, match=r"net.pth is damaged.*begin with 00000000.*ba7816bf\. Way out\."
    ):
        check_hash(path, "00000000", "Way out.")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("resnet18-f37072fd.pth", "f37072fd"),
        ("alexnet-owt-7be5be79.pth", "7be5be79"),
        (f"net-{ABC}.safetensors", ABC),
        ("model-20260131.pth", None),
        ("resnet-50.pth", None),
        ("net-ba7816b.pth", None),
    ],
)
def test_hashes_in_names_are_told_from_dates(name, found):
    assert hash_in_name(name) == found


def test_hashes_are_recorded_beside_files(path):
    assert recorded_hash(path) is None
    assert known_hash(path) is None
    record_hash(path, ABC)
    assert recorded_hash(path) == known_hash(path) == ABC


def test_sums_as_sha256sum_writes_them_in_binary_mode_are_read(path):
    path.with_name("net.pth.sha256").write_text(f"{ABC.upper()} *net.pth\n")
    assert recorded_hash(path) == ABC


def test_something_else_beside_a_file_is_noticed(path):
    path.with_name("net.pth.sha256").write_text("MD5 (net.pth) = 900150983cd24fb0")
    with pytest.raises(ValueError, match=r"net.pth.sha256: a SHA-256.*got 'MD5'"):
        recorded_hash(path)


@pytest.mark.parametrize("wrong", ["", "ba7816b", "xa7816bf", ABC + "0"])
def test_what_is_no_sha256_is_refused(wrong):
    with pytest.raises(ValueError, match=r"weights: a SHA-256.*8 to 64 hexadecimal digits"):
        checked_hash(wrong, "weights")
