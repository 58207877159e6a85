"""Label Studio's tasks: what was chosen is the class."""

import copy
import json

from tests.data.tables.made import pictures, read
from tests.data.tables.test_tool_exports import LABEL_STUDIO, NAMES


def test_what_was_taken_back_in_label_studio_is_no_answer(tmp_path):
    tasks = copy.deepcopy(LABEL_STUDIO)
    tasks[0]["annotations"].append({"was_cancelled": True, "result": [{"type": "choices", "value": {"choices": ["dirt"]}}]})
    pictures(tmp_path, NAMES)
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    assert read(tmp_path).counts() == {"dent": 3, "dirt": 3}
