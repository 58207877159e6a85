"""Rule 6: the class is the first level, the last below identifiers, and in between nothing is guessed in silence."""

import contextlib

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read


@pytest.mark.parametrize(
    "tops",
    [
        [str(n) for n in (8863, 8864, 8865, 8867, 8913)],
        [f"patient-{n}" for n in range(1, 6)],
        ["0a1b2c3d", "1f2e3d4c", "99aa88bb", "c0ffee11", "deadbe3f"],
        [f"person{n}" for n in range(5)],
        [f"batch{n}" for n in range(5)],
    ],
)
@pytest.mark.parametrize("below", ["benign malignant", "A B C", "grade1 grade2"])
def test_tops_like_identifiers_are_groups(tmp_path, tops, below):
    dataset = olhar.read(grow(tmp_path, *(f"{top}/{name} 2" for top in tops for name in below.split())))
    assert counts(dataset) == each(below, 10)
    assert set(dataset.groups) == set(tops)
    assert "groups taken from the first level" in str(dataset.read_as)


NO_CLASSES = ["left right", "batch1 batch2", "2020-01-02 2020-03-04", "40X 100X", "frente verso", "cam1 cam2"]


@pytest.mark.parametrize("below", NO_CLASSES)
def test_views_batches_dates_and_magnifications_are_no_classes(tmp_path, below):
    lines = [f"{digit}/{name} 2" for digit in range(6) for name in below.split()]
    assert read(tmp_path, *lines) == (each("0 1 2 3 4 5", 4), "read as: 6 classes")


@pytest.mark.parametrize(
    ("tops", "below"), [("0 1 2 3 4 5", "1 2 3"), ("p1 p2 p3 p4 p5", "left right other"), ("11 22 33", "open closed")]
)
def test_what_could_be_either_is_refused(tmp_path, tops, below):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{top}/{name} 2" for top in tops.split() for name in below.split()))
    assert error.value.code == "OLH128"
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", "group/class"]


@pytest.mark.parametrize(
    ("lines", "layout"),
    [
        (["benign/SOB/adenosis/p-1 2", "benign/SOB/fibroma/p-2 2", "malignant/SOB/ductal/p-3 2"], "*/*/class"),
        (["train/cat/siamese 2", "train/cat/manx 2", "train/dog/pug 2", "val/cat/manx 2", "val/dog/pug 2"], "part/*/class"),
    ],
)
def test_a_level_below_is_named_with_the_layout_that_reads_it(tmp_path, lines, layout):
    _, line = read(tmp_path, *lines)
    assert f"--layout {layout!r}" in line or f"--layout {layout}" in line
    below = olhar.read(tmp_path, layout=layout).classes
    assert set(below) in ({"adenosis", "fibroma", "ductal"}, {"siamese", "manx", "pug"})


def test_an_index_of_letters_is_no_class(tmp_path):
    names = ["abbey", "beach", "canal", "desert", "forest"]
    assert read(tmp_path, *(f"{name[0]}/{name} 3" for name in names))[0] == each(" ".join(names), 3)
    assert read(tmp_path / "signs", *(f"{letter} 3" for letter in "ABCDE"))[0] == each("A B C D E", 3)


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (["dog/pug 3", "dog/lab 3", "cat/manx 3", "cat/siamese 3"], "*/class"),
        ([f"{top}/images/{name} 2" for top in ("shop", "camera") for name in ("mug", "bike", "desk")], "*/*/class"),
        (["train/dog/pug 3", "train/dog/lab 3", "train/cat/manx 3", "train/cat/siamese 3", "test/dog/pug 3"], "part/*/class"),
    ],
)
def test_two_levels_either_of_which_may_be_the_class_are_refused(tmp_path, lines, last):
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines)
    assert error.value.code == "OLH128"
    first, second = error.value.readings
    assert second.options == {"layout": last}
    for reading in (first, second):
        assert all(name in str(reading.what) for name in olhar.read(tmp_path, **reading.options).classes[:3])


def test_judgements_are_the_class_whatever_lies_below(tmp_path):
    lines = ["healthy/oak 2", "healthy/elm 2", "sick/rust 2", "sick/scab 2"]
    assert read(tmp_path / "leaves", *lines)[0] == each("healthy sick", 4)


