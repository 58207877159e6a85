import gzip
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError, PictureError
from olhar.data.formats.tf_example import features_of
from olhar.data.formats.tfrecord_file import masked_crc
from olhar.data.labelled import require_labelled
from tests.conftest import assert_says, encoded, noisy
from tests.data.formats.tfrecord_makers import example, feature, framed, record, varint, write

PICTURES = [encoded(noisy((200, 40 * i, 20), i)) for i in range(6)]
NAMES = "cat\ndog\nemu\n"


def rows(n=6, **more):
    return [{"image": PICTURES[i], "label": i % 3} | {name: value(i) for name, value in more.items()} for i in range(n)]


def as_tfds(root):
    """As TensorFlow Datasets prepares a set: parts in the names of the files, names of the numbers in a list."""
    folder = root / "pets" / "1.0.0"
    write(folder / "pets-train.tfrecord-00000-of-00002", rows(3))
    write(folder / "pets-train.tfrecord-00001-of-00002", rows())
    write(folder / "pets-test.tfrecord-00000-of-00001", rows(3))
    (folder / "label.labels.txt").write_text(NAMES)
    (folder / "dataset_info.json").write_text('{"name": "pets", "splits": []}')
    return root


def as_contest(root, sizes=("192x192",)):
    """As contests have them: a folder a part, test pictures without a class."""
    for size in sizes:
        write(root / f"tfrecords-jpeg-{size}" / "train" / f"00-{size}-6.tfrec", rows(id=lambda i: b"%d" % i))
        write(root / f"tfrecords-jpeg-{size}" / "val" / f"00-{size}-3.tfrec", rows(3))
        write(root / f"tfrecords-jpeg-{size}" / "test" / f"00-{size}-2.tfrec", [{"image": p, "id": b"a"} for p in PICTURES[:2]])
    return root


