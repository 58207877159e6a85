def test_a_report_is_written_where_asked(say, run, tmp_path):
    assert say("report", run.path, "--into", tmp_path / "r.html", "--lang", "pt")[0] == 0
    assert 'lang="pt-BR"' in (tmp_path / "r.html").read_text(encoding="utf-8")
