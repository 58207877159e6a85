"""All rules together: the cases that people download, whatever the order of a listing, and that no picture is lost."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import olhar
from olhar.base.errors import DataError
from olhar.data.dataset import Source
from olhar.data.folders.rules import read_folders
from olhar.data.folders.tree import tree_of
from olhar.data.labelled import require_labelled, require_taught
from tests.data.folders.grown import counts, each, mask, photo

CASES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[4] / "shared" / "data")).parent / "cases"

RIGHT = {
    "01-training-set-doubled": (each("cats dogs", 6, "train") | each("cats dogs", 3, "test"), 0),
    "02-single-prediction": (each("cats dogs", 8, "train") | each("cats dogs", 4, "test"), 2),
    "03-alphabet-train-test": (each("A B nothing", 6, "train") | each("A B nothing", 1, "test"), 0),
    "04-test-another": (each("damage no_damage", 6, "train test") | each("damage no_damage", 3, "validation"), 0),
    "05-flat-test": (each("Black-grass Charlock Maize", 8), 6),
    "06-drivers": (each("c0 c1 c2", 8), 5),
    "07-set-in-itself": (
        each("NORMAL PNEUMONIA", 6, "train") | each("NORMAL PNEUMONIA", 2, "validation") | each("NORMAL PNEUMONIA", 3, "test"),
        22,
    ),
    "08-cells-doubled": (each("Parasitized Uninfected", 8), 16),
    "09-patient-class": (each("0 1", 25), 0),
    "11-original-augmented": ({"Monkey Pox": 5, "Others": 5}, 10),
    "12-pets-annotations": (each("Abyssinian Bengal great_pyrenees pug", 6), 24),
    "13-ground-truth": ({"test/broken_large": 4, "test/contamination": 4, "test/good": 4, "train/good": 8}, 8),
    "14-images-and-masks": ({"COVID": 6, "Normal": 6, "Viral Pneumonia": 6}, 18),
    "15-mask-beside": (each("benign malignant normal", 6), 18),
    "16-images-in-class": (each("n01443537 n01629819 n01641577", 6), 14),
    "17-class-case": (each("Cat Dog", 6, "train") | each("Cat Dog", 3, "validation"), 0),
    "18-class-plural": (each("cats dogs", 6, "train") | each("cats dogs", 3, "test"), 0),
    "19-word-number": (each("glioma meningioma", 8), 0),
    "20-word-last": (each("happy sad", 8), 0),
    "23-annotation-beside": (each("n02085620-Chihuahua n02085782-Japanese_spaniel n02086079-Pekinese", 6), 0),
    "24-batches-in-class": (each("paper plastic", 9), 0),
    "25-droppings": (each("a_good b_bad", 8), 2),
    "26-word-bracket": ({"Healthy leaf": 8, "Leaf blight": 8}, 0),
    "27-classes-deep": (each("benign malignant", 8), 0),
}
REFUSED = {
    "10-three-variants": ("OLH125", ["color", "grayscale", "segmented"]),
    "13-ground-truth": ("OLH165", ["bottle/test"]),
    "21-numbers-in-names": ("OLH132", []),
    "22-parts-no-classes": ("OLH131", []),
}


def case(name: str) -> Path:
    place = CASES / f"folders-{name}" / "data"
    if not place.is_dir():
        pytest.skip(f"no {place.name} of case {name} beside OLHAR_TEST_DATA")
    return place


@pytest.mark.parametrize("name", RIGHT)
def test_what_people_download_is_read_rightly(name):
    wanted, passed_over = RIGHT[name]
    dataset = olhar.read(case(name))
    if name not in ("06-drivers", "12-pets-annotations", "16-images-in-class"):  # where a table may know more
        assert counts(dataset) == wanted
        assert dataset.read_as.n_passed_over == passed_over
    else:
        assert set(dataset.classes) == {each.rpartition("/")[2] for each in wanted}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nothing_decides_is_refused_with_the_ways_to_read_it(name):
    place, (code, below) = case(name), REFUSED[name]
    with pytest.raises(DataError) as error:
        require_taught(require_labelled(olhar.read(place)))
    assert error.value.code == code
    assert [reading.below for reading in error.value.readings] == below
    assert all(reading.command == f"olhar train {place}/{reading.below}" for reading in error.value.readings)


def test_patients_of_a_case_stay_together():
    assert len(set(olhar.read(case("09-patient-class")).groups)) == 5


class Listing:
    """Names of files that lie nowhere; pictures are photographs, but those whose names speak of masks."""

    archive, name, origin = False, "listing", "listing"
    empty_folders = ()

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def read(self, index: int) -> bytes:
        return (mask if "mask" in self.names[index] else photo)(len(self.names[index]))

    def size(self, index: int) -> int:
        return len(self.read(index))

    def head(self, index: int, n: int) -> bytes:
        return self.read(index)[:n]

    def open(self, index: int):
        raise NotImplementedError

    def stamp(self, index: int) -> bytes:
        return self.names[index].encode()

    def has(self, name: str) -> bool:
        return name in self.names

    def pictures(self, names) -> Source:
        raise NotImplementedError


WORDS = "train test val cat dog Cat images masks original augmented fold1 fold2 7 8 9 a x cat_train dog_test cat_aug results Ana"
STEPS = st.sampled_from(WORDS.split())
NAMES = st.sampled_from(["1.png", "2.png", "cat_1.png", "dog_2.png", "1_mask.png", "cat.3.png", "read.txt", "z9.png"])
PATHS = st.builds(lambda steps, name: "/".join([*steps, name]), st.lists(STEPS, max_size=4), NAMES)


@example(["train/1.png", "train/train/1.png", "train/train/train/1.png", "test/1.png"], Random(0))
@given(st.lists(PATHS, unique=True, max_size=40), st.randoms())
def test_the_order_of_a_listing_changes_nothing_and_no_picture_is_lost(paths, random):
    shuffled = random.sample(paths, len(paths))
    first, second = _reading(paths), _reading(shuffled)
    assert first == second
    if not isinstance(first, str):
        read_rows, passed_over = first[0], first[1]
        assert len(read_rows) + passed_over == tree_of(paths)[0].count


def _reading(paths: list[str]):
    try:
        reading = read_folders(Listing(paths))
    except DataError as error:
        return f"{error} {[r.place for r in error.readings]}"
    rows = list(zip((paths[row] for row in reading.rows), reading.classes, reading.parts, reading.groups, strict=True))
    return rows, sum(place.n for place in reading.passed_over), [str(place) for place in reading.passed_over], reading.notes
