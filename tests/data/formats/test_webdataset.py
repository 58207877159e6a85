import json

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says, encoded, noisy
from tests.data.formats.array_makers import shard

PICTURES = [encoded(noisy((200, 40 * i, 20), i)) for i in range(6)]
LABELS = [0, 1, 2, 0, 1, 2]


def samples(rows, labels, ending="png"):
    """A sample a row: the picture, and its class in a file of its own."""
    members = {}
    for row in rows:
        members |= {f"{row:06}.{ending}": PICTURES[row], f"{row:06}.cls": str(labels[row]).encode()}
    return members


def test_shards_are_read_in_order_with_the_class_beside_each_picture(tmp_path):
    shard(tmp_path / "train-000001.tar", samples(range(3, 6), LABELS))
    shard(tmp_path / "train-000000.tar", samples(range(3), LABELS))
    data = olhar.read(tmp_path)
    assert [data.read(row) for row in range(6)] == PICTURES
    assert [data.classes[label] for label in data.labels] == [str(label) for label in LABELS]
    assert data.where[0] == "train-000000.tar/000000.png"


def test_shards_of_parts_bring_parts_and_a_list_of_names_names_the_numbers(tmp_path):
    shard(tmp_path / "train-0000.tar", samples(range(6), LABELS))
    shard(tmp_path / "val-0000.tar", samples(range(3), LABELS))
    (tmp_path / "classnames.txt").write_text("cat\ndog\nemu\n")
    data = olhar.read(tmp_path)
    assert (data.classes, data.read_as.parts) == (("cat", "dog", "emu"), ("train", "validation"))


def test_a_single_shard_and_one_that_was_unpacked_are_read_too(tmp_path):
    shard(tmp_path / "set.tar", samples(range(6), LABELS))
    (tmp_path / "loose").mkdir()
    for name, data in samples(range(6), LABELS).items():
        (tmp_path / "loose" / name).write_bytes(data)
    for place in ("set.tar", "loose"):
        assert olhar.read(tmp_path / place).counts() == {"0": 2, "1": 2, "2": 2}


@pytest.mark.parametrize("content", [{"label": 1, "width": 3}, {"class_name": "dog"}, 1])
def test_the_class_may_stand_in_a_json(tmp_path, content):
    members = {}
    for row in range(6):
        members |= {f"{row}.png": PICTURES[row], f"{row}.json": json.dumps(content if row % 2 else 0).encode()}
    shard(tmp_path / "a.tar", members)
    assert len(olhar.read(tmp_path).classes) == 2


def test_pictures_without_a_class_are_passed_over_and_told(tmp_path):
    shard(tmp_path / "a.tar", samples(range(5), LABELS) | {"000009.png": PICTURES[5]})
    data = olhar.read(tmp_path)
    assert (len(data), data.read_as.n_passed_over) == (5, 1)


def test_json_of_annotations_beside_class_folders_is_not_taken_for_classes(tmp_path):
    for row in range(6):
        folder = tmp_path / ("rose", "tulip")[row % 2]
        folder.mkdir(exist_ok=True)
        (folder / f"{row}.png").write_bytes(PICTURES[row])
        (folder / f"{row}.json").write_text(json.dumps({"label": row}))
    assert olhar.read(tmp_path).classes == ("rose", "tulip")


def test_a_class_that_is_no_word_is_refused(tmp_path):
    shard(tmp_path / "a.tar", samples(range(6), LABELS) | {"000002.cls": b"one\ntwo"})
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "a.tar", "000002.cls")


def test_a_damaged_shard_is_told(tmp_path):
    shard(tmp_path / "a.tar", samples(range(6), LABELS))
    data = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "b.tar").write_bytes(data[: data.index(PICTURES[4]) + 10])
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "b.tar")
