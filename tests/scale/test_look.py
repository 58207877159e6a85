"""What is refused of a cluster before anything is sent to it, as far as Ray itself is not needed to see it."""

import platform
import sys
from types import SimpleNamespace

import pytest

from olhar.base.errors import UsageError
from olhar.scale.address import ClusterAddress
from olhar.scale.look import look, refuse_other_versions
from tests.conftest import assert_says


def test_nobody_listens():
    with pytest.raises(UsageError) as told:
        look(ClusterAddress.parse("127.0.0.1:9", {}), "", False)
    assert_says(told, "127.0.0.1:9", "ray start --head")


@pytest.mark.parametrize(
    ("ray", "python", "words"), [("2.1.0", None, ("2.1.0", "2.60.0", "pip install")), ("2.60.0", "3.9.1", ("3.9.1",))]
)
def test_other_versions(monkeypatch, ray, python, words):
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(__version__="2.60.0"))
    versions = {"ray_version": ray, "python_version": python or platform.python_version()}
    with pytest.raises(UsageError) as told:
        refuse_other_versions("head:6379", versions)
    assert_says(told, "head:6379", *words)


def test_the_same_versions_are_taken(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(__version__="2.60.0"))
    refuse_other_versions("head:6379", {"ray_version": "2.60.0", "python_version": platform.python_version()})


@pytest.mark.parametrize(
    "key", ["other_olhar", "not_a_node", "not_ready", "lost", "token_missing", "token_wrong", "without_token"]
)
def test_the_other_refusals_say_what_to_do(key):
    values = {"where": "head:6379", "found": "0.0.1", "here": "0.1.0", "host": "head", "reason": "NodeDiedError"}
    assert_says(UsageError(f"scale.{key}", **values))
