import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from olhar.base.errors import DataError
from olhar.base.images import to_pixels
from olhar.base.texts import speaking
from olhar.data.cache import store
from olhar.data.cache.store import pack
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy, write_pictures

SIZE = (12, 12)


def test_what_is_packed_is_what_the_decoder_gives(pictures):
    data = read(pictures)
    packed = pack(data, SIZE, 3, "crop")
    assert packed.pixels.shape == (72, 12, 12, 3)
    for row in (0, 35, 71):
        assert np.array_equal(packed.pixels[row], to_pixels(data.read(row), SIZE, 3, "crop"))
    assert len(set(packed.hashes)) == 72


def test_the_second_time_nothing_is_decoded(pictures):
    data, done = read(pictures), []
    assert pack(data, SIZE, 3, "stretch", done.append).fresh
    assert sum(done) == 72
    assert not pack(data, SIZE, 3, "stretch").fresh
    assert not pack(read(pictures), SIZE, 3, "stretch").fresh


def test_another_size_rule_or_content_is_another_store(pictures):
    data = read(pictures)
    pack(data, SIZE, 3, "stretch")
    assert pack(data, (8, 8), 3, "stretch").fresh
    assert pack(data, SIZE, 1, "stretch").fresh
    assert pack(data, SIZE, 3, "pad").fresh
    (pictures / "red" / "000.png").write_bytes(encoded(noisy((9, 9, 9), 5)))
    assert pack(read(pictures), SIZE, 3, "stretch").fresh


def test_pictures_decoded_whole_are_another_store(tmp_path):
    rng = np.random.default_rng(5)
    for place in ("a/1.jpg", "b/2.jpg"):
        (tmp_path / place).parent.mkdir()
        Image.fromarray(rng.integers(0, 256, (128, 128, 3), dtype=np.uint8)).save(tmp_path / place, quality=95)
    data = read(tmp_path)
    scaled, whole = pack(data, (16, 16), 3, "stretch"), pack(data, (16, 16), 3, "stretch", whole=True)
    assert whole.fresh
    assert not np.array_equal(scaled.array, whole.array)
    assert not pack(data, (16, 16), 3, "stretch", whole=True).fresh


def test_photographs_packed_by_threads_are_in_order(tmp_path):
    write_pictures(tmp_path / "big", per_class=10, side=120)
    data = read(tmp_path / "big")
    packed = pack(data, SIZE, 3, "stretch")
    for row in range(30):
        assert np.array_equal(packed.pixels[row], to_pixels(data.read(row), SIZE, 3, "stretch"))


BAD = {
    "empty.jpg": b"",
    "text.jpg": b"not a picture, just words",
    "svg.jpg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "half.png": encoded(noisy((1, 2, 3), 0, 64))[:200],
}


def test_bad_pictures_are_named_and_left_out(pictures):
    for name, data in BAD.items():
        (pictures / "red" / name).write_bytes(data)
    data = read(pictures)
    packed = pack(data, SIZE, 3, "stretch")
    assert len(packed.rows) == 72
    assert {Path(one.where).name for one in packed.bad} == set(BAD)
    assert all(Path(one.where).name in str(one.reason) for one in packed.bad)
    again = pack(data, SIZE, 3, "stretch")
    assert again.bad == packed.bad
    with speaking("pt"):
        assert any("arquivo vazio" in str(one.reason) for one in again.bad)


def test_a_picture_that_vanishes_is_named(pictures):
    data = read(pictures)
    (pictures / "red" / "003.png").unlink()
    packed = pack(data, SIZE, 3, "stretch")
    assert [one.where for one in packed.bad] == ["red/003.png"]


def test_one_bad_picture_stops_where_that_is_asked(pictures):
    (pictures / "red" / "empty.jpg").write_bytes(b"")
    with pytest.raises(DataError) as error:
        pack(read(pictures), SIZE, 3, "stretch", strict=True)
    assert_says(error, "colours", "1 of 73", "empty.jpg")


def test_too_many_bad_pictures_stop(pictures):
    for i in range(11):
        (pictures / "red" / f"bad{i}.jpg").write_bytes(b"x")
    with pytest.raises(DataError) as error:
        pack(read(pictures), SIZE, 3, "stretch")
    assert_says(error, "11 of 83")


def test_a_class_with_no_readable_picture_stops(pictures):
    (pictures / "white").mkdir()
    (pictures / "white" / "1.jpg").write_bytes(b"x")
    with pytest.raises(DataError) as error:
        pack(read(pictures), SIZE, 3, "stretch")
    assert_says(error, "white")


def test_a_damaged_store_is_made_again(pictures):
    data = read(pictures)
    pack(data, SIZE, 3, "stretch")
    folder = store.cache_folder() / "store" / store.store_key(data, SIZE, 3, "stretch")
    (folder / "store.json").write_text("{")
    assert pack(data, SIZE, 3, "stretch").fresh
    assert not pack(data, SIZE, 3, "stretch").fresh


def test_what_a_killed_process_left_is_swept_away_in_time(pictures):
    left = store.cache_folder() / "store" / "left.12345678.draft"
    left.mkdir(parents=True)
    pack(read(pictures), (5, 5), 3, "stretch")
    assert left.exists()
    os.utime(left, (0, 0))
    pack(read(pictures), (6, 6), 3, "stretch")
    assert not left.exists()


def test_a_cache_that_cannot_be_written_is_told(pictures, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("OLHAR_CACHE", str(blocked))
    with pytest.raises(DataError) as error:
        pack(read(pictures), SIZE, 3, "stretch")
    assert_says(error, "OLHAR_CACHE", "MB")


def test_a_kill_leaves_no_half_store(pictures, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    code = textwrap.dedent(f"""
        import time
        from olhar.data.cache import decoding, store
        from olhar.data.sources import read
        slow = decoding.to_pixels
        def crawl(*args, **settings):
            time.sleep(0.02)
            return slow(*args, **settings)
        decoding.to_pixels = crawl
        print("ready", flush=True)
        store.pack(read({str(pictures)!r}), {SIZE}, 3, "stretch")
    """)
    environment = {**os.environ, "OLHAR_CACHE": str(cache)}
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    assert child.stdout
    child.stdout.readline()
    while not list(cache.rglob("pixels.npy")):
        assert child.poll() is None
        time.sleep(0.01)
    child.kill()
    child.wait()
    child.stdout.close()
    assert not [folder for folder in (cache / "store").iterdir() if folder.suffix != ".draft"]
    monkeypatch.setenv("OLHAR_CACHE", str(cache))
    assert len(pack(read(pictures), SIZE, 3, "stretch").rows) == 72
