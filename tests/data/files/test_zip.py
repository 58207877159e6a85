import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from olhar.base.errors import DataError, PictureError
from olhar.data.files.zip import ZipMembers, leads_outside
from olhar.data.sources import read
from tests.conftest import assert_says

STORED, DEFLATED, BZIP2 = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2


def make(path: Path, members: dict[str, bytes], compression: int = STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("compression", [STORED, DEFLATED])
def test_members_are_read_as_they_were_written(tmp_path, compression):
    members = {"a/1.jpg": b"x" * 5000, "b/2.jpg": b"", "b/3.jpg": bytes(range(256)) * 9}
    found = ZipMembers(make(tmp_path / "a.zip", members, compression))
    assert {name: found.read(i) for i, name in enumerate(found.names)} == members


def test_folders_and_links_are_no_members(tmp_path):
    path = make(tmp_path / "a.zip", {"a/1.jpg": b"x", "a/": b""})
    assert ZipMembers(path).names == ["a/1.jpg"]


@pytest.mark.parametrize("name", ["../up.jpg", "/abs.jpg", "a/../../up.jpg", "..\\up.jpg", "C:\\x.jpg", "c:/x.jpg"])
def test_a_member_that_climbs_is_refused(tmp_path, name):
    assert leads_outside(name)
    with pytest.raises(DataError) as error:
        ZipMembers(make(tmp_path / "evil.zip", {"a/1.jpg": b"x", name: b"y"}))
    assert_says(error, "evil.zip", "outside")


@pytest.mark.parametrize("name", ["a/..b/1.jpg", "a b/ç.jpg", "a...jpg", "~x/1.jpg"])
def test_a_strange_name_that_does_not_climb_is_read(name):
    assert not leads_outside(name)


def test_a_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("link.jpg")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(DataError) as error:
        ZipMembers(tmp_path / "evil.zip")
    assert_says(error, "evil.zip", "link.jpg")


def test_the_same_name_twice_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a/1.jpg", b"x")
        archive.writestr("a/1.jpg", b"y")
    with pytest.raises(DataError) as error:
        ZipMembers(tmp_path / "evil.zip")
    assert_says(error, "evil.zip", "a/1.jpg", "twice")


def test_a_password_is_told(tmp_path):
    path = make(tmp_path / "locked.zip", {"a/1.jpg": b"x"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DataError) as error:
        ZipMembers(path)
    assert_says(error, "locked.zip", "password")


def test_ten_gigabytes_of_zeros_are_refused_before_they_are_unpacked(tmp_path):
    path = make(tmp_path / "bomb.zip", {"a/1.jpg": bytes(2**20)}, DEFLATED)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (2**32 - 2).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(PictureError) as error:
        ZipMembers(path).read(0)
    assert_says(error, "a/1.jpg")


def test_a_member_that_unpacks_to_more_than_it_declares_is_damaged(tmp_path):
    path = make(tmp_path / "bomb.zip", {"a/1.jpg": bytes(2**20)}, DEFLATED)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(PictureError) as error:
        ZipMembers(path).read(0)
    assert_says(error, "damaged")


def test_a_flipped_byte_is_damage(tmp_path):
    path = make(tmp_path / "a.zip", {"a/1.jpg": b"x" * 500})
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(PictureError) as error:
        ZipMembers(path).read(0)
    assert_says(error, "a/1.jpg", "damaged")


def test_a_compression_that_is_not_read_is_told(tmp_path):
    with pytest.raises(PictureError) as error:
        ZipMembers(make(tmp_path / "a.zip", {"a/1.jpg": b"x" * 500}, BZIP2)).read(0)
    assert_says(error, "a/1.jpg")


def test_half_a_zip_is_damaged(tmp_path):
    path = make(tmp_path / "half.zip", {"a/1.jpg": b"x" * 5000})
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(DataError) as error:
        ZipMembers(path)
    assert_says(error, "half.zip")


def test_portuguese_names_from_old_windows_are_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("n_o/1.jpg", b"x")
    data = out.getvalue().replace(b"n_o/1.jpg", b"n\xc6o/1.jpg")
    (tmp_path / "old.zip").write_bytes(data)
    assert ZipMembers(tmp_path / "old.zip").names == ["não/1.jpg"]


def overlapping(path: Path) -> Path:
    """A zip whose two names share one member."""
    make(path, {"a/1.png": b"x" * 50, "b/2.png": b"x" * 50})
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(data)
    return path


def test_members_that_share_their_bytes_are_refused(tmp_path):
    with pytest.raises(DataError) as error:
        read(overlapping(tmp_path / "evil.zip"))
    assert_says(error, "evil.zip", "b/2.png", "shares bytes")


@pytest.mark.parametrize("offset", [b"\xff\xff\xff\x7f", b"\x40\x01\x00\x00"])
def test_a_member_outside_the_file_makes_the_zip_a_damaged_one(tmp_path, offset):
    path = make(tmp_path / "a.zip", {"a/1.png": b"x" * 50, "b/2.png": b"x" * 50})
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    data[first + 42 : first + 46] = offset
    path.write_bytes(data)
    with pytest.raises(DataError) as error:
        read(path)
    assert_says(error, "a.zip", "not a whole zip")


def test_a_million_members_are_refused_as_too_many_though_the_directory_is_all_that_there_is(tmp_path):
    entry = b"PK\x01\x02" + bytes(42) + b"a"
    end = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1_000_001, 1_000_001, len(entry), 0)
    end += struct.pack("<4sIQI", b"PK\x06\x07", 0, len(entry), 1)
    path = tmp_path / "million.zip"
    path.write_bytes(entry + end + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0))
    with pytest.raises(DataError) as error:
        read(path)
    assert_says(error, "million.zip", "1,000,001")
