"""Runs in an MLflow store, through its own client; the address is used and never written down."""

import os
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from olhar.runs.folder import RunFolder

_FILE = "mlflow.json"
_EXPERIMENT = "olhar"
_SQLITE = "sqlite:///"


class MLflow:
    """Writes one run into the experiment ``olhar``; a training that goes on, goes on there too."""

    name = "MLflow"

    def __init__(self, uri: str, run: RunFolder) -> None:
        self.uri, self.run = uri, run
        self.client: Any = None
        self.id = ""

    def begin(self, recipe: Mapping[str, Any], epoch: int | None) -> None:
        """The recipe as parameters."""
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # it would tell its makers of each use
        if self.uri.startswith(_SQLITE):
            Path(self.uri.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
        client: Any = import_module("mlflow.tracking").MlflowClient(tracking_uri=self.uri)
        self.id = ("" if epoch is None else self._kept(client)) or self._new(client, recipe)
        self.client = client

    def _kept(self, client: Any) -> str:
        """The run that this one goes on with; empty where the store has none of it."""
        if not (self.run.path / _FILE).is_file():
            return ""
        try:
            known = str(self.run.read_json(_FILE)["run_id"])
            client.update_run(known, status="RUNNING")
        except Exception:
            return ""
        return known

    def _new(self, client: Any, recipe: Mapping[str, Any]) -> str:
        there = client.get_experiment_by_name(_EXPERIMENT)
        experiment = there.experiment_id if there is not None else client.create_experiment(_EXPERIMENT)
        found = client.create_run(experiment, run_name=self.run.full_name).info.run_id
        client.log_batch(found, params=[_entities().Param(key, str(value)) for key, value in recipe.items()])
        self.run.write_json(_FILE, {"run_id": found})
        return found

    def numbers(self, values: Mapping[str, float], step: int) -> None:
        """A point on each curve."""
        metric, now = _entities().Metric, int(time.time() * 1000)
        self.client.log_batch(self.id, metrics=[metric(_safe(key), value, now, step) for key, value in values.items()])

    def close(self, state: str) -> None:
        """The run's state."""
        if self.client is not None:
            self.client.set_terminated(self.id, status=state)


def _entities() -> Any:
    """MLflow's own records."""
    return import_module("mlflow.entities")


def _safe(key: str) -> str:
    """A name that MLflow takes: letters, digits and a few signs."""
    return "".join(c if c.isalnum() or c in "_-. /" else "_" for c in key).replace("..", "__")[:250]