def test_the_check_is_that_of_crc32c():
    assert masked_crc(b"123456789") == (((0xE3069283 >> 15) | (0xE3069283 << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def test_a_set_of_tensorflow_datasets_has_parts_and_names(tmp_path):
    data = olhar.read(as_tfds(tmp_path))
    assert (data.classes, data.read_as.parts) == (("cat", "dog", "emu"), ("train", "test"))
    assert [data.read(row) for row in range(3)] == PICTURES[:3]
    assert data.where[3] == "pets/1.0.0/pets-train.tfrecord-00000-of-00002:1"
    assert data.counts() == {"cat": 4, "dog": 4, "emu": 4}


def test_pictures_without_a_class_are_passed_over_and_told(tmp_path):
    data = require_labelled(olhar.read(as_contest(tmp_path)))
    assert (len(data), data.classes, data.read_as.parts) == (9, ("0", "1", "2"), ("train", "validation"))
    assert [(place.place, place.n) for place in data.read_as.passed_over] == [("tfrecords-jpeg-192x192/test", 2)]
    assert data.read(8) == PICTURES[2]


def test_one_file_alone_is_read_with_the_names_beside_it(tmp_path):
    folder = as_tfds(tmp_path) / "pets" / "1.0.0"
    assert olhar.read(folder / "pets-train.tfrecord-00001-of-00002").counts() == {"cat": 2, "dog": 2, "emu": 2}


def test_packed_by_gzip_and_without_a_name_of_theirs(tmp_path):
    write(tmp_path / "a.record", rows())
    (tmp_path / "a.record").write_bytes(gzip.compress((tmp_path / "a.record").read_bytes()))
    data = olhar.read(tmp_path)
    assert [data.read(row) for row in range(6)] == PICTURES


def test_many_files_are_not_all_kept_open(tmp_path):
    for i in range(40):
        write(tmp_path / f"train-{i:05}-of-00040.tfrecord", rows(2))
    data = olhar.read(tmp_path)
    assert [data.read(row) for row in range(80)] == PICTURES[:2] * 40
    assert len(data.source.held) == 16


@pytest.mark.parametrize(
    ("label", "classes"),
    [
        (lambda i: (b"cat", b"dog", b"emu")[i % 3], ("cat", "dog", "emu")),
        (lambda i: [int(place == i % 3) for place in range(3)], ("0", "1", "2")),
        (lambda i: [float(place == i % 3) for place in range(3)], ("0", "1", "2")),
        (lambda i: float(i % 3), ("0", "1", "2")),
    ],
)
def test_a_class_may_be_a_word_a_number_or_a_row_with_one_one(tmp_path, label, classes):
    write(tmp_path / "a.tfrecord", rows(label=label))
    assert olhar.read(tmp_path).classes == classes


def test_words_are_taken_before_numbers_where_each_number_has_its_own(tmp_path):
    def features(i, word):
        return {"image/encoded": PICTURES[i], "image/class/label": i % 3 + 1, "image/class/text": word}

    write(tmp_path / "a" / "a.tfrecord", [features(i, NAMES.split()[i % 3].encode()) for i in range(6)])
    write(tmp_path / "b" / "a.tfrecord", [features(i, (b"crane", b"crane", b"emu")[i % 3]) for i in range(6)])
    assert olhar.read(tmp_path / "a").classes == ("cat", "dog", "emu")
    assert olhar.read(tmp_path / "b").classes == ("1", "2", "3")


def test_patients_are_groups_and_a_feature_may_be_named(tmp_path):
    write(tmp_path / "train00-6.tfrec", rows(patient_id=lambda i: b"p%d" % (i // 2), sex=lambda i: i % 2, target=lambda i: i % 2))
    assert olhar.read(tmp_path).read_as.groups == 3
    assert olhar.read(tmp_path, label_column="sex").classes == ("0", "1")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path, label_column="age")
    assert_says(error, "age", "patient_id")


def test_several_classes_of_a_picture_are_refused(tmp_path):
    write(tmp_path / "a.tfrecord", rows(label=lambda i: [1, 1, i % 2]))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "a.tfrecord", "1, 1, 0")


def test_boxes_are_refused_as_boxes(tmp_path):
    boxes = {"image/object/bbox/xmin": [0.1, 0.2], "image/object/class/label": [1, 2]}
    write(tmp_path / "a.tfrecord", [{"image/encoded": picture} | boxes for picture in PICTURES])
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert (error.value.key, error.value.values["file"]) == ("known.boxes", "a.tfrecord")


def test_a_mask_beside_the_picture_is_neither_picture_nor_class(tmp_path):
    write(tmp_path / "a" / "a.tfrecord", rows(segmentation_mask=PICTURES.__getitem__))
    write(tmp_path / "b" / "a.tfrecord", [{"image": picture, "label": PICTURES[0]} for picture in PICTURES])
    assert len(olhar.read(tmp_path / "a").classes) == 3
    assert not olhar.read(tmp_path / "b").classes


def test_records_without_a_class_say_which_features_they_have(tmp_path):
    write(tmp_path / "a.tfrecord", [{"image": picture, "height": 8} for picture in PICTURES])
    with pytest.raises(DataError) as error:
        require_labelled(olhar.read(tmp_path))
    assert_says(error, "a.tfrecord", "height")


@pytest.mark.parametrize(
    "content", [b"\x0a\x03abc", example({"image": b"raw", "label": 1}), example({"a": PICTURES[0], "b": PICTURES[1]})]
)
def test_other_contents_are_named_and_not_read(tmp_path, content):
    (tmp_path / "a.tfrecord").write_bytes(record(content))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert (error.value.key, error.value.values["form"]) == ("known.container", "TFRecord")


def test_sizes_versions_and_sets_are_asked_about(tmp_path):
    as_contest(tmp_path / "sizes", ("192x192", "224x224"))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path / "sizes")
    assert_says(error, "tfrecords-jpeg-192x192", "tfrecords-jpeg-224x224")
    assert len(olhar.read(error.value.readings[0].place)) == 9
    as_tfds(tmp_path / "sets")
    (tmp_path / "sets" / "pets" / "1.0.0").rename(tmp_path / "sets" / "pets" / "1.1.0")
    as_tfds(tmp_path / "sets")
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path / "sets")
    assert_says(error, "pets/1.0.0", "pets/1.1.0")


def test_a_part_more_is_passed_over(tmp_path):
    for part in ("train", "test", "extra"):
        write(tmp_path / f"numbers-{part}.tfrecord-00000-of-00001", rows())
    data = olhar.read(tmp_path)
    assert (len(data), data.read_as.n_passed_over) == (12, 6)


def test_a_file_that_changed_gives_an_error_of_its_picture(tmp_path):
    write(tmp_path / "a.tfrecord", rows())
    data = olhar.read(tmp_path)
    (tmp_path / "a.tfrecord").write_bytes(b"")
    with pytest.raises(PictureError):
        data.read(5)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-3],
        lambda whole: whole + b"\x01",
        lambda whole: whole + record(b"\x0a\xff\xff\xff\xff\x0f"),
        lambda whole: whole + record(example({"label": 1})),
        lambda whole: whole + record(example({"image": [b"a", b"b"], "label": 1})),
        lambda whole: whole + varint(2**63) * 2,
        lambda whole: whole + (2**62).to_bytes(8, "little") + masked_crc((2**62).to_bytes(8, "little")).to_bytes(4, "little"),
        lambda whole: whole + record(framed(1, framed(1, framed(1, b"\xff") + framed(2, feature([1]))))),
        lambda whole: whole + record(framed(1, framed(1, b"\x0b" * 50))),
        lambda whole: whole + record(framed(1, framed(1, b"\x0a\x00") * 5000)),
        lambda whole: whole + record(b"\x0a" * 5000),
    ],
)
def test_damage_is_told_in_one_line(tmp_path, spoil):
    write(tmp_path / "a.tfrecord", rows())
    (tmp_path / "a.tfrecord").write_bytes(spoil((tmp_path / "a.tfrecord").read_bytes()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "a.tfrecord")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_features_or_refused(data):
    with suppress(ValueError):
        for found in features_of(data).values():
            found.values()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4), cut=st.booleans())
def test_damaged_records_are_refused_or_read(tmp_path_factory, places, cut):
    folder = tmp_path_factory.mktemp("set")
    contents = [example(features) for features in rows(3, label=lambda i: [int(place == i) for place in range(3)])]
    spoilt = bytearray(contents[1])
    for place, value in places:
        spoilt[place % min(len(spoilt), 64) if value % 2 else -1 - place % 64] = value
    whole = record(contents[0]) + record(bytes(spoilt)) + record(contents[2])
    (folder / "a.tfrecord").write_bytes(whole[: len(whole) - places[0][0] % 300] if cut else whole)
    with suppress(DataError):
        data = olhar.read(folder)
        for row in range(len(data)):
            data.read(row)
