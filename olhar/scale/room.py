"""Whether what all parts share finds room in the object stores of a cluster, told before it is sent."""

import pickle
from importlib import import_module
from typing import Any

from olhar.base.errors import UsageError
from olhar.base.texts import file_size


def refuse_too_large(carried: object, where: str) -> None:
    """See to it that each node that works can hold it.

    Raises:
        UsageError: the store of one is smaller.
    """
    ray: Any = import_module("ray")

    size = size_of(carried)
    rooms = [
        (node["Resources"].get("object_store_memory", 0), node["NodeManagerAddress"])
        for node in ray.nodes()
        if node["Alive"] and node["Resources"].get("CPU")
    ]
    room, node = min(rooms, default=(size, ""))
    if size > room:
        raise UsageError(
            "scale.store", where=where, node=node, size=file_size(size), room=file_size(int(room)), bytes=str(2 * size)
        )


def size_of(carried: object) -> int:
    """Bytes that it takes on its way, its arrays uncopied."""
    buffers: list[pickle.PickleBuffer] = []
    rest = len(pickle.dumps(carried, protocol=5, buffer_callback=buffers.append))
    return rest + sum(buffer.raw().nbytes for buffer in buffers)
