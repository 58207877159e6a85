"""Metrics: what the server has done since it began, in Prometheus's text format.

Every label is from a closed list: a route as it is written here, a usual method, a status, a model. Whoever asks for a thousand
unknown paths adds one line. The numbers are of this process, and a server is one process.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from starlette.types import Scope

from olhar.serving.models import Models

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_OTHER = "other"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the histogram's bins."""


class RequestMetrics:
    """Counts requests by route, method and status, and how long they took."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._bins: dict[str, list[int]] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request that is over.

        Args:
            scope: the request's, as it was routed.
            status: of its answer.
            seconds: how long it took, reading its body included.
        """
        route = str(getattr(scope.get("route"), "path", _OTHER))
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        self._requests[route, method, status] += 1
        self._bins.setdefault(route, [0] * (len(_SECONDS) + 1))[bisect_left(_SECONDS, seconds)] += 1
        self._seconds[route] += seconds

    def text(self, models: Models) -> str:
        """All numbers, also those that the models' pools keep."""
        lines = [*self._request_lines(), *self._second_lines(), *_model_lines(models)]
        return "\n".join(lines) + "\n"

    def _request_lines(self) -> Iterator[str]:
        yield "# TYPE olhar_requests_in_flight gauge"
        yield f"olhar_requests_in_flight {self.in_flight}"
        yield "# TYPE olhar_requests_total counter"
        for (route, method, status), count in sorted(self._requests.items()):
            yield f"olhar_requests_total{_labels(route=route, method=method, status=str(status))} {count}"

    def _second_lines(self) -> Iterator[str]:
        yield "# TYPE olhar_request_seconds histogram"
        for route, bins in sorted(self._bins.items()):
            below = 0
            for end, count in zip([*map(str, _SECONDS), "+Inf"], bins, strict=True):
                below += count
                yield f"olhar_request_seconds_bucket{_labels(route=route, le=end)} {below}"
            yield f"olhar_request_seconds_sum{_labels(route=route)} {self._seconds[route]:.6f}"
            yield f"olhar_request_seconds_count{_labels(route=route)} {below}"


def _model_lines(models: Models) -> Iterable[str]:
    yield "# TYPE olhar_model_ready gauge"
    for one in models:
        yield f"olhar_model_ready{_labels(model=one.name)} {int(one.pool.ready)}"
    yield "# TYPE olhar_pictures_total counter"
    for one in models:
        for outcome, count in one.pool.outcomes.items():
            yield f"olhar_pictures_total{_labels(model=one.name, outcome=outcome)} {count}"


def _labels(**values: str) -> str:
    escaped = {name: text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for name, text in values.items()}
    return "{" + ",".join(f'{name}="{text}"' for name, text in escaped.items()) + "}"
