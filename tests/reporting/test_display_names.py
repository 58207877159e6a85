from olhar.reporting.display_names import DisplayName, bounded, path_end


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
