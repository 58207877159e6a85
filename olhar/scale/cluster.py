"""From what a person says after ``--on`` to a Runner: connected while it is used, and what we started ended after it."""

import logging
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from olhar.base.errors import UsageError
from olhar.base.extras import need
from olhar.base.progress import Progress
from olhar.base.runner import Runner
from olhar.base.texts import sentence
from olhar.runs.environment import processor
from olhar.scale.address import ClusterAddress
from olhar.scale.ledger import ClusterLedger
from olhar.scale.look import look, reachable, refuse_other_versions
from olhar.scale.ray_runner import RayRunner
from olhar.scale.settings import AS_URGENT, SHUT_IN, settings
from olhar.scale.task import about_worker
from olhar.scale.token import token, write_token

_ALONE: Mapping[str, Any] = {"address": "local", "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
_VERSIONS = re.compile(r"Ray: (?P<ray_version>\S+)\s+Python: (?P<python_version>\S+)")
"""The cluster's, in the words in which Ray refuses to connect."""
_STARTS = 60.0
"""Seconds in which a node's first worker answers."""


@contextmanager
def runner_on(on: str, progress: Progress, *, without_token: bool = False, verb: str = "train") -> Generator[Runner]:
    """The Runner that a person asked for, while it is used.

    Args:
        on: ``local``, ``auto``, ``HOST:6379`` or ``ray://HOST:10001``.
        progress: where to tell on how many machines.
        without_token: take a cluster that lets anybody in.
        verb: that needs it.

    Raises:
        UsageError: no such cluster, or one that cannot be used; the sentence says why.
        ExtraError: Ray is not installed.
    """
    need("ray", f"{verb} --on")
    address = ClusterAddress.parse(on, os.environ)
    with _local() if address.kind == "local" else _connected(address, without_token):
        runner = _runner(on, progress, partial(reachable, address))
        yield runner
        runner.ledger.tell()


@contextmanager
def _local() -> Generator[None]:
    """Ray on the processors of this machine, for nobody else: a token of its own, and ports of this machine alone."""
    folder = Path(tempfile.mkdtemp(prefix="olhar-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))  # short: 107 bytes
    try:
        with settings(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="", RAY_AUTH_TOKEN_PATH=str(write_token(folder))):
            os.environ.pop("RAY_AUTH_TOKEN")
            alone = {**_ALONE, "num_cpus": os.cpu_count() or 1, "_temp_dir": str(folder)}
            with _loopback(), _started("local", environment=settings(**SHUT_IN, **AS_URGENT), **alone):
                yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _loopback() -> Generator[None]:
    """Let Ray take 127.0.0.1 as it is told: it puts the machine's own address in its place, and then all listen to anybody."""
    services: Any = import_module("ray._private.services")

    usual = services.resolve_ip_for_localhost
    services.resolve_ip_for_localhost = lambda host: host
    try:
        yield
    finally:
        services.resolve_ip_for_localhost = usual


@contextmanager
def _connected(address: ClusterAddress, without_token: bool) -> Generator[None]:
    ours = token(os.environ)
    with settings(RAY_AUTH_MODE="token" if ours else "disabled"):  # Ray reads it once, as it is imported: by the look
        look(address, ours, without_token)
        with _started(str(address), address=str(address)):
            yield


@contextmanager
def _started(name: str, environment: AbstractContextManager[None] | None = None, **how: Any) -> Generator[None]:
    """Connected; on the way out disconnected, and what was started is ended.

    Args:
        name: of the cluster.
        environment: of what is started.
        how: as ``ray.init`` takes it.

    Raises:
        UsageError: Ray could not.
    """
    ray: Any = import_module("ray")

    try:
        with environment or nullcontext():
            _begin(ray, how)
    except Exception as error:  # of many classes, some of them plain Exception
        ray.shutdown()
        if told := _VERSIONS.search(str(error)):
            refuse_other_versions(name, told.groupdict())
        raise UsageError("scale.not_ready", where=name, reason=type(error).__name__) from error
    try:
        yield
    finally:
        ray.shutdown()


def _begin(ray: Any, how: dict[str, Any]) -> None:
    """``ray.init``, twice where need be: a busy head ends a client for whom it could not start a server within half a minute."""
    for last in (False, True):
        try:
            ray.init(log_to_driver=False, configure_logging=False, logging_level=logging.ERROR, **how)
        except ConnectionAbortedError:
            ray.shutdown()
            if last:
                raise
        else:
            return


def _runner(on: str, progress: Progress, answers: Callable[[], bool]) -> RayRunner:
    """A Runner of what is connected, once each node was asked what it runs.

    Raises:
        UsageError: one runs another Olhar, or none; or does not answer.
    """
    ray: Any = import_module("ray")

    nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    told = _asked_each(on, nodes)
    here = metadata.version("olhar")
    for about in told:
        if about["olhar"] != here:
            raise UsageError("scale.other_olhar", where=on, found=about["olhar"], here=here)
    workers = int(ray.cluster_resources().get("CPU", 0))
    if not workers:
        raise UsageError("scale.not_ready", where=on, reason="CPU 0")
    progress.line(sentence("scale.begun", where=on, nodes=len(nodes), workers=workers))
    for name, n in Counter(about["processor"] for about in told if about["processor"] != processor()).items():
        progress.line(sentence("scale.other_processor", n=n, found=name))
    return RayRunner(workers, ClusterLedger(on, progress, answers))


def _asked_each(on: str, nodes: list[str]) -> list[dict[str, str]]:
    """What each node says of itself."""
    ray: Any = import_module("ray")
    strategies: Any = import_module("ray.util.scheduling_strategies")

    ask: Any = ray.remote(about_worker)
    try:
        tasks = [
            ask.options(scheduling_strategy=strategies.NodeAffinitySchedulingStrategy(node, soft=False)).remote()
            for node in nodes
        ]
        return ray.get(tasks, timeout=_STARTS)
    except ray.exceptions.RayTaskError as error:
        raise UsageError("scale.other_olhar", where=on, found="-", here=metadata.version("olhar")) from error
    except ray.exceptions.RayError as error:
        raise UsageError("scale.not_ready", where=on, reason=type(error).__name__) from error
