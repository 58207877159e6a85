from olhar.reporting import pdf


def test_a_report_is_written_where_asked(say, run, tmp_path):
    assert say("report", run.path, "--into", tmp_path / "r.html", "--lang", "pt")[0] == 0
    assert 'lang="pt-BR"' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_without_a_browser_the_page_is_written_and_one_line_says_that_there_is_no_pdf(say, run, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    status, _, told = say("report", run.path, "--into", tmp_path / "r.html", "--pdf")
    assert status == 2
    assert "OLH660" in told
    assert (tmp_path / "r.html").is_file()


def test_a_pdf_lies_beside_the_page(say, run, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: "a browser")
    monkeypatch.setattr(pdf, "_print", lambda _, page, printed, __: printed.write_bytes(b"%PDF of " + page.name.encode()))
    assert say("report", run.path, "--into", tmp_path / "r.html", "--pdf")[0] == 0
    assert (tmp_path / "r.pdf").read_bytes() == b"%PDF of r.html"
