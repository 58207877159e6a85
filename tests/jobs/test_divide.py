import pytest

from olhar import Recipe
from olhar.base import texts
from olhar.base.progress import Quiet
from olhar.jobs.prepare import prepare
from tests.conftest import COLOURS, encoded, noisy


@pytest.fixture
def few(tmp_path):
    """Twelve pictures of one class; five of another, of which two cannot be read."""
    for name, n in (("many", 12), ("few", 3)):
        (tmp_path / name).mkdir()
        for i in range(n):
            (tmp_path / name / f"{i}.png").write_bytes(encoded(noisy(COLOURS["red" if name == "few" else "blue"], i)))
    for i in range(2):
        (tmp_path / "few" / f"bad{i}.png").write_bytes(b"nothing")
    return tmp_path


def test_what_a_class_of_three_pictures_means_is_told_and_only_what_can_be_read_is_counted(few):
    findings = prepare(few, Recipe().with_({"model": "cnn"}), Quiet()).findings()
    for language, words in (
        ("en", ("12 pictures in many, 3 in few", "The class few has 3 pictures: each weighs 33.3%")),
        ("pt-BR", ("12 imagens em many, 3 em few", "A classe few tem 3 imagens: cada uma pesa 33,3%")),
    ):
        with texts.speaking(language):
            told = "\n".join(map(str, findings))
        assert all(each in told for each in words), told
