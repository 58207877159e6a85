import hashlib
import os
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager

import pytest

from olhar.base.errors import DataError, UsageError
from olhar.base.progress import Quiet
from olhar.data.sets import download, transfer
from olhar.data.sets.download import fetch
from olhar.data.sets.remote import Remote
from tests.conftest import assert_says
from tests.data.lending import lending

BOOK = bytes(range(256)) * 4000


class Told(Quiet):
    """Keeps what was said, and how far the bar went."""

    def __init__(self):
        self.lines, self.done, self.total = [], 0, 0

    def line(self, text):

        text = str(text)
        self.lines.append(text)

    @contextmanager
    def stage(self, text, total):
        text = str(text)
        self.lines.append(text)
        self.total = total

        def advance(n, total=None):
            self.done += n
            self.total = total

        yield advance


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(transfer, "TIMEOUT", 2.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("OLHAR_MIRROR", raising=False)


@pytest.fixture
def library():
    with lending(book_zip=BOOK) as found:
        yield found


def book(library, content=BOOK, **changed):
    return Remote(f"{library.url}/book.zip", **{"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | changed)


def left(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_a_file_comes_whole_and_only_once(library, tmp_path):
    told = Told()
    assert fetch(book(library), tmp_path, told).read_bytes() == BOOK
    assert (told.done, told.total) == (len(BOOK), len(BOOK))
    assert left(tmp_path) == ["book.zip", "book.zip.olhar.json"]
    fetch(book(library), tmp_path, Quiet())
    assert len(library.asked) == 1


def test_a_line_that_is_cut_is_gone_on_with_where_it_was_cut(library, tmp_path):
    library.cut = [300_000, 100_000]
    told = Told()
    assert fetch(book(library), tmp_path, told).read_bytes() == BOOK
    assert [wanted for _, wanted in library.asked] == ["", "bytes=300000-", "bytes=400000-"]
    assert told.done == len(BOOK)
    assert any("Trying again" in line for line in told.lines)


def test_what_came_before_a_failure_is_kept_for_the_next_command(library, tmp_path):
    library.cut = [300_000, 0, 0, 0]
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, "book.zip", "again", "kept")
    assert fetch(book(library), tmp_path, Quiet()).read_bytes() == BOOK
    assert library.asked[-1][1] == "bytes=300000-"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_file_that_changed_meanwhile_begins_anew(library, tmp_path, ranges):
    library.cut, library.ranges = [300_000, 0, 0, 0], ranges
    with pytest.raises(DataError):
        fetch(book(library), tmp_path, Quiet())
    newer = BOOK[::-1]
    library.files["/book.zip"] = newer
    assert fetch(book(library, newer), tmp_path, Quiet()).read_bytes() == newer


def test_a_wrong_checksum_is_told_and_nothing_of_it_stays(library, tmp_path):
    with pytest.raises(DataError) as error:
        fetch(book(library, sha256="0" * 64), tmp_path, Quiet())
    assert_says(error, "book.zip", "000000000000", "removed")
    assert left(tmp_path) == []


def test_a_spoilt_beginning_from_an_earlier_time_costs_one_more_try(library, tmp_path):
    library.cut = [300_000, 0, 0, 0]
    with pytest.raises(DataError):
        fetch(book(library), tmp_path, Quiet())
    (tmp_path / "book.zip.part").write_bytes(b"x" * 300_000)
    assert fetch(book(library), tmp_path, Quiet()).read_bytes() == BOOK


def test_where_no_checksum_is_published_the_first_download_is_what_it_must_be(library, tmp_path):
    told = Told()
    remote = book(library, size=0, sha256="")
    path = fetch(remote, tmp_path, told)
    assert any(hashlib.sha256(BOOK).hexdigest() in line for line in told.lines)
    assert download.download_record(path)["sha256"] == hashlib.sha256(BOOK).hexdigest()
    fetch(remote, tmp_path, Quiet())
    assert len(library.asked) == 1


def test_a_file_that_somebody_put_there_is_checked_and_taken(library, tmp_path):
    (tmp_path / "book.zip").write_bytes(BOOK)
    fetch(book(library), tmp_path, Quiet())
    assert not library.asked
    (tmp_path / "book.zip.olhar.json").unlink()
    (tmp_path / "book.zip").write_bytes(BOOK[:-1])
    assert fetch(book(library), tmp_path, Quiet()).read_bytes() == BOOK


@pytest.mark.parametrize(
    ("statuses", "words"), [([404], ["not there", "OLHAR_MIRROR"]), ([403], ["403"]), ([503] * 9, ["503", "later"])]
)
def test_a_server_that_does_not_give_the_file_is_told(library, tmp_path, statuses, words):
    library.statuses = statuses
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, "127.0.0.1", "book.zip", *words)


def test_a_server_that_is_busy_for_a_moment_is_asked_again(library, tmp_path):
    library.statuses = [503, 429]
    assert fetch(book(library), tmp_path, Quiet()).read_bytes() == BOOK


def test_no_network_is_told_soon(tmp_path):
    with pytest.raises(DataError) as error:
        fetch(Remote("http://127.0.0.1:9/book.zip"), tmp_path, Quiet())
    assert_says(error, "127.0.0.1:9", "cannot be reached", "proxy", str(tmp_path))


def test_a_server_that_says_nothing_is_given_up(library, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.1)
    library.silent = 0.4
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, "127.0.0.1")


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/book.zip", "file:/etc/passwd", "data:,hello"])
def test_nothing_but_the_web_is_followed(library, tmp_path, where):
    library.redirect = where
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, "book.zip", "not followed")
    assert left(tmp_path) == []


