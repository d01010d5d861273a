import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from deep.weights_server import Site, serving

from tmdfeat.deep import download as module
from tmdfeat.deep.download import download
from tmdfeat.deep.weights_hashes import recorded_hash

BODY = b"PK\x03\x04" + np.random.default_rng(0).bytes(3_000_000)
HASH = hashlib.sha256(BODY).hexdigest()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(module, "WAITS", (0.0, 0.0))


@pytest.fixture
def site():
    with serving(Site(BODY)) as site:
        yield site


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "net.pth"


def names(path):
    return sorted(file.name for file in path.parent.iterdir())


def test_a_file_is_downloaded_and_its_hash_recorded(site, path):
    download(f"{site.url}/net.pth", path, HASH[:8])
    assert path.read_bytes() == BODY
    assert recorded_hash(path) == HASH
    assert names(path) == ["net.pth", "net.pth.sha256"]
    assert site.asked == [None]


def test_the_recorded_hash_is_as_sha256sum_reads_it(site, path):
    download(f"{site.url}/net.pth", path, None)
    assert path.with_name("net.pth.sha256").read_text() == f"{HASH}  net.pth\n"


def test_a_broken_line_is_taken_up_where_it_broke(site, path):
    site.cut_after = [1_000_000, 500_000, 700_000]  # more breaks than WAITS: each brings bytes
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY
    assert site.asked == [None, "bytes=1000000-", "bytes=1500000-", "bytes=2200000-"]


def test_a_line_that_breaks_for_good_keeps_what_came_for_the_next_call(site, path):
    site.cut_after = [1_000_000, 0, 0, 0]
    with pytest.raises(ConnectionError, match=r"broke after 1000000 of 3000004 bytes"):
        download(f"{site.url}/net.pth", path, HASH)
    assert not path.exists()
    assert path.with_name("net.pth.part").stat().st_size == 1_000_000
    site.cut_after.clear()
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY
    assert site.asked[-1] == "bytes=1000000-"


def test_servers_without_ranges_begin_anew(site, path):
    site.ranges = False
    site.cut_after = [1_000_000]
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY


@pytest.mark.parametrize("etag", [None, 'W/"v1"'])
def test_without_a_mark_of_the_version_nothing_is_glued_together(site, path, etag):
    site.etag = etag
    site.cut_after = [1_000_000]
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY
    assert site.asked == [None, None]


def test_a_file_that_changed_on_the_server_is_downloaded_anew(site, path):
    site.cut_after = [1_000_000, 0, 0, 0]
    with pytest.raises(ConnectionError):
        download(f"{site.url}/net.pth", path, None)
    site.cut_after.clear()
    site.body, site.etag = b"PK\x03\x04" + bytes(2_000_000), '"v2"'
    download(f"{site.url}/net.pth", path, None)
    assert path.read_bytes() == site.body


def test_a_server_that_begins_earlier_than_asked_is_understood(site, path):
    site.cut_after, site.shift = [1_000_000], 4096
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY


def test_a_server_that_begins_later_than_asked_is_asked_for_all(site, path):
    site.cut_after, site.shift = [1_000_000], -10
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY
    assert site.asked == [None, "bytes=1000000-", None]


def test_a_rest_that_the_server_does_not_have_is_asked_for_as_a_whole(site, path):
    path.parent.mkdir()
    path.with_name("net.pth.part").write_bytes(BODY)  # the process was killed before the end
    path.with_name("net.pth.part.etag").write_text('"v1"')
    download(f"{site.url}/net.pth", path, HASH)
    assert site.asked == ["bytes=3000004-", None]
    assert names(path) == ["net.pth", "net.pth.sha256"]


def test_the_end_of_a_file_of_unknown_length_is_the_end(site, path):
    site.tell_length = False
    download(f"{site.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY


@pytest.mark.parametrize("status", [404, 403])
def test_refusals_of_the_server_are_not_repeated(site, path, status):
    site.status = status
    with pytest.raises(OSError, match=f"HTTP Error {status}"):
        download(f"{site.url}/net.pth", path, None)
    assert len(site.asked) == 1


def test_a_wrong_hash_leaves_nothing(site, path):
    with pytest.raises(ValueError, match=f"should begin with 00000000, but begins with {HASH[:8]}"):
        download(f"{site.url}/net.pth", path, "0" * 8)
    assert names(path) in ([], ["net.pth.lock"])


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_an_error_page_is_no_file_of_weights(site, path, kind):
    site.body, site.kind = b"<!DOCTYPE html><title>Sign in</title>" + bytes(500), kind
    with pytest.raises(ValueError, match=r"net\.pth is (a page of text|no file of weights)"):
        download(f"{site.url}/net.pth", path, None)
    assert not path.exists()
    assert not path.with_name("net.pth.part").exists()


def test_a_pointer_of_git_lfs_is_no_file_of_weights(site, path):
    site.body = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
    with pytest.raises(ValueError, match="begins with b'version https"):
        download(f"{site.url}/net.pth", path, None)


def test_a_full_disk_is_noticed_before_it_is_full(site, path, monkeypatch):
    usage = shutil.disk_usage(path.parent.parent)._replace(free=2**20)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(OSError, match=r"No space left.*3 MiB are needed and 1 are free"):
        download(f"{site.url}/net.pth", path, HASH)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_disk_that_fills_up_meanwhile_is_an_error_at_once(site, path, tmp_path):
    full = tmp_path / "folder"
    full.mkdir()
    (full / "net.pth.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        download(f"{site.url}/net.pth", path, HASH)
    assert len(site.asked) == 1
    assert not path.exists()


def test_a_folder_that_cannot_be_made_is_an_error(site, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        download(f"{site.url}/net.pth", tmp_path / "file" / "net.pth", HASH)
    assert site.asked == []


def test_no_server_is_an_error_at_once(path, monkeypatch):
    def no_sleep(_seconds):
        raise AssertionError("nothing came: there is nothing to go on with")

    monkeypatch.setattr(module.time, "sleep", no_sleep)
    with serving(Site(BODY)) as site:
        pass
    with pytest.raises(OSError, match="refused"):
        download(f"{site.url}/net.pth", path, HASH)


def test_a_file_that_is_asked_for_several_times_at_once_is_downloaded_once(site, path):
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(download, f"{site.url}/net.pth", path, HASH) for _ in range(3)]
        for call in calls:
            call.result()
    assert path.read_bytes() == BODY
    assert site.asked == [None]


def test_redirections_are_followed_and_resumed(site, path):
    site.cut_after = [1_000_000]
    with serving(Site(redirect=f"{site.url}/elsewhere.bin")) as front:
        download(f"{front.url}/net.pth", path, HASH)
    assert path.read_bytes() == BODY
    assert site.asked == [None, "bytes=1000000-"]
