"""Ray is told to be quiet while it is used; a person's own settings come back."""

import os

from olhar.scale.settings import NOWHERE, settings


def test_the_environment_is_as_it_was(monkeypatch):
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    with settings(RAY_AUTH_MODE="token"):
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
        assert os.environ["RAY_USAGE_STATS_REPORT_URL"] == NOWHERE
        assert os.environ["RAY_AUTH_MODE"] == "token"
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "1"
    assert "RAY_AUTH_MODE" not in os.environ


def test_how_often_a_connection_is_tried_is_left_to_the_cluster():
    """A node that is asked more often than its own setting bears ends the work of who asks."""
    with settings():
        assert not [name for name in os.environ if "keepalive" in name]
