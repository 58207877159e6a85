"""Checks of what pictures look like: nearly blank, very dark, very blurred."""

import numpy as np

from olhar.data.checks.check import Check, Evidence, NotApplicable, Observation

_BLANK, _DARK, _BLURRED = 4.0, 20.0, 0.6


def blank(evidence: Evidence) -> Observation | None:
    """Pictures of one tone; where they are more than half, something was done to all of them."""
    spread = evidence.survey.facts["deviation"]
    rows = np.flatnonzero(spread < _BLANK)
    rows = rows[np.argsort(spread[rows], kind="stable")]
    severity = "issue" if 2 * len(rows) > len(spread) else None
    return Observation({"n": len(rows)}, evidence.single_cases(rows), severity) if len(rows) else None


def dark(evidence: Evidence) -> Observation | None:
    """Pictures that are nearly black, but not blank."""
    mean = evidence.survey.facts["mean"]
    rows = np.flatnonzero((mean < _DARK) & (evidence.survey.facts["deviation"] >= _BLANK))
    rows = rows[np.argsort(mean[rows], kind="stable")]
    return Observation({"n": len(rows)}, evidence.single_cases(rows)) if len(rows) else None


def blurred(evidence: Evidence) -> Observation | NotApplicable | None:
    """Pictures with hardly any detail even at 64 pixels."""
    blur = evidence.survey.facts["blur"]
    if np.isnan(blur).all():
        return NotApplicable("check.too_small_to_be_sharp")
    rows = np.flatnonzero(blur > _BLURRED)
    rows = rows[np.argsort(-blur[rows], kind="stable")]
    return Observation({"n": len(rows)}, evidence.single_cases(rows)) if len(rows) else None


CHECKS = (Check("CHK010", "tip", blank), Check("CHK011", "tip", dark), Check("CHK012", "tip", blurred))
