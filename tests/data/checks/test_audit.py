import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from olhar.base.errors import UsageError
from olhar.base.progress import Quiet
from olhar.base.texts import LANGUAGES, has_sentence, speaking
from olhar.data.checks.audit import CHECKS, audit, sentence_of
from olhar.data.checks.check import Evidence
from olhar.data.checks.findings import Finding
from olhar.data.checks.survey import survey
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy, write_pictures
from tests.data.copies.test_near_copies import saved, scene


def findings(root, ignore=(), **asked):
    dataset = read(root)
    return {one.code: one for one in audit(Evidence(dataset, survey(dataset, Quiet()), **asked), ignore).findings}


def put(path, image, **settings):
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, **settings)
    path.write_bytes(out.getvalue())


def names(root, finding):
    where = read(root).where
    return [[where[row] for row in case.rows] for case in finding.cases]


@pytest.fixture
def photos(tmp_path):
    """Forty photographs of two classes, with nothing wrong with them."""
    for number, name in enumerate(("cat", "dog")):
        for i in range(20):
            put(tmp_path / "photos" / name / f"{i:02}.jpg", scene(100 * number + i, 120))
    return tmp_path / "photos"


def test_good_pictures_pass_every_check(photos):
    assert {one.outcome for one in findings(photos).values()} == {"passed", "not_applicable"}


def test_every_check_has_its_sentences_and_an_own_code():
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert all(has_sentence(f"check.{code.lower()}.{what}") for code in codes for what in ("title", "means", "do"))


def test_what_cannot_be_read_is_named_with_the_reason(photos):
    (photos / "cat" / "empty.jpg").write_bytes(b"")
    (photos / "dog" / "words.png").write_bytes(b"words, not a picture")
    found = findings(photos)["CHK001"]
    assert found.outcome == "issue"
    assert names(photos, found) == [["cat/empty.jpg"], ["dog/words.png"]]
    assert "words.png" in str(found.cases[1].values["reason"])


def odd(photos):
    """One picture of each kind that is worth a look, and its check."""
    put(photos / "cat" / "tiny.jpg", scene(300, 12))
    put(photos / "cat" / "banner.jpg", scene(301, 300).resize((300, 60)))
    put(photos / "dog" / "gray.jpg", scene(302, 120).convert("L"))
    exif = Image.Exif()
    exif[0x0112] = 6
    put(photos / "dog" / "turned.jpg", scene(303, 120), exif=exif)
    put(photos / "cat" / "blank.jpg", Image.new("RGB", (120, 120), (120, 121, 119)))
    night = (np.asarray(scene(304, 120), np.float32) * 0.13).astype(np.uint8)
    put(photos / "dog" / "night.jpg", Image.fromarray(night))
    put(photos / "dog" / "blurred.jpg", scene(305, 120).filter(ImageFilter.GaussianBlur(9)))


ODD = {
    "CHK002": "cat/tiny.jpg",
    "CHK004": "cat/banner.jpg",
    "CHK006": "dog/turned.jpg",
    "CHK007": "dog/gray.jpg",
    "CHK010": "cat/blank.jpg",
    "CHK011": "dog/night.jpg",
    "CHK012": "dog/blurred.jpg",
}


def test_each_odd_picture_is_found_by_its_check(photos):
    odd(photos)
    found = findings(photos)
    for code, name in ODD.items():
        assert found[code].outcome == "tip", code
        assert [name] in names(photos, found[code]), code


def test_huge_pictures_are_told(tmp_path):
    put(tmp_path / "a" / "1.jpg", Image.new("L", (5000, 4100)).convert("RGB"))
    put(tmp_path / "b" / "1.jpg", scene(1, 80))
    assert "20" in str(findings(tmp_path)["CHK003"].found)


def test_a_network_larger_than_the_pictures_is_told(photos):
    assert findings(photos, size=96)["CHK002"].outcome == "passed"
    assert findings(photos, size=300)["CHK002"].values["n"] == 40


def test_what_a_crop_would_lose_is_told_only_where_one_is_asked_for(tmp_path):
    for i in range(10):
        put(tmp_path / "ab"[i % 2] / f"{i}.jpg", scene(i, 120).resize((160, 100)))
    assert findings(tmp_path)["CHK005"].outcome == "not_applicable"
    assert findings(tmp_path, fit="pad")["CHK005"].outcome == "not_applicable"
    assert findings(tmp_path, fit="crop")["CHK005"].outcome == "issue"


@pytest.fixture
def parts(tmp_path):
    """Pictures with parts of their own: a copy in test, a near copy in validation, one under two labels."""
    for part, start, n in (("train", 0, 24), ("validation", 400, 8), ("test", 600, 8)):
        for i in range(n):
            put(tmp_path / "set" / part / ("cat", "dog")[i % 2] / f"{i:02}.jpg", scene(start + i, 100))
    root = tmp_path / "set"
    (root / "test" / "cat" / "same.jpg").write_bytes((root / "train" / "cat" / "02.jpg").read_bytes())
    put(root / "validation" / "cat" / "like.jpg", saved(scene(4, 100), 50).resize((80, 80)))
    (root / "train" / "dog" / "both.jpg").write_bytes((root / "train" / "cat" / "06.jpg").read_bytes())
    put(root / "train" / "dog" / "alike.jpg", saved(scene(8, 100), 50))
    (root / "train" / "cat" / "twice.jpg").write_bytes((root / "train" / "cat" / "10.jpg").read_bytes())
    put(root / "train" / "cat" / "again.jpg", saved(scene(12, 100), 50))
    return root


