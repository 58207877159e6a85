"""Paths: what of an address is ours, where the application is mounted below another; and whose protocol it speaks."""

from starlette.types import Scope

_OTHERS = ("/v1/", "/v2/")


def own_path(scope: Scope) -> str:
    """The path of a request as this application knows it: ``/predict`` also where it is mounted at ``/eye``."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    if not root or not path.startswith(root):
        return path
    rest = path[len(root) :]
    return rest if rest.startswith("/") else path


def others_protocol(scope: Scope) -> bool:
    """Whether a request is made by TensorFlow Serving's protocol or by Triton's, whose clients want errors as a sentence."""
    path = own_path(scope)
    return path == "/v2" or path.startswith(_OTHERS)