@pytest.mark.parametrize(
    ("form", "refused"),
    [("{top}_happy_{n}", True), ("{top}_{n:03}_{odd}_0", True), ("{n}", False), ("{top}_{n:04}", False), ("{n}_{top}", False)],
)
def test_persons_are_classes_unless_the_names_say_more(tmp_path, form, refused):
    for top in ("s01", "s02", "s03"):
        for n in range(1, 7):
            name = form.format(top=top, n=n, odd=n % 2)
            grow(tmp_path, f"{top} 1 {name if n % 2 else name.replace('happy', 'angry')}.png")
    if not refused:
        assert counts(olhar.read(tmp_path)) == each("s01 s02 s03", 6)
        return
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "s01, s02, s03", "--layout class")
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == each("s01 s02 s03", 6)


def test_persons_whose_pictures_have_masks_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"kos0{n} 4 Part{{}}{end}" for n in range(1, 5) for end in (".png", "_label.png mask")))
    assert error.value.code == "OLH968"


def test_persons_with_folders_of_the_same_names_are_no_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"IMD00{n}/IMD00{n}_{kind} 2" for n in range(2, 6) for kind in ("photo", "lesion", "roi")))
    assert error.value.code == "OLH964"


def test_sequences_by_padded_numbers_are_no_classes_by_themselves(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"S00{n}/00{k} 2" for n in range(1, 7) for k in (1, 2, 3)))
    assert error.value.code == "OLH128"


def test_the_same_names_at_the_ends_of_all_tops_however_deep(tmp_path):
    places = ("Fnt", "Hnd/Img", "Img/GoodImg/Bmp", "Img/BadImg/Bmp")
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{place}/Sample00{n} 2" for place in places for n in range(1, 6)))
    assert [reading.below for reading in error.value.readings][:2] == ["", "Fnt"]


def test_an_index_of_few_letters_is_known_by_what_lies_below(tmp_path):
    lines = ["a/abbey 3", "a/airport 3", "a/apse/indoor 3", "c/church/indoor 3", "c/church/outdoor 3", "c/canyon 3"]
    found, line = read(tmp_path, *lines)
    assert found == {"abbey": 3, "airport": 3, "apse": 3, "canyon": 3, "church": 6}
    assert "index" in line


def test_an_index_of_three_letters_and_four_classes(tmp_path):
    found, line = read(tmp_path, "a/abbey 3", "a/airplane_cabin 3", "b/badminton_court 3", "c/church 3")
    assert found == {"abbey": 3, "airplane_cabin": 3, "badminton_court": 3, "church": 3}
    assert "a, b, c read as an index" in line


def test_as_many_names_below_all_tops_as_there_are_tops_may_be_the_classes(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{top}/{name} 2" for top in ("norte", "sul", "leste") for name in ("caju", "manga", "uva")))
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", "*/class"]


def test_where_pictures_come_from_is_no_class(tmp_path):
    tops = ("Art", "Clipart", "Product", "Real World")
    found, line = read(tmp_path, *(f"{top}/{name} | 2 | {top}{{}}.png" for top in tops for name in ("mug", "drill", "candle")))
    assert found == each("candle drill mug", 8)
    assert "Art, Clipart, Product, Real World read as where, when or by whom pictures were taken" in line


@pytest.mark.parametrize("part", ["", "train/"])
def test_numbered_folders_below_the_name_that_they_bear_are_no_classes(tmp_path, part):
    places = [f"{part}{name}/{name}_{n}" for name in ("airport", "crop_field", "stadium") for n in range(3)]
    found, _ = read(
        tmp_path, *(f"{place} 2" for place in places), *([f"val/{name} 2" for name in ("airport", "stadium")] if part else [])
    )
    assert {name.rpartition("/")[2] for name in found} == {"airport", "crop_field", "stadium"}


def test_numbered_cases_of_a_judgement_are_groups(tmp_path):
    dataset = olhar.read(grow(tmp_path, *(f"{name}{n}/TIFFs 2" for name in ("AMD", "DME", "NORMAL") for n in (1, 2, 3))))
    assert counts(dataset) == each("AMD DME NORMAL", 6)
    assert set(dataset.groups) == {f"{name}{n}" for name in ("AMD", "DME", "NORMAL") for n in (1, 2, 3)}
    assert "AMD1, AMD2, AMD3, DME1, ... read as numbered cases of AMD, DME, NORMAL" in str(dataset.read_as)


def test_words_with_numbers_of_which_none_is_a_judgement_are_classes(tmp_path):
    found, _ = read(tmp_path, *(f"{colour}{n} 2" for colour in ("blue", "red") for n in (1, 2)))
    assert found == each("blue1 blue2 red1 red2", 2)


SCENES = ("a/abbey", "b/badminton_court/indoor", "b/badminton_court/outdoor", "c/church/indoor")


@pytest.mark.parametrize("form", ["/{}", "/{} 0", "{}"])
def test_a_list_of_class_folders_says_how_deep_each_lies(tmp_path, form):
    grow(tmp_path, *(f"SUN/{name} 3" for name in SCENES))
    (tmp_path / "SUN" / "ClassName.txt").write_text("\n".join(form.format(name) for name in SCENES))
    found, line = read(tmp_path)
    assert found == each("abbey badminton_court_indoor badminton_court_outdoor church_indoor", 3)
    assert "SUN/ClassName.txt lists the folders that are classes" in line


def test_a_list_of_a_few_of_the_folders_says_nothing(tmp_path):
    grow(tmp_path, *(f"{name} 3" for name in SCENES))
    (tmp_path / "favourites.txt").write_text("a/abbey\nc/church/indoor\n")
    assert read(tmp_path)[0] == {"abbey": 3, "badminton_court": 6, "church": 3}


def test_sets_that_say_what_they_are_of_are_an_index_of_the_classes_below(tmp_path):
    lines = [
        "colon_image_sets/colon_aca 3",
        "colon_image_sets/colon_n 3",
        "lung_image_sets/lung_aca 3",
        "lung_image_sets/lung_n 3",
    ]
    found, line = read(tmp_path, *lines)
    assert found == each("colon_aca colon_n lung_aca lung_n", 3)
    assert "colon_image_sets, lung_image_sets read as an index" in line


def test_tops_with_nearly_the_same_names_below_are_asked_about_however_they_are_written(tmp_path):
    fruits = ("Black spot", "Canker", "Greening", "Scab", "healthy")
    leaves = ("Black spot", "Melanose", "canker", "greening", "healthy")
    lines = [f"{top}/{name} | 2 | {top}{{}}.png" for top, names in (("Fruits", fruits), ("Leaves", leaves)) for name in names]
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines)
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", "*/class"]