def test_copies_are_told_apart_by_where_they_stand(parts):
    found = findings(parts)
    expected = {
        "CHK020": ("issue", ["test/cat/same.jpg", "train/cat/02.jpg"]),
        "CHK021": ("issue", ["train/cat/04.jpg", "validation/cat/like.jpg"]),
        "CHK022": ("issue", ["train/cat/06.jpg", "train/dog/both.jpg"]),
        "CHK023": ("issue", ["train/cat/08.jpg", "train/dog/alike.jpg"]),
        "CHK024": ("tip", ["train/cat/10.jpg", "train/cat/twice.jpg"]),
        "CHK025": ("tip", ["train/cat/12.jpg", "train/cat/again.jpg"]),
    }
    for code, (outcome, together) in expected.items():
        assert (found[code].outcome, names(parts, found[code])) == (outcome, [together]), code
    assert found["CHK020"].values["test"] == 1


def test_a_test_picture_counts_though_the_first_copy_stands_in_test_too(parts):
    for i in range(3):
        (parts / "test" / "cat" / f"00{i}.jpg").write_bytes((parts / "train" / "cat" / "02.jpg").read_bytes())
    assert findings(parts)["CHK020"].values == findings(parts)["CHK020"].values | {"n": 1, "pictures": 5, "test": 4}


def test_mirrored_copies_count_only_where_a_mirrored_picture_is_of_its_class(photos):
    put(photos / "cat" / "mirror.jpg", scene(3, 120).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert findings(photos)["CHK025"].values["n"] == 1
    assert findings(photos, mirrored=False)["CHK025"].outcome == "passed"


def test_unequal_small_and_missing_classes_are_told(tmp_path):
    root = write_pictures(write_pictures(tmp_path / "set", per_class=30, prefix="train"), per_class=4, prefix="test", start=50)
    for i in range(3):
        path = root / "train" / "few" / f"{i}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encoded(noisy((9, 9, 9), i)))
    found = findings(root)
    assert (found["CHK030"].outcome, found["CHK030"].values["smallest"]) == ("issue", "few")
    assert (found["CHK031"].outcome, found["CHK031"].values["part"]) == ("issue", "test")
    assert found["CHK033"].values["least"] == 3


def test_numbers_sorted_as_words_are_told(tmp_path):
    for number in ("1", "2", "10"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "a.png").write_bytes(encoded(noisy((40, 40, 40), int(number))))
    assert "1, 10, 2" in str(findings(tmp_path)["CHK032"].found)


def test_pictures_without_classes_are_checked_too(tmp_path):
    for i in range(4):
        put(tmp_path / "loose" / f"{i}.jpg", scene(i, 80))
    (tmp_path / "loose" / "copy.jpg").write_bytes((tmp_path / "loose" / "0.jpg").read_bytes())
    found = findings(tmp_path / "loose")
    assert found["CHK024"].values["n"] == 1
    assert found["CHK022"].outcome == found["CHK030"].outcome == "not_applicable"


def test_where_no_picture_can_be_read_the_checks_go_through(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.jpg").write_bytes(b"x")
    found = findings(tmp_path)
    assert found["CHK001"].values["n"] == 1
    assert {one.outcome for code, one in found.items() if code < "CHK030" and code != "CHK001"} <= {"passed", "not_applicable"}


def test_a_check_can_be_left_out_and_a_wrong_code_is_named(photos):
    odd(photos)
    assert findings(photos, ignore=["chk012"])["CHK012"].outcome == "ignored"
    with pytest.raises(UsageError) as error:
        findings(photos, ignore=["CHK999"])
    assert_says(error, "CHK999", "CHK001")


def test_an_audit_shows_itself_in_both_languages(photos):
    odd(photos)
    dataset = read(photos)
    found = audit(Evidence(dataset, survey(dataset, Quiet())))
    for language in LANGUAGES:
        with speaking(language):
            assert all(str(one.found) in str(found) for one in (*found.issues, *found.tips))
            assert "<table>" in found._repr_html_()
    kept = found.to_dict()
    assert {one["code"] for one in kept["findings"]} == {check.code for check in CHECKS}
    assert kept["findings"][0]["outcome"] == "passed"


def test_hostile_names_cannot_leave_a_page_or_a_line(tmp_path):
    for name in ("<img src=x onerror=alert(1)>", "b\u202ec"):
        put(tmp_path / name / "1.jpg", scene(len(name), 80))
        put(tmp_path / name / "2.jpg", Image.new("RGB", (80, 80)))
    dataset = read(tmp_path)
    found = audit(Evidence(dataset, survey(dataset, Quiet())))
    assert "<img" not in found._repr_html_()
    assert "\u202e" not in str(found)


def test_what_to_do_speaks_of_one_picture_as_of_one_and_names_the_page_that_there_is():
    one, more = (Finding("CHK051", "tip", {"n": n}) for n in (1, 2))
    assert sentence_of(one, "do").startswith("Look at it on the page (--page F.html)")
    assert sentence_of(more, "do", " (check.html)").startswith("Look through them on the page (check.html)")
    assert sentence_of(Finding("CHK001", "issue", {"n": 1}), "do").startswith("Copy it again")
