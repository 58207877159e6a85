import olhar
from olhar.base.texts import speaking
from olhar.data.sets.catalogue import SETS


def test_every_set_by_name_is_listed():
    rows = {row.name: row for row in olhar.datasets()}
    assert list(rows) == ["digits", *SETS]
    assert rows["digits"].here
    assert (rows["cifar100"].pictures, rows["cifar100"].classes, rows["cifar100"].download) == (60_000, 100, 169_001_437)
    assert rows["fer2013"].bring
    assert all(row.licence and row.about and row.page.startswith("http") for row in rows.values())


def test_the_digits_are_what_the_list_says():
    row, found = olhar.datasets()[0], olhar.read("digits")
    assert (row.pictures, row.classes, row.licence) == (len(found), len(found.classes), found.licence)


def test_the_list_is_in_the_language_in_use():
    with speaking("pt"):
        assert "gatos" in {row.name: row for row in olhar.datasets()}["cats-dogs"].about


def test_what_is_here_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("OLHAR_CACHE", str(tmp_path))
    assert not {row.name: row for row in olhar.datasets()}["fer2013"].here
    (tmp_path / "downloads" / "fer2013").mkdir(parents=True)
    (tmp_path / "downloads" / "fer2013" / "fer2013.csv").write_text("emotion,pixels,Usage\n")
    assert {row.name: row for row in olhar.datasets()}["fer2013"].here
