"""Two tables that people keep: one of photographs, and one of the things on them."""

import pytest

import olhar
from tests.data.formats.workbook_makers import workbook
from tests.data.tables.made import counts, pictures, read, table, told

PLANTS = [("id_planta", "espécie", "altura"), ("P1", "Alecrim", 47), ("P2", "Lavanda", 38), ("P3", "Alecrim", 26)]
PHOTOS = [("foto", "id_planta", "data"), *((f"{i}.png", f"P{i % 3 + 1}", f"14/05/2022 07:{i:02}") for i in range(12))]


def test_the_class_of_each_plant_is_that_of_its_pictures_which_stay_together(tmp_path):
    pictures(tmp_path, [f"fotos/{i}.png" for i in range(12)])
    table(tmp_path, "fotos.csv", PHOTOS, ";")
    table(tmp_path, "plantas.csv", PLANTS, ";")
    found = read(tmp_path)
    assert counts(found) == {"": {"Alecrim": 8, "Lavanda": 4}}
    assert set(found.groups) == {"P1", "P2", "P3"}
    assert "column espécie" in told(found)
    assert "fotos.csv and plantas.csv are joined by id_planta" in told(found)
    assert "passed over" not in told(found)


def test_codes_have_their_names(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    table(tmp_path, "fotos.csv", [("foto", "Código"), *((f"{i}.png", 101 + i % 3) for i in range(12))])
    table(
        tmp_path,
        "codigos.csv",
        [("codigo", "nome", "material"), (101, "arruela", "aço"), (102, "porca", "aço"), (103, "pino", "aço")],
    )
    found = read(tmp_path)
    assert counts(found) == {"": {"arruela": 4, "pino": 4, "porca": 4}}
    assert not any(found.groups)


def test_two_sheets_of_a_workbook(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    workbook(tmp_path / "plan.xlsx", {"fotos": PHOTOS, "plantas": PLANTS})
    assert counts(read(tmp_path)) == {"": {"Alecrim": 8, "Lavanda": 4}}


@pytest.mark.parametrize(
    "plants",
    [
        [("planta", "espécie"), ("P1", "Alecrim"), ("P2", "Lavanda"), ("P3", "Alecrim")],
        [("id_planta", "espécie"), ("P1", "Alecrim"), ("P2", "Lavanda")],
        [("id_planta", "espécie"), ("P1", "Alecrim"), ("P2", "Lavanda"), ("P2", "Alecrim"), ("P3", "Alecrim")],
        [("id_planta", "espécie", "label"), ("P1", "Alecrim", "a"), ("P2", "Lavanda", "b"), ("P3", "Alecrim", "c")],
    ],
)
def test_other_columns_unknown_ids_ids_that_come_twice_and_two_classes_join_nothing(tmp_path, plants):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    table(tmp_path, "fotos.csv", PHOTOS)
    table(tmp_path, "plantas.csv", plants)
    found = olhar.read(tmp_path)
    assert not found.classes
    assert "are joined" not in str(found.read_as)


def test_a_class_that_the_photographs_have_themselves_is_meant(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    rows = [(*row, "label" if i == 0 else "ab"[i % 2]) for i, row in enumerate(PHOTOS)]
    table(tmp_path, "fotos.csv", rows)
    table(tmp_path, "plantas.csv", PLANTS)
    assert counts(read(tmp_path)) == {"": {"a": 6, "b": 6}}


def test_a_table_called_after_its_things_may_call_their_numbers_id(tmp_path):
    pictures(tmp_path, [f"imagens/mosq{i}.png" for i in range(12)])
    for part, some in (("treino", range(8)), ("teste", range(8, 12))):
        table(tmp_path, f"{part}.csv", [("imagem", "id_classe"), *((f"mosq{i}.png", i % 2 + 1) for i in some)], ";")
    table(tmp_path, "classes.csv", [("id", "nome"), (1, "Aedes"), (2, "Culex")], ";")
    assert counts(read(tmp_path)) == {"train": {"Aedes": 4, "Culex": 4}, "test": {"Aedes": 2, "Culex": 2}}


def test_several_classes_of_one_thing_join_nothing(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    table(tmp_path, "photos.csv", [("photo_id", "business_id"), *((i, 100 + i % 3) for i in range(12))])
    table(tmp_path, "train.csv", [("business_id", "labels"), (100, "0 1 5"), (101, "2 6"), (102, "6 7")])
    assert not olhar.read(tmp_path).classes
