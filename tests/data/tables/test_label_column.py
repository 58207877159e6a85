"""Which column holds the class, where nothing but numbers says it."""

import pytest

from tests.data.tables.made import counts, pictures, read, refused, table, told

_OF_SIXTEEN = (0, 2, 5, 11, 15)


def _scanned(root):
    """Three lists of scans with the number of a class, of which a few are not there (RVL-CDIP's form)."""
    paths = [f"images/imagesa/{c}/{i:03}/{i}_{c}.png" for i in range(10) for c in "abc"]
    pictures(root, paths)
    rows = [(path.removeprefix("images/"), _OF_SIXTEEN[k % 5]) for k, path in enumerate(paths)]
    for part, some in (("train", rows[:20]), ("val", rows[20:25]), ("test", rows[25:])):
        table(root, f"labels/{part}.txt", some, " ")
    return root


def test_numbers_of_classes_may_have_gaps_where_a_list_says_nothing_else(tmp_path):
    found = read(_scanned(tmp_path))
    assert {part: sum(each.values()) for part, each in counts(found).items()} == {"train": 20, "validation": 5, "test": 5}
    assert set(found.classes) == set(map(str, _OF_SIXTEEN))


def test_a_list_names_numbers_with_gaps(tmp_path):
    (_scanned(tmp_path) / "classes.txt").write_text("\n".join(f"kind {i}" for i in range(16)))
    assert set(read(tmp_path).classes) == {f"kind {i}" for i in _OF_SIXTEEN}


def test_a_json_that_names_the_numbers_is_told_of(tmp_path):
    pictures(tmp_path, [f"train_images/{i}.png" for i in range(12)])
    table(tmp_path, "train.csv", [("image_id", "label"), *((f"{i}.png", i % 3) for i in range(12))])
    leaf = tmp_path / "label_num_to_disease_map.json"
    leaf.write_text('{"0": "Blight (CBB)", "1": "Ferrugem", "2": "Saudável"}', encoding="utf-8")
    found = read(tmp_path)
    assert counts(found) == {"": {"0": 4, "1": 4, "2": 4}}
    assert "label_num_to_disease_map.json names the numbers, and olhar train --names" in told(found)
    assert "names the numbers" not in told(read(tmp_path, names=str(leaf)))
    assert "names the numbers" not in told(read(tmp_path, names=str(leaf), test=str(tmp_path)))
    for other in ('{"0": "Blight", "1": "Ferrugem"}', '["a", "b", "c"]', '{"image_size": 224, "classes": 3, "epochs": 9}'):
        leaf.write_text(other, encoding="utf-8")
        assert "names the numbers" not in told(read(tmp_path))


def test_numbers_with_gaps_under_a_name_measure_something(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(20)])
    table(tmp_path, "ages.csv", [("image", "age"), *((f"{i}.png", _OF_SIXTEEN[i % 5]) for i in range(20))])
    refused(tmp_path, "ages.csv", "age", "--label-column")


