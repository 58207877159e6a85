"""Opening: what has to be said to open a Keras file; said now, or kept beside the file when it was said before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from olhar.base.types import StrPath
from olhar.foreign.sidecar_file import Sidecar


@dataclass(frozen=True)
class Opening:
    """What has to be said to open a Keras file.

    Attributes:
        architecture: a JSON file, for a file that holds weights only.
        lambdas: a formula of ``x`` for each Lambda layer.
    """

    architecture: Path | None = None
    lambdas: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, architecture: StrPath | None, lambdas: Mapping[str, str] | None) -> "Opening":
        """What a person says, as verbs take it."""
        return cls(Path(architecture).expanduser() if architecture else None, dict(lambdas or {}))

    def completed(self, model: Path, sidecar: Sidecar) -> "Opening":
        """What was said now; else what was kept beside this very model when it was said before.

        Raises:
            ModelError: what stands beside the model cannot be read.
        """
        content = sidecar.content if model.exists() else None
        if not content or not {"architecture", "lambdas"} & content.keys() or sidecar.model_checksum not in sidecar.checksums:
            return self
        name, formulas = content.get("architecture"), content.get("lambdas")
        beside = model.parent / name if isinstance(name, str) and name and Path(name).name == name else None
        known = {str(key): str(value) for key, value in formulas.items()} if isinstance(formulas, dict) else {}
        return Opening(self.architecture or beside, self.lambdas or known)


NOTHING_SAID = Opening()