def test_persons_and_what_was_forged_of_them_are_no_classes(tmp_path):
    persons = [f"{n:03}{behind}" for n in range(1, 5) for behind in ("", "_forg")]
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{name} 3" for name in persons))
    assert error.value.code == "OLH964"


@pytest.mark.parametrize(
    ("places", "layout"),
    [
        ([f"Line {n}/2024-03-0{day}/{end}" for n in (1, 2, 3) for day in (1, 2) for end in ("OK", "NOK")], "*/*/class"),
        (
            [
                f"{lot}/{sky}/2012-09-1{day}/{end}"
                for lot in ("PUC", "UFPR")
                for sky in ("Cloudy", "Sunny")
                for day in (1, 2)
                for end in ("Empty", "Occupied")
            ],
            "*/*/*/class",
        ),
        ([f"{kind}/tx_00{n}/{name}" for kind in ("photo", "sketch") for n in (0, 1) for name in ("bear", "cup")], "*/*/class"),
    ],
)
def test_judgements_and_things_deep_below_places_are_asked_about(tmp_path, places, layout):
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{place} | 2" for place in places))
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", layout]
    assert olhar.read(tmp_path, layout=layout).classes == tuple(sorted({place.rpartition("/")[2] for place in places}))


def test_persons_whose_pictures_say_what_they_do_are_asked_about(tmp_path):
    faces = [f"{turn}_{mood}_{eyes}" for turn in ("left", "up") for mood in ("sad", "happy") for eyes in ("open", "shades")]
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{name}/ 1 {name}_{face}.png" for name in ("an2i", "boland", "bpm") for face in faces))
    assert error.value.code == "OLH964"


def test_pictures_named_after_their_class_and_one_word_are_of_the_class(tmp_path):
    views = [f"{name}/ 1 {name}_{view}_{n}.png" for name in ("cup", "mug") for view in ("left", "right") for n in (1, 2)]
    assert read(tmp_path, *views)[0] == each("cup mug", 4)


def test_a_few_years_are_passed_through(tmp_path):
    lines = [f"{year}/{name} 2" for year in (2006, 2007, 2008) for name in ("mix", "detritus", f"diatom{year % 2}")]
    found, line = read(tmp_path, *lines)
    assert found == {"detritus": 6, "diatom0": 4, "diatom1": 2, "mix": 6}
    assert "2006, 2007, 2008 read as where, when or by whom pictures were taken" in line


@pytest.mark.parametrize(
    ("below", "told"), [(("s001 s002 s003", "s001 s002 s003"), True), (("s001 s002 s003", "s002 s003 s007"), False)]
)
def test_samples_below_are_named_where_all_classes_hold_the_same(tmp_path, below, told):
    lines = [f"{top}/{name} 2" for top, names in zip(("good", "bad"), below, strict=True) for name in names.split()]
    found, line = read(tmp_path, *lines)
    assert found == each("bad good", 6)
    assert ("--layout '*/class'" in line) is told


