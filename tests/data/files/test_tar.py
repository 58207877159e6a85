import gzip
import io
import tarfile
import tempfile
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import DataError, PictureError
from olhar.data.files import spool
from olhar.data.files import zip as archive
from olhar.data.files.tar import TarMembers
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy
from tests.data.forms import tarred

PICTURE = encoded(noisy((1, 99, 3), 0, 4))


def special(path, kind, name="a/link.png", target="/etc/passwd"):
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        tar.addfile(info)
    return path


def refused(path, *words):
    with pytest.raises(DataError) as error:
        read(path)
    assert_says(error, path.name, *words)


@pytest.mark.parametrize("name", ["../up.png", "/abs.png", "a/../../up.png", "C:\\x.png"])
def test_a_member_that_climbs_is_refused(tmp_path, name):
    refused(tarred(tmp_path / "evil.tar", {"a/1.png": PICTURE, name: PICTURE}), "outside")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.tar"]


def test_links_pipes_and_devices_are_refused(tmp_path):
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        refused(special(tmp_path / "evil.tar", kind), "a/link.png", "link")
    for kind in (tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE):
        refused(special(tmp_path / "evil.tar", kind), "a/link.png", "neither a file")


def test_the_same_name_twice_is_refused(tmp_path):
    path = tmp_path / "evil.tar"
    with tarfile.open(path, "w") as tar:
        for _ in range(2):
            info = tarfile.TarInfo("a/1.png")
            info.size = len(PICTURE)
            tar.addfile(info, io.BytesIO(PICTURE))
    refused(path, "twice")


@pytest.mark.parametrize("inner", ["more.zip", "more.tar", "more.bin", "more.tar.gz"])
def test_an_archive_in_an_archive_is_refused(tmp_path, inner):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as made:
        made.writestr("a/1.png", PICTURE)
    data = (tmp_path / "in.zip").read_bytes()
    if "tar" in inner:
        data = tarred(tmp_path / "in.tar", {"a/1.png": PICTURE}).read_bytes()
    data = gzip.compress(data) if inner.endswith("gz") else data
    members = {"a/1.png": PICTURE, "b/1.png": PICTURE, inner: data}
    refused(tarred(tmp_path / "out.tar", members), inner, "archive itself")
    with zipfile.ZipFile(tmp_path / "out.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    refused(tmp_path / "out.zip", inner, "archive itself")


def test_a_crowd_of_members_is_refused(tmp_path, monkeypatch):
    for module in (archive, archive.refuse_names.__globals__, TarMembers._index.__globals__):
        if isinstance(module, dict):
            monkeypatch.setitem(module, "MEMBERS_LIMIT", 50)
    members = {f"a/{i}.png": b"" for i in range(50)}
    refused(tarred(tmp_path / "crowd.tar", members), "50 members")
    with zipfile.ZipFile(tmp_path / "crowd.zip", "w") as made:
        for name in members:
            made.writestr(name, b"")
    refused(tmp_path / "crowd.zip", "50 members")
    data = bytearray((tmp_path / "crowd.zip").read_bytes())
    data[-14:-10] = b"\x01\x00\x01\x00"  # it says that there is one
    (tmp_path / "liar.zip").write_bytes(data)
    refused(tmp_path / "liar.zip", "50 members")


def test_no_room_to_unpack_is_told(tmp_path, monkeypatch):
    path = tmp_path / "set.tar.gz"
    path.write_bytes(gzip.compress(tarred(tmp_path / "set.tar", {"a/1.png": PICTURE, "b/1.png": PICTURE}).read_bytes()))
    assert len(read(path)) == 2
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    assert len(read(path)) == 2
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    refused(path, "nowhere", "TMPDIR")


def test_gigabytes_of_zeros_are_refused_before_they_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "_SPARE", 2**20)
    path = tmp_path / "bomb.tar.gz"
    with gzip.open(path, "wb") as out:
        info = tarfile.TarInfo("a/1.png")
        info.size = 2**26
        out.write(info.tobuf())
        for _ in range(16):
            out.write(bytes(2**22))
    refused(path, "unpacks to more than")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("table.csv", b"label,pixels\n" + bytes(2**24))
    with pytest.raises(DataError) as error:
        archive.ZipMembers(tmp_path / "bomb.zip").open(0)
    assert_says(error, "table.csv", "unpacks to more than")


def test_a_header_of_gigabytes_takes_no_memory(tmp_path):
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2**31
    path = tmp_path / "long.tar"
    with path.open("wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(2**31 + 4096)
    tracemalloc.start()
    refused(path, "damaged")
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def test_half_a_tar_is_told_and_a_picture_may_not_be_huge(tmp_path, monkeypatch):
    path = tarred(tmp_path / "half.tar", {"a/1.png": PICTURE * 20, "b/1.png": PICTURE * 20})
    path.write_bytes(path.read_bytes()[:1200])
    refused(path, "damaged")
    packed = tmp_path / "half.tar.gz"
    packed.write_bytes(gzip.compress(tarred(tmp_path / "whole.tar", {"a/1.png": PICTURE}).read_bytes())[:-9])
    refused(packed, "damaged")
    monkeypatch.setattr("olhar.data.files.tar.MEMBER_LIMIT", 10)
    with pytest.raises(PictureError) as error:
        TarMembers(tmp_path / "whole.tar").read(0)
    assert_says(error, "a/1.png")


def test_a_leading_dot_names_from_windows_and_folders_are_understood(tmp_path):
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w", encoding="cp1252", format=tarfile.GNU_FORMAT) as tar:
        for name in ("./não/1.png", "./não/2.png", "./sim/1.png"):
            info = tarfile.TarInfo(name)
            info.size = len(PICTURE)
            tar.addfile(info, io.BytesIO(PICTURE))
    found = read(path)
    assert found.classes == ("não", "sim")
    assert found.read(2) == PICTURE


def test_a_folder_inside_a_tar_can_be_named(tmp_path):
    path = tarred(tmp_path / "set.tar", {f"set/{part}/{name}/1.png": PICTURE for part in ("x", "y") for name in "ab"})
    assert (len(read(path / "set/x")), read(path / "set/x").classes) == (2, ("a", "b"))


@settings(max_examples=60)
@given(st.data())
def test_damage_is_told_or_harmless(tmp_path_factory, data):
    path = tarred(tmp_path_factory.mktemp("tar") / "a.tar", {"a/1.png": PICTURE, "b/x.png": PICTURE})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, 2560))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(600, len(content)))])
    try:
        found = read(path)
        for row in range(len(found)):
            found.read(row)
    except DataError as error:
        assert_says(error)


@pytest.mark.parametrize("place", [21, 40, -20])
def test_a_packed_tar_with_damaged_bytes_is_told_as_damaged(tmp_path, place):
    path = tmp_path / "data.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("cat/1.png", "dog/2.png"):
            info = tarfile.TarInfo(name)
            info.size = 3000
            archive.addfile(info, io.BytesIO(bytes(range(250)) * 12))
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataError) as error:
        read(path)
    assert_says(error, "data.tar.gz", "damaged")
