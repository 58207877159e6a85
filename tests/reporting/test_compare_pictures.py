"""Thumbnails of a comparison: read again where they lay, else as the first run keeps them, and never another picture's."""

import shutil

import numpy as np

import olhar
from olhar.runs.folder import RunFolder
from olhar.runs.samples import Sample, write_samples
from tests.judged_runs import answers, write_judged_run


def keep_sample(path, name: str) -> None:
    write_samples(RunFolder(path), [Sample(name, np.full((8, 8, 3), 9, np.uint8), 0)], [])


def thumbnails(tmp_path, *runs) -> int:
    olhar.compare(*runs, page=tmp_path / "page.html")
    return (tmp_path / "page.html").read_text(encoding="utf-8").count("data:image/webp")


def test_where_the_data_is_gone_the_first_run_shows_what_it_keeps(tmp_path):
    first = write_judged_run(tmp_path / "a", answers([True] * 20))
    second = write_judged_run(tmp_path / "b", answers([False] * 20))
    keep_sample(second, "2.png")
    assert thumbnails(tmp_path, first, second) == 0
    keep_sample(first, "1.png")
    assert thumbnails(tmp_path, first, second) == 1
    (first / "samples.npz").write_bytes(b"damaged")
    assert thumbnails(tmp_path, first, second) == 0


def test_a_damaged_request_costs_the_pictures_and_not_the_page(tmp_path):
    first = write_judged_run(tmp_path / "a", answers([True] * 20))
    second = write_judged_run(tmp_path / "b", answers([False] * 20))
    (first / "request.json").write_text("{")
    assert thumbnails(tmp_path, first, second) == 0


def test_nothing_is_downloaded_for_a_page(tmp_path):
    """A set by name that is not here: reading it would fetch it."""
    runs = [write_judged_run(tmp_path / name, answers([good] * 20), data="cifar10") for name, good in (("a", True), ("b", False))]
    assert thumbnails(tmp_path, *runs) == 0


def test_of_very_many_pictures_some_are_shown_and_how_many_is_said(run, coloured, tmp_path):
    data = shutil.copytree(coloured / "test", tmp_path / "data")
    right = [False] * 100
    many = [write_judged_run(tmp_path / name, answers(one)) for name, one in (("a", right), ("b", [True] * 100))]
    thumbnails(tmp_path, *many)
    assert "The first 60 of 100" in (tmp_path / "page.html").read_text(encoding="utf-8")
    copy = shutil.copytree(run.path, tmp_path / "copy")
    olhar.compare(run, copy, data=data, page=tmp_path / "data.html")
    assert "No picture is answered differently." in (tmp_path / "data.html").read_text(encoding="utf-8")