def test_a_redirect_within_the_web_is_followed(library, tmp_path):
    with lending() as other:
        other.redirect = f"{library.url}/book.zip"
        remote = book(library)
        assert fetch(Remote(f"{other.url}/book.zip", remote.size, remote.sha256), tmp_path, Quiet()).read_bytes() == BOOK


def test_bytes_without_end_are_stopped(library, tmp_path):
    library.endless = True
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, "book.zip", "stopped")
    assert (tmp_path / "book.zip.part").stat().st_size <= len(BOOK)


def test_a_file_larger_than_published_is_not_begun(library, tmp_path):
    with pytest.raises(DataError) as error:
        fetch(book(library, size=1000), tmp_path, Quiet())
    assert_says(error, "book.zip")


def test_a_disk_without_room_is_told_before_anything_comes(library, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_SPARE", 10**18)
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path, Quiet())
    assert_says(error, str(tmp_path), "MB", "OLHAR_CACHE")


def test_a_folder_that_cannot_be_written_is_told(library, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError) as error:
        fetch(book(library), tmp_path / "file", Quiet())
    assert_says(error, "OLHAR_CACHE")


def test_a_mirror_is_asked_first_and_the_publisher_where_it_fails(library, tmp_path, monkeypatch):
    with lending() as mirror:
        mirror.files["/sets/book.zip"] = BOOK
        monkeypatch.setenv("OLHAR_MIRROR", f"{mirror.url}/sets/")
        fetch(book(library), tmp_path / "one", Quiet())
        assert mirror.asked == [("/sets/book.zip", "")]
        assert not library.asked
        mirror.files["/sets/book.zip"] = BOOK[1:]
        told = Told()
        fetch(book(library), tmp_path / "two", told)
        assert any("mirror" in line for line in told.lines)
        assert len(library.asked) == 1
    monkeypatch.setenv("OLHAR_MIRROR", "/home/me")
    with pytest.raises(UsageError) as error:
        fetch(book(library), tmp_path / "three", Quiet())
    assert_says(error, "OLHAR_MIRROR", "/home/me")


def test_a_proxy_of_the_environment_is_used(tmp_path, monkeypatch):
    with lending() as proxy:
        proxy.files["http://sets.invalid/book.zip"] = BOOK
        monkeypatch.setenv("http_proxy", proxy.url)
        assert fetch(Remote("http://sets.invalid/book.zip", len(BOOK)), tmp_path, Quiet()).read_bytes() == BOOK


def test_two_who_want_one_file_get_it_once(library, tmp_path):
    library.silent = 0.2
    threads = [threading.Thread(target=fetch, args=(book(library), tmp_path, Quiet())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "book.zip").read_bytes() == BOOK
    assert len(library.asked) == 1


def test_a_kill_while_it_comes_leaves_what_can_be_gone_on_with(library, tmp_path):
    library.cut, library.silent = [300_000], 0
    remote = book(library)
    code = textwrap.dedent(f"""
        from pathlib import Path
        from olhar.base.progress import Quiet
        from olhar.data.sets import download
        download.PAUSES = (60.0,)
        download.fetch(download.Remote({remote.url!r}, {remote.size}, {remote.sha256!r}), Path({str(tmp_path)!r}), Quiet())
    """)
    child = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "no_proxy": "127.0.0.1"})
    part = tmp_path / "book.zip.part"
    while not (part.exists() and part.stat().st_size == 300_000):
        assert child.poll() is None
    child.kill()
    child.wait()
    assert fetch(remote, tmp_path, Quiet()).read_bytes() == BOOK
    assert library.asked[-1][1] == "bytes=300000-"
