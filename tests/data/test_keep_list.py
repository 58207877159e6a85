import csv
import io
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.base.errors import DataError
from olhar.data.cache.store import pack
from olhar.data.keep_list import KeepList, apply_keep_list, make_keep_list, suggested_rows
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@pytest.fixture
def photos(tmp_path):
    """Two cats, a copy of the first under another name, the same picture among the dogs, a dog, and a broken dog."""
    root = tmp_path / "photos"
    for name, seed in (("cats/1.png", 1), ("cats/2.png", 2), ("cats/again.png", 1), ("dogs/1.png", 1), ("dogs/2.png", 3)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(noisy((90, 90, 90), seed)))
    (root / "dogs" / "broken.png").write_bytes(b"")
    return root


def listed(text: str) -> KeepList:
    return KeepList.from_csv(text, "keep.csv")


def hashes(dataset) -> list[bytes]:
    """The content of each picture that can be read, as a check knows it."""
    packed = pack(dataset, (16, 16), 3, "stretch")
    known = dict(zip(packed.rows.tolist(), packed.hashes, strict=True))
    return [known.get(row, b"") for row in range(len(dataset))]


def suggestion(dataset) -> KeepList:
    contents = hashes(dataset)
    return make_keep_list(dataset, contents, suggested_rows(dataset, contents), "keep.csv")


def test_the_suggestion_leaves_out_what_cannot_be_read_and_copies_within_a_class_and_keeps_both_labels_of_a_contradiction(photos):
    assert list(suggestion(read(photos)).pictures) == ["cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"]


def test_of_copies_in_several_parts_the_one_that_judges_stays(tmp_path):
    for name in ("train/a/1.png", "validation/a/2.png", "test/a/3.png", "train/b/1.png"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(encoded(noisy((90, 90, 90), "b" in name)))
    assert list(suggestion(read(tmp_path / "data")).pictures) == ["test/a/3.png", "train/b/1.png"]


def test_of_copies_in_one_folder_the_one_of_the_shortest_name_stays(photos):
    again = photos / "cats" / "0 copy of 2.png"
    again.write_bytes((photos / "cats" / "2.png").read_bytes())
    assert list(suggestion(read(photos)).pictures) == ["cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"]


def test_a_list_that_was_written_and_read_says_the_same(photos, tmp_path):
    kept = suggestion(read(photos))
    (tmp_path / "keep.csv").write_text(kept.to_csv(), encoding="utf-8")
    assert KeepList.read(tmp_path / "keep.csv") == kept


def test_what_the_list_does_not_name_is_left_out_and_told(photos):
    kept = apply_keep_list(read(photos), listed("picture\ncats/2.png\ndogs/2.png\n"))
    assert list(kept.dataset.where) == ["cats/2.png", "dogs/2.png"]
    assert str(kept.notices[0]).startswith("4 pictures are left out, as keep.csv does not list them; the first: cats/1.png")


def test_a_label_of_the_list_wins_and_is_told(photos):
    kept = apply_keep_list(read(photos), listed("picture,label\ncats/2.png,dogs\ndogs/2.png,\n"))
    assert [kept.dataset.classes[label] for label in kept.dataset.labels] == ["dogs", "dogs"]
    assert "cats/2.png (cats becomes dogs)" in str(kept.notices[1])


def test_pictures_that_were_renamed_and_moved_are_known_by_their_content(photos):
    kept = suggestion(read(photos))
    moved = photos.with_name("moved")
    for number, name in enumerate(kept.pictures):
        folder = moved / name.split("/")[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(photos / name, folder / f"new-{number}.png")
    again = apply_keep_list(read(moved), kept)
    assert not again.notices
    assert again.dataset.labels.tolist() == [0, 0, 1, 1]


def test_a_copy_that_the_list_left_out_stays_out_though_its_content_is_listed(photos):
    kept = apply_keep_list(read(photos), suggestion(read(photos)))
    assert "cats/again.png" not in kept.dataset.where
    assert "dogs/1.png" in kept.dataset.where


def test_a_picture_that_was_changed_is_another_picture(photos):
    kept = suggestion(read(photos))
    (photos / "cats" / "2.png").write_bytes(encoded(noisy((10, 10, 10), 9)))
    again = apply_keep_list(read(photos), kept)
    assert "cats/2.png" not in again.dataset.where
    assert "1 picture that keep.csv lists is not here, or was changed: cats/2.png" in map(str, again.notices)


def test_a_list_from_a_spreadsheet_in_portuguese_is_read(photos, tmp_path):
    path = tmp_path / "keep.csv"
    path.write_text("picture;label\r\ncats/2.png;dogs\r\n", encoding="utf-8-sig", newline="")
    assert apply_keep_list(read(photos), KeepList.read(path)).dataset.labels.tolist() == [1]


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5))
def test_a_list_survives_being_written_whatever_the_names_and_holds_no_formula(rows):
    kept = KeepList("x", [name for name, _ in rows], [label for _, label in rows], ["ab"] * len(rows))
    text = kept.to_csv()
    assert KeepList.from_csv(text, "x") == kept
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "@", "\t", "\r")), cell


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ("keep.csv", "picture,label,content")),
        ("name,class\na,b\n", ("name, class",)),
        ("picture,label\ncats/1.png\n", ("row 2",)),
        ('picture,label\n"cats/1.png' + "x" * 200_000, ("keep.csv",)),
    ],
)
def test_what_is_no_list_is_told(text, words):
    with pytest.raises(DataError) as error:
        listed(text)
    assert_says(error, *words)


def test_a_list_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    with pytest.raises(DataError) as error:
        KeepList.read(tmp_path / "nothing.csv")
    assert_says(error, "nothing.csv")
    (tmp_path / "latin.csv").write_bytes("picture\nn\xe3o.png\n".encode("latin-1"))
    with pytest.raises(DataError) as error:
        KeepList.read(tmp_path / "latin.csv")
    assert_says(error, "latin.csv", "UTF-8")
    monkeypatch.setattr("olhar.data.keep_list.LARGEST", 3)
    with pytest.raises(DataError) as error:
        KeepList.read(tmp_path / "latin.csv")
    assert_says(error, "latin.csv")


def test_a_label_that_is_no_class_and_a_list_of_other_data_are_told(photos):
    with pytest.raises(DataError) as error:
        apply_keep_list(read(photos), listed("picture,label\ncats/1.png,cat\n"))
    assert_says(error, "cats/1.png", "Did you mean cats?")
    with pytest.raises(DataError) as error:
        apply_keep_list(read(photos), listed("picture,content\nelsewhere.png,00ff\n"))
    assert_says(error, "photos", "--write-keep")


def test_rows_keep_the_order_of_the_data(photos):
    dataset = read(photos)
    kept = apply_keep_list(dataset, listed("picture\ndogs/2.png\ncats/1.png\n"))
    assert list(kept.dataset.where) == ["cats/1.png", "dogs/2.png"]
    assert np.array_equal(kept.dataset.labels, [0, 1])
