import numpy as np
import pytest

from olhar.base.errors import DataError
from olhar.base.images import size_and_orientation
from olhar.base.progress import Quiet
from olhar.data.cache.folder import stores
from olhar.data.cache.store import content_hash
from olhar.data.checks import survey as surveys
from olhar.data.checks.survey import survey
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy


def test_one_pass_gathers_what_the_pictures_are(pictures):
    data = read(pictures)
    found = survey(data, Quiet())
    assert found.gray.shape == (72, 32, 32)
    assert set(found.facts["height"].tolist()) == {16}
    for row in (0, 40):
        pixels = noisy((40, 60, 200), row) if row == 0 else None
        assert found.hashes[row].tobytes() == content_hash(data.read(row))
        if pixels is not None:
            assert found.facts["mean"][0] == pytest.approx((pixels @ [0.299, 0.587, 0.114]).mean(), abs=1)


def test_the_second_time_no_picture_is_opened(pictures, monkeypatch):
    assert survey(read(pictures), Quiet()).fresh
    monkeypatch.setattr(surveys, "to_pixels", None)
    again = survey(read(pictures), Quiet())
    assert not again.fresh
    assert len(again) == 72


def test_another_content_is_another_survey(pictures):
    before = survey(read(pictures), Quiet())
    (pictures / "red" / "000.png").write_bytes(encoded(noisy((9, 9, 9), 5)))
    assert survey(read(pictures), Quiet()).fresh
    assert not np.array_equal(survey(read(pictures), Quiet()).hashes, before.hashes)


def test_a_damaged_survey_is_made_again(pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "cache"))
    data = read(pictures)
    survey(data, Quiet())
    for path in stores().rglob("near.npz"):
        path.write_bytes(b"half")
    assert survey(data, Quiet()).fresh
    assert not survey(data, Quiet()).fresh


def test_a_cache_that_cannot_be_written_is_told(pictures, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError) as error:
        survey(read(pictures), Quiet())
    assert_says(error, "OLHAR_CACHE")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(("turn", "upright"), [(1, (20, 30)), (3, (20, 30)), (6, (30, 20))])
def test_how_a_picture_lies_is_read_from_its_header(form, turn, upright):
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = turn
    assert size_and_orientation(encoded(noisy((1, 2, 3), 0, 30)[:20], form, exif=exif)) == (*upright, turn)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
def test_pictures_cut_short_anywhere_are_left_out_or_read_but_never_stop_the_pass(pictures, form, share):
    whole = encoded(noisy((1, 2, 3), 0, 40), form)
    (pictures / "red" / "cut.jpg").write_bytes(whole[: int(share * len(whole))])
    found = survey(read(pictures), Quiet())
    assert len(found) + len(found.bad) == 73
    assert all("cut.jpg" in str(one.reason) for one in found.bad)
