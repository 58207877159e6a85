"""on: where a verb's parts are done. What knows clusters is imported only where one was asked for."""

from contextlib import AbstractContextManager, nullcontext

from olhar.base.errors import UsageError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner


def runner_on(
    on: str | None, progress: Progress, *, without_token: bool = False, verb: str = "train"
) -> AbstractContextManager[Runner]:
    """The Runner that a person asked for, while it is used: this process, or a cluster (``scale.cluster.runner_on``).

    Raises:
        UsageError: ``without_token`` with no cluster.
    """
    if on is None:
        if without_token:
            raise UsageError("scale.without_on")
        return nullcontext(HERE)
    from olhar.scale.cluster import runner_on

    return runner_on(on, progress, without_token=without_token, verb=verb)
