from olhar.training import recipe_files
from olhar.training.recipe import Recipe


def test_recipes_are_listed_and_one_is_printed_as_a_file_that_train_takes(say, tmp_path):
    code, out, _ = say("recipes")
    assert code == 0
    assert all(name in out for name in ("best", "fast", "emotions-1", "emotions-2", "cifar10-1", "cifar10-2", "cats-dogs"))
    (tmp_path / "mine.toml").write_text(say("recipes", "best")[1], encoding="utf-8")
    assert Recipe.from_toml((tmp_path / "mine.toml").read_text(encoding="utf-8"), "mine.toml") == recipe_files.read("best")
