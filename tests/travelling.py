"""A runner that sends everything through pickle, as another machine would get it, and does the parts in another order."""

import pickle
from pathlib import Path


class Pickled:
    """Workers, of this process.

    The person stops when ``stop`` parts of a stream have landed, or when more than ``most`` of those as they are done have begun.
    """

    def __init__(self, stop=None, error=None, most=None, workers=2):
        self.workers, self.stop, self.most, self.error, self.weights = workers, stop, most, error, []

    def stream(self, shared, parts):
        opened = pickle.loads(pickle.dumps(shared.carried())).opened()
        sent = [(part, pickle.dumps(part.carried())) for part in parts]
        self.weights = [len(carried) for _, carried in sent]
        came = [list(pickle.loads(carried).work(opened)) for _, carried in reversed(sent)]
        for number, ((part, _), results) in enumerate(zip(sent, reversed(came), strict=True)):
            if number == self.stop:
                raise self.error
            yield from part.landed(pickle.loads(pickle.dumps(results)))

    def as_done(self, shared, parts):
        """Several at once, of which the last is always done first."""
        opened, rest = pickle.loads(pickle.dumps(shared.carried())).opened(), iter(parts)
        under_way, begun = [], 0
        while True:
            while len(under_way) < self.workers and (part := next(rest, None)) is not None:
                under_way.append((part, pickle.dumps(part.carried())))
                begun += 1
            if not under_way:
                return
            part, carried = under_way.pop()
            if self.most is not None and begun > self.most:
                raise self.error
            yield from part.landed(pickle.loads(pickle.dumps(list(pickle.loads(carried).work(opened)))))


def files(folder: Path, *names: str) -> dict[str, bytes]:
    """Files of runs, by their places below the folder that holds them."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for name in names for path in sorted(folder.rglob(name))}
