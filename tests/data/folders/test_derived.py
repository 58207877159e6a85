"""Pictures made from others in the same folder: they stay with them, and nothing else does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import olhar
from olhar.data.folders.derived import derived_groups
from tests.conftest import encoded, noisy
from tests.data.folders.grown import counts, grow, photo
from tests.data.tables.made import pictures, table
from tests.trained import rows_of

_WAYS = [
    ("{}{}.jpg", "{}{}_aug0.jpg", "{}{}_aug12.jpg", "aug_{}{}_3.jpg"),
    ("{} {}.png", "{} {}_flip.png", "{} {}-rotated_90.png", "flipped_{} {}.png"),
    ("{}.{}.jpg", "{}.{}_horizontal_flip.jpg", "{}.{}_(blur)_2.jpg"),
    ("{}{}_orig.jpg", "{}{}_aug_1.jpg", "{}{}_aug_2.jpg"),
    ("{}_{}_jpg.rf.0123456789abcdef0123456789abcdef.jpg", "{}_{}_jpg.rf.fedcba98765432100123456789abcdef.jpg"),
    ("{}{}___RS_HL 1848.jpg", "{}{}___RS_HL 1848_180deg.jpg", "{}{}___RS_HL 1848_new30degFlipLR.jpg"),
    ("{}{}.jpg", "{}{}_girada.jpg", "{}{}_espelhada_2.jpg"),
]


@pytest.mark.parametrize("forms", _WAYS)
def test_what_was_made_from_a_picture_stays_with_it(tmp_path, forms):
    for name in ("cat", "dog"):
        for i in range(1, 7):
            for form in forms:
                grow(tmp_path, f"{name} | 1 | {form.format(name, i)}")
                (tmp_path / name / form.format(name, i)).write_bytes(photo(hash((name, form, i)) % 10**6))
    found = olhar.read(tmp_path)
    assert counts(found) == {"cat": 6 * len(forms), "dog": 6 * len(forms)}
    assert sorted(Counter(found.groups).values()) == [len(forms)] * 12
    for i in (1, 6):
        members = {found.groups[found.where.index(f"cat/{form.format('cat', i)}")] for form in forms}
        assert len(members) == 1
    assert f"{12 * len(forms)} pictures stay together, each with those made from it" in str(found.read_as)


def test_only_pictures_that_are_read_are_said_to_stay_together(tmp_path):
    for name in ("cat", "dog"):
        for i in range(6):
            grow(tmp_path, f"Original/{name} | 1 | {i}.jpg", f"Augmented/{name} | 1 | {name}_{i}_aug0.jpg")
            grow(tmp_path, f"Augmented/{name} | 1 | {name}_{i}_aug1.jpg")
    read_as = olhar.read(tmp_path).read_as
    line = str(read_as)
    assert (read_as.statement()[:8], read_as.statement()[-1]) == ("Read as:", ".")
    assert "24 pictures made from the originals" in line
    assert "stay together" not in line


def test_one_original_and_what_was_made_from_it_never_lie_on_both_sides_of_the_split(tmp_path):
    names = [f"{kind}/{i}{made}.png" for kind in ("a", "b") for i in range(20) for made in ("", "_aug0", "_aug1", "_flip")]
    for i, name in enumerate(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(encoded(noisy((30, 90, 150) if name[0] == "a" else (150, 90, 30), i, 16)))
    olhar.train(tmp_path, model="cnn", size=16, epochs=1, folds=0, into=tmp_path.with_name("run"))
    sides: dict[str, set[str]] = {}
    for row in rows_of(tmp_path.with_name("run") / "split.csv"):
        sides.setdefault(row["picture"].split(".")[0].split("_")[0], set()).add(row["part"])
    assert len(sides) == 40
    assert all(len(parts) == 1 for parts in sides.values())


@pytest.mark.parametrize(
    "names",
    [
        [f"img_{i}.jpg" for i in range(20)],
        [f"cat{i}.jpg" for i in range(20)],
        [f"aug_img_{i}.jpg" for i in range(20)],
        [f"resized_IMG_20200101_{i + 101010}.jpg" for i in range(20)],
        [f"aug_IMG_20200101_{i + 101010}.jpg" for i in range(20)],
        [f"crop_1_{i}.jpg" for i in range(20)],
        [f"gray_wolf_{i}.jpg" for i in range(20)],
        [f"image_jpg.rf.{i:032x}.jpg" for i in range(20)],
        [f"{word}_{i}.jpg" for i in range(10) for word in ("crop", "weed", "noise", "blur")],
        [f"DSC0{i}_left.jpg" for i in range(20)],
    ],
)
def test_running_numbers_and_names_that_all_bear_prove_nothing(names):
    assert not any(derived_groups("crop", names))


def test_classes_in_the_names_of_files_are_read_of_what_pictures_were_made_from(tmp_path):
    grow(tmp_path, ". 6 cat.{}.png", ". 6 dog.{}.png", ". 6 cat.{}_aug0.png", ". 6 aug_dog.{}.png")
    found = olhar.read(tmp_path)
    assert counts(found) == {"cat": 12, "dog": 12}
    assert sorted(Counter(found.groups).values()) == [2] * 12


def test_pictures_that_a_table_names_stay_with_what_they_were_made_from(tmp_path):
    names = [f"p{i}_jpg.rf.{i:016x}{copy:016x}.jpg" for i in range(8) for copy in range(3)]
    pictures(tmp_path, names)
    table(tmp_path, "_classes.csv", [("filename", "ripe", "raw"), *((name, i % 2, 1 - i % 2) for i, name in enumerate(names))])
    found = olhar.read(tmp_path)
    assert sorted(Counter(found.groups).values()) == [3] * 8
    assert "stay together" in str(found.read_as)


@given(st.lists(st.text("ab1_-. ()fliporaugt", min_size=1, max_size=24).map(lambda s: f"{s}.jpg"), unique=True, max_size=30))
def test_of_any_names_only_such_are_joined_of_which_one_was_made_from_another(names):
    groups = derived_groups("x", names)
    assert len(groups) == len(names)
    sizes = Counter(group for group in groups if group)
    assert all(n > 1 for n in sizes.values())
