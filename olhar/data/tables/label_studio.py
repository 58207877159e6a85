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
    """A task as a row; None of what is no task in which one chooses."""
    if not row.keys() >= _TASK or not isinstance(row["annotations"], list) or not isinstance(row["data"], dict):
        return None
    picture = next((value for value in row["data"].values() if isinstance(value, str)), None)
    results = [result for answer in row["annotations"] if isinstance(answer, dict) for result in answer.get("result") or ()]
    if picture is None or not all(isinstance(result, dict) and result.get("type") == "choices" for result in results):
        return None
    chosen = {choice for result in results for choice in result.get("value", {}).get("choices", ())}
    return {"image": picture, "label": "|".join(sorted(map(str, chosen)))}
