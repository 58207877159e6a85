"""What a graph is, in a word and in a sentence: a picture classifier, or what else."""

from typing import Literal, TypeAlias

from olhar.graph import graph as g
from olhar.graph.graph import Graph, Node

Task: TypeAlias = Literal["classes", "one_of_two", "labels", "logits", "number", "pictures", "series", "several"]
"""Softmax; one sigmoid; several sigmoids (independent labels); plain numbers, logits most likely; one plain number;
a picture out; something other than pictures in; several inputs or outputs."""


def task_of(graph: Graph) -> Task:
    """What the model seems to be made for, by the shapes at its ends and by its last activation."""
    if len(graph.inputs) > 1 or len(graph.outputs) > 1:
        return "several"
    if len(_shape(graph, graph.inputs)) > 4 or any(_is_of_series(node) for node in graph.nodes):
        return "series"
    shape = _shape(graph, graph.outputs)
    if len(shape) > 2:
        return "pictures"
    last, single = _last_activation(graph), shape[-1] == 1
    if last == "softmax":
        return "classes"
    if last in ("sigmoid", "hard_sigmoid"):
        return "one_of_two" if single else "labels"
    return "number" if single else "logits"


def _is_of_series(node: Node) -> bool:
    """Whether an operation runs along one side only, as those on series do."""
    return isinstance(node.op, g.Recurrent) or (isinstance(node.op, g.Conv | g.Pool) and len(node.op.strides) == 1)


def _shape(graph: Graph, names: tuple[str, ...]) -> list[int | None]:
    return list(graph.shapes[names[0]])


def _last_activation(graph: Graph) -> str:
    """The activation that the output comes from, empty where there is none."""
    producers: dict[str, Node] = {node.output: node for node in graph.nodes}
    node = producers.get(graph.outputs[0])
    while node is not None and isinstance(node.op, g.Drop | g.Reshape | g.Transpose):
        node = producers.get(node.inputs[0])
    return node.op.kind if node is not None and isinstance(node.op, g.Activate) else ""


def class_count(graph: Graph, task: Task) -> int | None:
    """How many classes the output tells apart; None where it tells none."""
    if task == "one_of_two":
        return 2
    return _shape(graph, graph.outputs)[-1] if task in ("classes", "labels", "logits") else None


def task_notices(graph: Graph, task: Task) -> dict[str, dict[str, object]]:
    """A sentence, where the model is anything but a plain classifier."""
    count = _shape(graph, graph.outputs)[-1]
    values: dict[Task, dict[str, object]] = {
        "labels": {"n": count},
        "logits": {"n": count},
        "number": {},
        "pictures": {},
        "series": {},
        "several": {"inputs": len(graph.inputs), "outputs": len(graph.outputs)},
    }
    sentences = {f"keras.notice_{task}": values[task]} if task in values else {}
    rows = _shape(graph, graph.inputs)
    if len(rows) == 2 and task != "several":
        sentences["keras.notice_rows"] = {"n": rows[1]}
    return sentences
