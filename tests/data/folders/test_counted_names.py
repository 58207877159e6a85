"""The class before the last number of a name, numbers of its own in it or not; and the names that say none."""

import pytest

from olhar.data.folders.counted_names import classes_before_numbers
from tests.data.folders.grown import each, read


def numbered(*fronts, n=6, form="{}{}"):
    return [form.format(front, i) for front in fronts for i in range(1, n + 1)]


@pytest.mark.parametrize(
    "fronts",
    [
        ("apple", "device0", "device1", "bat", "pocket"),
        ("3001 brick 2x4", "3003 brick 2x2", "2780 peg 1M"),
        ("mig29", "boeing 747", "glider"),
    ],
)
@pytest.mark.parametrize("form", ["{}-{}", "{} {:03}", "{}_{}", "{} ({})"])
def test_what_stands_before_the_last_number_is_the_class(fronts, form):
    names = numbered(*fronts, form=form)
    assert classes_before_numbers(names) == [front for front in fronts for _ in range(6)]


@pytest.mark.parametrize(
    "fronts",
    [
        ("IMG_2021", "IMG_2022"),
        ("DSC01234", "DSC01235", "IMG_1"),
        ("2021-03-04 12.30", "2021-03-04 12.31"),
        ("20210304", "20210305"),
        ("s0001_happy", "s0001_sad", "s0002_happy", "s0002_sad"),
        ("anna3_happy", "anna3_sad", "bob1_happy", "bob1_sad"),
        ("cat1", "cat2", "dog1", "dog2"),
        ("scene1", "scene2", "scene3"),
        ("patient01", "patient02", "control03"),
        ("left1", "right1"),
        ("train1", "test1"),
        ("e574f3b4", "abcdef12"),
        ("TCGA_CS_4941_19960909", "TCGA_DU_5849_19950405", "TCGA_HT_5871_19950405"),
        ("20_0_1", "31_1_0"),
    ],
    ids=lambda fronts: fronts[0],
)
def test_series_persons_dates_and_hashes_are_no_classes(fronts):
    assert classes_before_numbers(numbered(*fronts, form="{}_{}")) is None


def test_numbers_that_do_not_run_count_nothing():
    assert classes_before_numbers(["mig29-7", "mig29-1970", "b52-12", "b52-9000", "kite-1", "kite-2"]) is None
    assert classes_before_numbers(["mig29-1", "mig29-1", "mig29-2", "kite-1", "kite-2", "kite-3"]) is None


def test_two_views_of_one_thing_stay_together_and_a_list_deals_them_out(tmp_path):
    fronts = ("3001 brick 2x4", "2780 peg 1M", "cone 1x1")
    lines = [f"set | 4 | {front} 00{{}}{view}.png" for front in fronts for view in "LR"]
    (tmp_path / "validation.txt").write_text("".join(f"{front} 003{view}.png\n" for front in fronts for view in "LR"))
    counts, line = read(tmp_path, *lines)
    wanted = {f"{part}/{front}": n for part, n in (("train", 6), ("validation", 2)) for front in fronts}
    assert counts == dict(sorted(wanted.items()))
    assert "12 groups" in line
    assert "parts from validation.txt" in line


def test_names_that_say_two_classes_of_one_number_keep_nothing_together(tmp_path):
    counts, line = read(tmp_path, ". 8 {}_happy.png", ". 8 {}_sad.png")
    assert counts == each("happy sad", 8)
    assert "groups" not in line.partition(";")[0]