def test_pairs_that_are_compared_are_no_classes(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    rows = [(f"{i}.png", f"{i // 3}.png", i % 2) for i in range(12)]
    table(tmp_path, "pairs.csv", [("image", "other", "label"), *rows])
    refused(tmp_path, "pairs.csv", "two pictures (image, other)", "--label-column")
    assert set(read(tmp_path, label_column="label").classes) == {"0", "1"}


def test_a_mask_for_each_picture_in_a_further_column_is_no_pair(tmp_path):
    pictures(tmp_path, [f"images/{i}.png" for i in range(12)])
    table(tmp_path, "all.csv", [("image", "mask", "label"), *((f"{i}.png", f"m{i}.png", i % 2) for i in range(12))])
    assert set(read(tmp_path).classes) == {"0", "1"}


def test_a_columns_name_may_speak_of_the_picture_too(tmp_path):
    rows = [(f"{i}.jpg", ("boa", "ruim")[i % 2], "AB"[i > 5]) for i in range(12)]
    pictures(tmp_path, [f"fotos/{i}.jpg" for i in range(12)])
    table(tmp_path, "dados.csv", [("Nome da imagem", "Classe da imagem", "Coletado por"), *rows], ";")
    assert counts(read(tmp_path)) == {"": {"boa": 6, "ruim": 6}}


def test_what_somebody_predicted_is_no_class(tmp_path):
    rows = [(f"{i}.jpg", ("boa", "ruim")[i % 2], f"0.{i + 10}") for i in range(12)]
    pictures(tmp_path, [f"fotos/{i}.jpg" for i in range(12)])
    table(tmp_path, "answers.csv", [("file", "predicted", "probability"), *rows])
    refused(tmp_path, "answers.csv")


def test_remarks_beside_folders_of_classes_leave_these_alone(tmp_path):
    pictures(tmp_path, [f"{name}/{place * 10 + i}.jpg" for place, name in enumerate(("boa", "ruim", "podre")) for i in range(6)])
    table(
        tmp_path, "notas.csv", [("arquivo", "nota"), *((f"{p * 10 + i}.jpg", (i * 7) % 10) for p in range(3) for i in range(6))]
    )
    assert counts(read(tmp_path)) == {"": {"boa": 6, "ruim": 6, "podre": 6}}


def test_a_diagnosis_and_a_classification_are_asked_about(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    rows = [(f"{i}.png", ("Cyst", "Fibroadenoma", "Carcinoma")[i % 3], ("benign", "malignant")[i % 3 // 2]) for i in range(12)]
    table(tmp_path, "clinical.csv", [("Image_filename", "Diagnosis", "Classification"), *rows])
    assert refused(tmp_path, "Diagnosis, Classification", "--label-column").code == "OLH136"
    assert set(read(tmp_path, label_column="classification").classes) == {"benign", "malignant"}


def test_of_several_columns_that_which_repeats_the_folders_is_the_class(tmp_path):
    kinds = {"cecum": "landmarks", "pylorus": "landmarks", "polyps": "findings"}
    paths = [f"labeled-images/{kinds[name]}/{name}/{name}{i}.png" for i in range(5) for name in kinds]
    pictures(tmp_path, [*paths, *(f"unlabeled-images/images/u{i}.png" for i in range(4))])
    rows = [(path.rpartition("/")[2].removesuffix(".png"), *path.split("/")[2:0:-1]) for path in paths]
    table(tmp_path, "labeled-images/image-labels.csv", [("File", "Finding", "Classification"), *rows])
    assert counts(read(tmp_path)) == {"": {"cecum": 5, "polyps": 5, "pylorus": 5}}
    (tmp_path / "labeled-images/image-labels.csv").unlink()
    assert set(read(tmp_path).classes) == {"landmarks", "findings"}


def test_moments_operators_and_places_are_no_classes(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(18)])
    header = ("imagem", "choice", "quando", "operador", "talhão")
    rows = [
        (f"{i}.png", ("limpo", "sujo", "")[min(i // 8, 2)], f"2023-08-0{i % 6 + 1}T14:00:11", "ab"[i % 2], i % 3)
        for i in range(18)
    ]
    table(tmp_path, "ovos.csv", [header, *rows])
    assert counts(read(tmp_path)) == {"": {"limpo": 8, "sujo": 8}}
    table(tmp_path, "ovos.csv", [("imagem", "achado", *header[2:]), *rows])
    assert counts(read(tmp_path)) == {"": {"limpo": 8, "sujo": 8}}


@pytest.mark.parametrize(("column", "gaps"), [("Situação do cabo", 0), ("Estado de conservação", 5), ("condition", 0)])
def test_of_several_columns_the_one_called_a_state_is_the_class(tmp_path, column, gaps):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    rows = [(f"{i}.png", ("Roma", "Ouro", "Torre")[i % 3], ("bom", "oxidado")[i // 6] if i >= gaps else "") for i in range(12)]
    table(tmp_path, "vistorias.csv", [("foto", "elevador", column), *rows])
    assert set(read(tmp_path).classes) == {"bom", "oxidado"}


def test_a_diagnosis_is_meant_rather_than_which_animal_it_is_or_where_it_was_found(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(12)])
    rows = [(f"{i}.png", f"pet{i % 6}", ("sarna", "nada")[i // 6], ("Ajo", "Globe")[i % 2]) for i in range(12)]
    table(tmp_path, "fotos.csv", [("foto", "Animal", "Diagnóstico", "Found at"), *rows])
    assert set(read(tmp_path).classes) == {"nada", "sarna"}
    table(tmp_path, "fotos.csv", [("foto", "Nome", "Achado aqui", "Found at"), *rows])
    assert set(read(tmp_path).classes) == {"nada", "sarna"}
