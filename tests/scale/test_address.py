"""What may stand behind ``--on``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.base.errors import UsageError
from olhar.scale.address import ClusterAddress
from tests.conftest import assert_says


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("192.168.0.7:6379", "node", "192.168.0.7:6379"),
        ("head.lan:6379", "node", "head.lan:6379"),
        ("ray://head:10002", "client", "ray://head:10002"),
        ("ray://head", "client", "ray://head:10001"),
        ("[fd00::1]:6379", "node", "[fd00::1]:6379"),
    ],
)
def test_addresses(text, kind, shown):
    address = ClusterAddress.parse(text, {})
    assert (address.kind, str(address)) == (kind, shown)


def test_local_and_auto():
    assert ClusterAddress.parse("local", {"RAY_ADDRESS": "head:6379"}).kind == "local"
    assert str(ClusterAddress.parse("auto", {"RAY_ADDRESS": "ray://head:10001"})) == "ray://head:10001"
    for said in ({}, {"RAY_ADDRESS": ""}, {"RAY_ADDRESS": "auto"}, {"RAY_ADDRESS": "local"}):
        with pytest.raises(UsageError) as told:
            ClusterAddress.parse("auto", said)
        assert_says(told, "RAY_ADDRESS", "--on local")


@given(st.text(max_size=30).filter(lambda text: ":" not in text and text not in ("local", "auto")))
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError) as told:
        ClusterAddress.parse(text, {})
    assert told.value.key == "scale.on"


@pytest.mark.parametrize("text", ["head", "head:0", "head:99999", "http://head:80", "ray://", "head:6379/x", "Local"])
def test_what_looks_like_one_is_refused_too(text):
    with pytest.raises(UsageError) as told:
        ClusterAddress.parse(text, {})
    assert_says(told, text, "HOST:6379")
