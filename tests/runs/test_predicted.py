import numpy as np
import pytest

from olhar.base.errors import RunError
from olhar.evaluation.predictions import Predictions
from olhar.runs.folder import RunFolder
from olhar.runs.predicted import predictions_name, read_predictions
from tests.conftest import assert_says

CLASSES = ("cat", "dog")


def some(labels: list[int], classes: tuple[str, ...] = CLASSES) -> str:
    shares = np.full((len(labels), 2), 0.5, np.float32)
    return Predictions([f"{i}.png" for i in range(len(labels))], classes, np.array(labels, np.int64), shares).to_csv()


HUGE, BELOW = some([0, 1]).replace("0.500000", "1e300"), some([0, 1]).replace("0.500000", "-0.5")


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.mark.parametrize("measured", ["test", "folds", "validation"])
def test_the_answers_that_judge_a_run_are_found(folder, measured):
    folder.write(predictions_name(measured), some([0, 1, 1]))
    found = read_predictions(folder, measured, CLASSES)
    assert found is not None
    assert found.labels.tolist() == [0, 1, 1]


def test_a_run_without_the_file_has_none(folder):
    assert read_predictions(folder, "test", CLASSES) is None


@pytest.mark.parametrize("text", ["", "not a table", some([]), some([0, -1]), some([0, 1], ("cat", "bird")), HUGE, BELOW])
def test_a_damaged_file_is_named(folder, text):
    folder.write(predictions_name("test"), text)
    with pytest.raises(RunError) as error:
        read_predictions(folder, "test", CLASSES)
    assert_says(error, "predictions-test.csv")
