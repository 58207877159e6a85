"""Label Studio's export: a task a picture, its answers far inside, as rows of a table; any other JSON stays as it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]
_TASK = {"annotations", "data"}


def answered(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Numbered rows; of a task its picture and what was chosen, several answers joined by ``|``; without an answer it is none."""
    for number, row in rows:
        task = _task(row)
        if task is None:
            yield number, row
        elif task["label"]:
            yield number, task


def _task(row: Row) -> Row | None:
    """A task as a row; None of what is no task in which one chooses. Answers that were taken back count nothing."""
    if not row.keys() >= _TASK or not isinstance(row["data"], dict):
        return None
    picture = next((value for value in row["data"].values() if isinstance(value, str)), None)
    answers = [answer for answer in _dicts(row["annotations"]) if not answer.get("was_cancelled")]
    results = [result for answer in answers for result in _dicts(answer.get("result"))]
    if picture is None or any(result.get("type") != "choices" or not isinstance(result.get("value"), dict) for result in results):
        return None
    chosen = [result["value"].get("choices") for result in results]
    return {"image": picture, "label": "|".join(sorted({str(one) for each in chosen if isinstance(each, list) for one in each}))}


def _dicts(values: object) -> list[dict[str, Any]]:
    """The objects of a list; none of what is no list."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