def test_rounds_by_date_are_asked_about_where_they_hold_other_folders_each(tmp_path):
    rounds = {"1ª coleta - 12-03-2023": "com sem", "2ª coleta - 20-05-2023": "folha fruto"}
    grow(tmp_path, *(f"{top}/{name} | 2 | img_{{}}.png" for top, names in rounds.items() for name in names.split()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, "2ª coleta", "fruto")
    assert error.value.code == "OLH128"
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == each("com folha fruto sem", 2)


@pytest.mark.parametrize(
    "dates",
    [
        "visita_1-14-02-2023 visita_2-03-03-2023",
        "2022-11-03 2022-11-17 2022-12-01",
        "2019 2020",
        "janeiro fevereiro março",
        "02-09 03-09",
    ],
)
def test_dates_by_themselves_are_asked_about(tmp_path, dates):
    grow(tmp_path, *(f"Rust/{date} | 3 | {date}-{{}}.png" for date in dates.split()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, dates.split()[0], "--layout class")
    assert error.value.code == "OLH918"
    reading = error.value.readings[0]
    assert counts(olhar.read(tmp_path / "Rust", **reading.options)) == each(dates, 3)


def test_days_below_places_are_asked_about_with_what_lies_below_them(tmp_path):
    walks = {"Heath/2022-05-14": "Robin Jay", "Heath/2022-06-04": "Jay Coot", "Park/2022-05-22": "Robin Jay Coot"}
    grow(
        tmp_path,
        *(f"{walk}/{name} | 2 | {walk[:4]}{walk[-2:]}{{}}.png" for walk, names in walks.items() for name in names.split()),
    )
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH128"
    assert counts(olhar.read(tmp_path, **error.value.readings[1].options)) == {"Coot": 4, "Jay": 6, "Robin": 4}


def test_a_diary_by_days_is_asked_about(tmp_path):
    days = ("2024-03-02 rampa norte", "2024-03-09", "2024-04-20 campeonato", "Screenshots")
    grow(tmp_path, *(f"{day} | 3 | {day[:10]}-{{}}.png" for day in days))
    with pytest.raises(DataError, match="2024-03-02 rampa norte, 2024-03-09") as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH918"


def test_places_of_which_most_hold_the_same_three_are_asked_about(tmp_path):
    places = {
        "Castro Marim": "fino grosso flor",
        "Rio Maior": "grosso flor",
        "Aveiro": "fino flor grosso",
        "Mossoró": "fino grosso",
    }
    grow(tmp_path, *(f"{place}/{name} | 2 | {place[:3]}{{}}.png" for place, names in places.items() for name in names.split()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH128"


def test_persons_of_whom_a_table_says_more_are_asked_about(tmp_path):
    persons = [f"4660213{n}@N04" for n in range(5)]
    grow(tmp_path, *(f"faces/{person} 2 face.{{}}.png" for person in persons))
    rows = [f"{person}\t{n}_o.jpg\t(25, 32)\tf" for n, person in enumerate(persons)]
    (tmp_path / "fold_0_data.txt").write_text("\n".join(["user_id\toriginal_image\tage\tgender", *rows]))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert_says(error, persons[0], "fold_0_data.txt", "--layout class")
    assert error.value.code == "OLH989"
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == each(" ".join(persons), 2)


@pytest.mark.parametrize("spelled", ["Banana Laranja Maçã", "banana laranja maca"])
def test_three_names_below_all_tops_are_asked_about_however_they_are_spelled(tmp_path, spelled):
    names = {"Norte": "Banana Laranja Maçã", "Sul": spelled, "Leste": "Banana Laranja Maçã", "Oeste": spelled}
    grow(tmp_path, *(f"{top}/{name} | 2 | img_{{}}.png" for top, below in names.items() for name in below.split()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH128"


def test_folders_of_one_picture_each_with_masks_are_no_classes(tmp_path):
    hashes = [f"{n:08x}" for n in range(0x0A7CBFA6, 0x0A7CBFA6 + 6)]
    looks = (("images", "photo"), ("masks", "mask"))
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{name}/{kind} 1 {name}{{}}.png {look}" for name in hashes for kind, look in looks))
    assert error.value.code == "OLH968"


def test_groups_of_pupils_below_the_classes_are_no_classes(tmp_path):
    groups = ("Group 1 - Emily", "Group 2 - Aisha", "Group 3 - Tom")
    grow(tmp_path, *(f"{name}/{group} | 2 | img_{{}}.png" for name in ("Glass", "Metal") for group in groups))
    assert counts(olhar.read(tmp_path)) == each("Glass Metal", 6)


@pytest.mark.parametrize(("names", "first"), [(("00000", "01000", "02000"), 1000), (("0", "5", "10"), 5)])
def test_folders_that_count_pictures_on_are_no_classes(tmp_path, names, first):
    for place, name in enumerate(names):
        grow(tmp_path, *(f"{name} 1 {place * first + i:05}.png" for i in range(4)))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH909"
    assert set(olhar.read(tmp_path, layout="class").classes) == set(names)


def test_numbered_classes_whose_pictures_are_numbered_alike_stay_classes(tmp_path):
    found, _ = read(tmp_path, *(f"{digit} 4 {{}}.png" for digit in range(3)))
    assert found == {"0": 4, "1": 4, "2": 4}


def test_a_gallery_and_its_second_piece_are_no_classes(tmp_path):
    grow(tmp_path / "art", "Abstract_gallery | 6 | a{}.png", "Abstract_gallery_2/Abstract_gallery_2 | 4 | b{}.png")
    assert olhar.read(tmp_path / "art").classes == ()
    found, _ = read(tmp_path / "fruit", "Apple 1 | 4 | a{}.png", "Apple 2 | 4 | b{}.png", "Pear | 4 | c{}.png")
    assert found == {"Apple 1": 4, "Apple 2": 4, "Pear": 4}


@pytest.mark.parametrize(
    "teams", [("Team 1 (Ana, Tom)", "Team 2 (Priya, Leo)", "Team 3 (Zoe)"), ("Grupo 1", "Grupo 2"), ("Aluno 1", "Aluno 2")]
)
def test_teams_above_the_classes_are_passed_through(tmp_path, teams):
    rocks = (f"{team}/{rock} | 3 | {i}{{}}.png" for i, team in enumerate(teams) for rock in ("Basalt", "Granite"))
    found, line = read(tmp_path, *rocks, f"{teams[0]} | 1 | selfie.png")
    assert found == each("Basalt Granite", 3 * len(teams))
    assert "selfie.png (1 loose picture)" in line
    assert "by whom pictures were taken" in line


def test_teams_with_many_pictures_of_their_own_are_asked_about(tmp_path):
    rocks = (f"{team}/{rock} | 3 | {team}{{}}.png" for team in ("Team 1", "Team 2") for rock in ("Basalt", "Granite"))
    with pytest.raises(DataError) as error:
        read(tmp_path, *rocks, "Team 1 | 8 | party{}.png")
    assert error.value.code == "OLH128"


@pytest.mark.parametrize(
    ("tops", "below"),
    [
        (("10253", "10254", "8863"), ("0", "1")),
        (("00", "01", "02"), ("01_palm", "02_fist", "03_thumb", "04_ok")),
        (("00", "01", "02", "03"), ("01_palm", "02_fist", "03_thumb", "04_ok", "05_down")),
    ],
)
def test_a_few_long_numbers_and_numbers_above_more_words_are_groups(tmp_path, tops, below):
    grow(tmp_path, *(f"{top}/{name} | 3 | {top}{{}}.png" for top in tops for name in below))
    dataset = olhar.read(tmp_path)
    assert (dataset.classes, {*dataset.groups}) == (below, {*tops})


@pytest.mark.parametrize("tops", [("0", "1", "2"), ("2019", "2020"), ("00", "01", "02", "03", "04")[:2]])
def test_other_numbers_above_two_words_are_not(tmp_path, tops):
    grow(tmp_path, *(f"{top}/{name} | 3 | {top}{{}}.png" for top in tops for name in ("clean", "noisy")))
    with contextlib.suppress(DataError):
        assert not any(olhar.read(tmp_path).groups)


def test_pieces_of_a_set_with_classes_of_their_own_are_an_index(tmp_path):
    pieces = {"JMuBEN": "Leaf_rust Phoma", "JMuBEN2": "Healthy Miner"}
    found, line = read(tmp_path, *(f"{top}/{name} 3" for top, names in pieces.items() for name in names.split()))
    assert found == each("Healthy Leaf_rust Miner Phoma", 3)
    assert "JMuBEN, JMuBEN2" in line
    with pytest.raises(DataError, match="Leaves1, Leaves2"):
        read(tmp_path / "again", *(f"Leaves{n}/{name} 3" for n in (1, 2) for name in ("a", "b", f"c{n}")))
