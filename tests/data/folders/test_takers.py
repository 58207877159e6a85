"""People's first names and teams above the same classes: they took the pictures, and are no classes."""

import pytest

import olhar
from tests.data.folders.grown import each, grow, read


@pytest.mark.parametrize(
    "names",
    [
        "Ana|João",
        "fotos do Caio|fotos da Bia|fotos do Davi",
        "celular Ana|celular Pedro",
        "Turma A|Turma B",
        "Profª Sílvia|João Pedro",
    ],
)
def test_the_names_below_are_the_classes(tmp_path, names):
    takers = names.split("|")
    found, line = read(tmp_path, *(f"{who}/{what} | 3 | {who}{{}}.png" for who in takers for what in ("ripe", "green")))
    assert found == each("green ripe", 3 * len(takers))
    assert "by whom pictures were taken" in line
    assert "--layout class" in line


def test_of_five_or_more_what_one_took_stays_together(tmp_path):
    who = ("Ana", "Bia", "Caio", "Davi", "Eva")
    grow(tmp_path, *(f"{name}/{what} | 2 | {name}{{}}.png" for name in who for what in ("ripe", "green")))
    assert set(olhar.read(tmp_path).groups) == {*who}


def test_classes_that_each_spells_otherwise_are_one(tmp_path):
    found, line = read(
        tmp_path,
        "Ana/Ant 4",
        "Ana/bee 3",
        "Ben/ANT 2",
        "Ben/Spider 2",
        "Chloe W/spider | 5 | c{}.png",
        "Chloe W/bee | 3 | d{}.png",
    )
    assert found == {"Ant": 6, "bee": 6, "Spider": 7}
    assert "the same classes, spelled otherwise" in line
    assert "ANT" in line
    assert "spider = Spider" in line


def test_accents_blanks_and_case_are_kept_of_the_spellings_and_what_is_unsorted_is_left_out(tmp_path):
    rounds = {
        "Coleta 1 - 12-03-2023": ("Saudável", "Mancha alvo", "separar depois"),
        "Coleta 2 - 26-03-2023": ("saudavel", "mancha_alvo"),
        "Coleta 3 (celular da Ana)": ("SAUDAVEL", "MANCHA ALVO"),
    }
    found, line = read(
        tmp_path, *(f"{first}/{name} | 2 | {first[7]}{{}}.png" for first, names in rounds.items() for name in names)
    )
    assert found == {"Mancha alvo": 6, "Saudável": 6}
    assert "Coleta 1 - 12-03-2023/separar depois (2 pictures without a class)" in line


@pytest.mark.parametrize("below", [("left", "right"), ("front", "side")])
def test_views_of_people_are_no_classes(tmp_path, below):
    found, _ = read(tmp_path, *(f"{name}/{view} | 3 | {name}{{}}.png" for name in ("Ana", "Pedro") for view in below))
    assert set(found) == {"Ana", "Pedro"}


@pytest.mark.parametrize("names", ["apple|banana", "Ana|apple", "cat|dog|Rex"])
def test_other_names_above_two_states_are_the_class_and_told(tmp_path, names):
    found, line = read(
        tmp_path, *(f"{name}/{how} | 3 | {name}{{}}.png" for name in names.split("|") for how in ("ripe", "green"))
    )
    assert set(found) == {*names.split("|")}
    assert "--layout" in line


def test_a_few_dates_above_classes_of_another_case_are_passed_through(tmp_path):
    days = {"2024-03-12": "aprovado 5|reprovado 4", "2024-03-19": "Aprovado 3|Reprovado 2"}
    found, _ = read(tmp_path, *(f"{day}/{name}" for day, names in days.items() for name in names.split("|")))
    assert found == {"Aprovado": 8, "Reprovado": 6}


@pytest.mark.parametrize("word", ["Coleta", "Talhão", "Lote", "Turno", "Field"])
def test_rounds_and_places_of_which_not_all_hold_each_class_are_passed_through(tmp_path, word):
    tops = {f"{word} 1": "rust spot", f"{word} 2": "Rust well", f"{word} 3 (beira do rio)": "Spot well"}
    found, line = read(
        tmp_path, *(f"{top}/{name} | 2 | {top[:8]}{{}}.png" for top, names in tops.items() for name in names.split())
    )
    assert found == {"Rust": 4, "Spot": 4, "well": 4}
    assert f"{word} 1, {word} 2" in line


def test_days_below_some_of_the_teams_are_passed_through(tmp_path):
    lines = [f"Equipe A/{day} março/{name}" for day in (12, 19) for name in ("Folha nova", "ampola")]
    lines += [f"Equipe {team}/{name}" for team in "BC" for name in ("folha_nova", "Ampola")]
    found, _ = read(tmp_path, *(f"{line} | 2 | {k}_{{}}.png" for k, line in enumerate(lines)))
    assert found == {"Ampola": 8, "Folha nova": 8}


@pytest.mark.parametrize(
    "places",
    [
        "camera_entrada|camera_fundos",
        "cam1_esteira|cam2_saida",
        "camara 1|camara 2",
        "Lot 2305A|Lot 2305B",
        "Sat 14 May - Heath|Sun 22 May - Marshes",
    ],
)
def test_cameras_and_walks_by_what_they_are_called(tmp_path, places):
    found, _ = read(
        tmp_path, *(f"{place}/{name} | 3 | {place[:9]}{{}}.png" for place in places.split("|") for name in ("Jay", "Robin"))
    )
    assert found == each("Jay Robin", 6)


def test_cameras_below_lots_are_passed_through_too(tmp_path):
    lots = [f"Lote 02{n}/Camera {letter}" for n in range(31, 36) for letter in "AB"]
    found, _ = read(tmp_path, *(f"{lot}/{name} | 2 | {lot[8]}{lot[-1]}{{}}.png" for lot in lots for name in ("ok", "nok")))
    assert found == each("nok ok", 20)
    assert set(olhar.read(tmp_path).groups) == {f"Lote 02{n}" for n in range(31, 36)}


def test_scenes_that_places_are_called_after_are_classes(tmp_path):
    assert read(tmp_path / "folders", "barn 4", "field 4", "pond 4", "station 4")[0] == each("barn field pond station", 4)
    assert read(tmp_path / "names", *(f". | 4 | {name}_{{}}.png" for name in ("barn", "pond")))[0] == each("barn pond", 4)
