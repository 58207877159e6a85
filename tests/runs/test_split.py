import pytest

from olhar.base.errors import RunError
from olhar.runs.folder import RunFolder
from olhar.runs.split import read_split, to_csv
from tests.conftest import assert_says

A, B, C = (bytes([one]) * 16 for one in (1, 2, 3))


def a_run(tmp_path, text):
    run = RunFolder.create(tmp_path / "run")
    run.write("split.csv", text)
    run.write_json("request.json", {})
    return run.path


def test_what_is_written_is_read(tmp_path):
    rows = [("cat/1,2.jpg", "cat", "train", A, b""), ("dog/1.jpg", "dog", "test", B, C)]
    text = to_csv(rows)
    assert text.splitlines()[0] == "picture,label,part,content,group"
    assert text.splitlines()[2].endswith(f"{B.hex()},{C.hex()}")
    assert read_split(a_run(tmp_path, text)) == {A: "train", B: "test"}


def test_a_content_of_several_parts_counts_where_it_taught_most(tmp_path):
    rows = [("1", "a", "test", A, b""), ("2", "a", "train", A, b""), ("3", "a", "test", B, b""), ("4", "a", "validation", B, b"")]
    assert read_split(a_run(tmp_path, to_csv(rows))) == {A: "train", B: "validation"}


def test_the_split_of_an_earlier_version_is_read(tmp_path):
    assert read_split(a_run(tmp_path, f"picture,label,part,content\n1,a,test,{A.hex()}\n")) == {A: "test"}


@pytest.mark.parametrize(
    "text", ["picture,label\n1,a\n", "picture,label,part,content\n1,a,elsewhere,00\n", "part,content\ntest,zz\n"]
)
def test_a_damaged_split_is_named(tmp_path, text):
    with pytest.raises(RunError) as error:
        read_split(a_run(tmp_path, text))
    assert_says(error, "split.csv", "olhar train DATA --recipe")


def test_what_is_no_run_is_told(tmp_path):
    with pytest.raises(RunError) as error:
        read_split(tmp_path / "nowhere")
    assert_says(error, "nowhere")
