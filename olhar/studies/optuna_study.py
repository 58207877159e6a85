"""What to try next, when to give up, and what mattered: Optuna, over trials that we keep ourselves."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from olhar.studies.trials import Trial
from olhar.training.ranges import Between, Ranges
from olhar.training.recipe import FIELDS


class Study:
    """Optuna's sampler (Parzen estimators, Bergstra 2011) and pruner (below the median at that epoch), for our trials."""

    def __init__(self, ranges: Ranges, trials: Sequence[Trial], seed: int, epochs: int) -> None:
        optuna: Any = import_module("optuna")

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.ranges, self._optuna = ranges, optuna
        sampler = optuna.samplers.TPESampler(seed=seed + len(trials), n_startup_trials=8)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=max(2, epochs // 3))
        self.study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
        for one in trials:
            self._add(one)

    def _add(self, one: Trial) -> None:
        """A trial of an earlier call; one that a kill left is asked for again."""
        if one.state == "running":
            self.study.enqueue_trial(dict(one.params))
            return
        known = {name: value for name, value in one.params.items() if name in self.ranges}
        found = self._optuna.trial.create_trial(
            state=self._state(one),
            params=known,
            distributions={name: self._distribution(name) for name in known},
            value=one.value if one.state == "complete" else None,
            intermediate_values=dict(enumerate(one.values, 1)),
        )
        self.study.add_trial(found)

    def _state(self, one: Trial) -> Any:
        """A failed trial counts as given up: Optuna forgets those that it calls failed, and would ask for the like again."""
        states = self._optuna.trial.TrialState
        return states.COMPLETE if one.state == "complete" else states.PRUNED

    def _distribution(self, name: str) -> Any:
        found, distributions = self.ranges[name], self._optuna.distributions
        if not isinstance(found, Between):
            return distributions.CategoricalDistribution(found.values)
        if isinstance(FIELDS[name].default, int):
            return distributions.IntDistribution(int(found.low), int(found.high), log=found.log)
        return distributions.FloatDistribution(found.low, found.high, log=found.log)

    def first(self, params: Mapping[str, Any]) -> None:
        """What is to be tried first."""
        self.study.enqueue_trial({name: value for name, value in params.items() if self.ranges[name].holds(value)})

    def ask(self) -> Any:
        """The next trial: Optuna's own; ``chosen`` says what to make it with."""
        return self.study.ask({name: self._distribution(name) for name in self.ranges})

    def chosen(self, asked: Any) -> dict[str, Any]:
        """What a trial is made with: shares and rates in three digits, as a person would write them."""
        return {name: self._plain(name, value) for name, value in asked.params.items()}

    def _plain(self, name: str, value: Any) -> Any:
        found = self.ranges[name]
        if not isinstance(value, float) or not isinstance(found, Between):
            return value
        return min(max(float(f"{value:.3g}"), found.low), found.high)

    def tell(self, asked: Any, one: Trial) -> None:
        """What it came to."""
        self.study.tell(asked, one.value if one.state == "complete" else None, state=self._state(one))

    def importance(self) -> dict[str, float]:
        """The share of the differences between complete trials that each field explains, largest first.

        By functional ANOVA over a random forest (Hutter 2014); empty where there are too few trials, or no differences.
        """
        done = [one for one in self.study.get_trials(deepcopy=False) if one.state.name == "COMPLETE"]
        if len(done) < 4 or len({one.value for one in done}) < 2:
            return {}
        evaluator = self._optuna.importance.FanovaImportanceEvaluator(seed=0)
        found = self._optuna.importance.get_param_importances(self.study, evaluator=evaluator)
        return {name: float(share) for name, share in found.items()}
