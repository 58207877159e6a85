"""What lies beside pictures and is read by nobody is told of by name where it is little, and counted where it is much."""

import json

import pytest

import olhar
from olhar.base.texts import speaking
from tests.data.folders.grown import grow

NAMES = ("LEIA-ME.txt", "notas.pdf", "capa.psd", "fonte.docx")


@pytest.fixture
def flowers(tmp_path):
    return grow(tmp_path, "daisy 4", "rose 4")


def line(root, *others):
    """What ``root`` is read as, with other files in it."""
    for name in others:
        (root / name).write_text("x")
    return str(olhar.read(root).read_as)


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, ""),
        (1, "; 1 other file (LEIA-ME.txt) passed over"),
        (3, "; 3 other files (LEIA-ME.txt, capa.psd, notas.pdf) passed over"),
        (4, "; 4 other files passed over"),
    ],
)
def test_up_to_three_are_named_and_more_are_counted(flowers, n, told):
    assert line(flowers, *NAMES[:n]) == f"read as: 2 classes{told}"


def test_they_are_named_in_portuguese_too(flowers):
    with speaking("pt-BR"):
        assert line(flowers, NAMES[0]).endswith("fora da leitura: 1 outro arquivo (LEIA-ME.txt)")


def test_a_table_that_is_used_is_none_of_them(flowers):
    rows = [f"{kind}/img_{i}.png,{'test' if i == 3 else 'train'}" for kind in ("daisy", "rose") for i in range(4)]
    (flowers / "split.csv").write_text("\n".join(["path,split", *rows]))
    said = line(flowers, *NAMES[:1])
    assert "2 parts" in said
    assert "1 other file (LEIA-ME.txt) passed over" in said


def test_lists_that_number_the_pictures_and_deal_them_are_none_of_them(flowers):
    names = sorted(path.relative_to(flowers).as_posix() for path in flowers.glob("*/*.png"))
    (flowers / "images.txt").write_text("".join(f"{i} {name}\n" for i, name in enumerate(names)))
    (flowers / "train_test_split.txt").write_text("".join(f"{i} {int(i % 4 != 0)}\n" for i in range(8)))
    assert "1 other file (LEIA-ME.txt) passed over; parts from train_test_split.txt, images.txt" in line(flowers, *NAMES[:1])


def test_notes_of_one_picture_each_are_none_of_them(flowers):
    for path in flowers.glob("*/*.png"):
        flags = {"daisy": path.parent.name == "daisy", "rose": path.parent.name == "rose"}
        path.with_suffix(".json").write_text(json.dumps({"flags": flags, "shapes": [], "imagePath": path.name}))
    said = line(flowers, *NAMES[:1])
    assert "*.json agrees with the folders" in said
    assert "1 other file (LEIA-ME.txt) passed over" in said


def test_a_list_that_names_the_classes_is_none_of_them(flowers):
    (flowers / "names.txt").write_text("daisy,Margarida\nrose,Rosa\n")
    assert "1 other file (LEIA-ME.txt) passed over" in line(flowers, *NAMES[:1])
    assert "names.txt" not in str(olhar.read(flowers, names=flowers / "names.txt").read_as)


def test_the_names_are_kept_with_a_run_and_said_in_another_language(flowers):
    line(flowers, *NAMES[:2])
    record = json.loads(json.dumps(olhar.read(flowers).read_as.to_record()))
    with speaking("pt-BR"):
        assert "2 outros arquivos (LEIA-ME.txt, notas.pdf)" in str(type(olhar.read(flowers).read_as).from_record(record))
