"""How Ray is set before it is imported: nothing is told to its makers, and a node that is gone is missed soon."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager

NOWHERE = "http://127.0.0.1:9/"
"""An address of this machine at which nobody listens: a head that tells nothing still posts that it does not."""

QUIET: Mapping[str, str] = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_REPORT_URL": NOWHERE,
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}

SHUT_IN: Mapping[str, str] = {"http_proxy": NOWHERE, "no_proxy": "127.0.0.1,localhost"}
"""For a head: it asks 169.254.169.254 and metadata.google.internal in which cloud it is, although it tells nobody."""


AS_URGENT: Mapping[str, str] = {"RAY_worker_niceness": "0"}
"""For workers of this machine, as urgent as the command: at the 15 that is usual they hardly move beside a busy program."""


@contextmanager
def settings(**further: str) -> Generator[None]:
    """Ray's settings while it is used; afterwards the environment is as it was."""
    wanted = {**QUIET, **further}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
