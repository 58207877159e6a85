from olhar.reporting.display_names import DisplayName, bounded


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
