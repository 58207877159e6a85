"""A runner that sends everything through pickle, as another machine would get it, and does the parts in another order."""

import pickle
from pathlib import Path


class Pickled:
    """Two workers, of this process; with ``stop`` the person stops when so many parts have landed."""

    def __init__(self, stop=None, error=None):
        self.workers, self.stop, self.error, self.weights = 2, stop, error, []

    def stream(self, shared, parts):
        opened = pickle.loads(pickle.dumps(shared.carried())).opened()
        sent = [(part, pickle.dumps(part.carried())) for part in parts]
        self.weights = [len(carried) for _, carried in sent]
        came = [list(pickle.loads(carried).work(opened)) for _, carried in reversed(sent)]
        for number, ((part, _), results) in enumerate(zip(sent, reversed(came), strict=True)):
            if number == self.stop:
                raise self.error
            yield from part.landed(pickle.loads(pickle.dumps(results)))


def files(folder: Path, *names: str) -> dict[str, bytes]:
    """Files of runs, by their places below the folder that holds them."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for name in names for path in sorted(folder.rglob(name))}
