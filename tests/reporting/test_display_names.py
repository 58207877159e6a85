import pytest

from olhar.reporting.display_names import DisplayName, bounded, bounded_apart, display_names, path_end, upright


def test_a_name_in_html_is_escaped_and_isolated():
    assert DisplayName("<b>").__html__() == "<bdi>&lt;b&gt;</bdi>"


def test_a_cut_name_keeps_its_whole_in_the_title():
    html = DisplayName("y" * 50).__html__()
    assert f'title="{"y" * 50}"' in html
    assert html.endswith("y…</bdi>")


def test_characters_that_turn_the_text_are_shown():
    assert bounded("a\u202eb", 20) == "a\\u202eb"


def test_a_cut_leaves_no_joiner_hanging():
    assert bounded("ab\u200dcd", 4) == "ab…"


def test_a_long_path_is_cut_between_its_steps():
    assert path_end("rose/1.jpg", 40) == "rose/1.jpg"
    assert path_end("Garbage classification/Garbage classification/plastic/plastic70.jpg", 40) == "…/plastic/plastic70.jpg"
    assert len(path_end(f"rose/{'n' * 90}.jpg", 40)) == 40


LONG = ["Heliconius erato phyllis", "Heliconius erato lativitta", "Heliconius melpomene rosina", "cat"]


def test_names_that_would_look_alike_are_cut_before_the_word_in_which_they_part():
    assert bounded_apart(LONG, 18) == ["Heliconius…phyllis", "Heliconi…lativitta", "Heliconius melpom…", "cat"]
    assert bounded_apart(LONG, 30) == LONG


@pytest.mark.parametrize("limit", [10, 18, 32])
@pytest.mark.parametrize(
    "names",
    [
        [f"{'x' * 40}{n}{'y' * 40}" for n in range(40)],
        ["x" * n for n in range(1, 80)],
        [f"Tomato___leaf {'of a kind ' * n}" for n in range(30)],
        ["कि" * n for n in range(1, 50)],
    ],
)
def test_names_stay_apart_however_short_they_are_cut(names, limit):
    cut = bounded_apart(names, limit)
    assert len(set(cut)) == len(names)
    assert max(map(len, cut)) <= limit


def test_the_same_name_twice_stays_the_same():
    assert bounded_apart(["rose", "rose"], 18) == ["rose", "rose"]


def test_underscores_are_places_to_break_a_line():
    assert DisplayName("Leaf__of_x").__html__() == "<bdi>Leaf__<wbr>of_<wbr>x</bdi>"


def test_heads_of_many_long_words_stand():
    assert not upright(display_names([str(n) for n in range(20)]))
    assert not upright(display_names(LONG))
    assert upright(display_names([f"Heliconius {n}" for n in range(12)]))
