"""A look at a cluster before anything is sent to it: whether it is there, asks for a token and takes ours, and runs the same.

Ray itself waits 20 to 30 seconds where a token is wrong, and does not name it.
"""

import json
import platform
import socket
from importlib import import_module
from typing import Any

from olhar.base.errors import UsageError
from olhar.scale.address import ClusterAddress

_PATIENCE = 3.0
"""Seconds for each question."""


def look(address: ClusterAddress, token: str, without_token: bool) -> None:
    """See to it that a cluster can be used.

    Args:
        address: of its head.
        token: ours; empty where there is none.
        without_token: take a cluster that asks for none.

    Raises:
        UsageError: it is not reachable, asks for another token or for none, runs another Ray or Python, or this machine is not
            one of its nodes.
    """
    if not reachable(address):
        raise UsageError("scale.unreachable", where=str(address))
    asked = _pinged if address.kind == "client" else _versions
    versions = asked(address, "")
    if versions is not None and not without_token:
        raise UsageError("scale.without_token", where=str(address))
    if versions is None:
        if not token:
            raise UsageError("scale.token_missing", where=str(address))
        versions = asked(address, token)
    if versions is None:
        raise UsageError("scale.token_wrong", where=str(address))
    if address.kind == "client":
        return  # it tells its versions as one connects
    refuse_other_versions(str(address), versions)
    if not any(map(_of_this_machine, _nodes(address, token))):
        raise UsageError("scale.not_a_node", where=str(address), host=address.host)


def refuse_other_versions(where: str, versions: dict[str, str]) -> None:
    """See to it that the cluster runs the Ray and the Python that are here.

    Raises:
        UsageError: it runs others.
    """
    ray: Any = import_module("ray")

    if (found := versions.get("ray_version", "")) != ray.__version__:
        raise UsageError("scale.other_ray", where=where, found=found, here=ray.__version__)
    here = platform.python_version()
    if (found := versions.get("python_version", "")).rpartition(".")[0] != here.rpartition(".")[0]:
        raise UsageError("scale.other_python", where=where, found=found, here=here)


def reachable(address: ClusterAddress) -> bool:
    """Whether something listens there; a cluster of this machine alone is."""
    if address.kind == "local":
        return True
    try:
        socket.create_connection((address.host, address.port), _PATIENCE).close()
    except OSError:
        return False
    return True


def _versions(address: ClusterAddress, token: str) -> dict[str, str] | None:
    """The versions that a head tells; None where it does not take the token."""
    messages: Any = import_module("ray.core.generated.gcs_service_pb2")
    services: Any = import_module("ray.core.generated.gcs_service_pb2_grpc")

    question = messages.InternalKVGetRequest(namespace=b"cluster", key=b"CLUSTER_METADATA")
    told = _call(address, token, lambda channel: services.InternalKVGcsServiceStub(channel).InternalKVGet, question)
    return None if told is None else json.loads(told.value or b"{}")


def _pinged(address: ClusterAddress, token: str) -> dict[str, str] | None:
    """Nothing, of a head that answers who is no node; None where it does not take the token."""
    messages: Any = import_module("ray.core.generated.ray_client_pb2")
    services: Any = import_module("ray.core.generated.ray_client_pb2_grpc")
    question = messages.ClusterInfoRequest(type=messages.ClusterInfoType.PING)
    told = _call(address, token, lambda channel: services.RayletDriverStub(channel).ClusterInfo, question)
    return None if told is None else {}


def _nodes(address: ClusterAddress, token: str) -> list[str]:
    """The addresses of the nodes that are alive."""
    messages: Any = import_module("ray.core.generated.gcs_service_pb2")
    services: Any = import_module("ray.core.generated.gcs_service_pb2_grpc")

    question = messages.GetAllNodeInfoRequest()
    told = _call(address, token, lambda channel: services.NodeInfoGcsServiceStub(channel).GetAllNodeInfo, question)
    return [] if told is None else [node.node_manager_address for node in told.node_info_list if node.state == 0]


def _call(address: ClusterAddress, token: str, method: Any, question: Any) -> Any:
    """The answer of a head; None where it does not take the token.

    Raises:
        UsageError: it does not answer as a head of Ray does.
    """
    grpc: Any = import_module("grpc")

    who = [("client_id", "olhar"), *([("authorization", f"Bearer {token}")] if token else [])]
    try:
        with grpc.insecure_channel(f"{address.host}:{address.port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
            return method(channel)(question, timeout=_PATIENCE, metadata=who)
    except grpc.RpcError as error:
        if getattr(error, "code", lambda: None)() == grpc.StatusCode.UNAUTHENTICATED:
            return None
        raise UsageError("scale.unreachable", where=str(address)) from error


def _of_this_machine(host: str) -> bool:
    """Whether an address is one of this machine's: only then can something listen at it here."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
            tried.bind((host, 0))
    except OSError:
        return False
    return True
