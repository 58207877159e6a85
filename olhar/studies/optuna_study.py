"""What to try next, when to give up, and what mattered: Optuna, over trials that we keep ourselves."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from olhar.studies.trial import Trial
from olhar.training.ranges import Between, Ranges
from olhar.training.recipe import FIELDS


class Study:
    """Optuna's sampler (Parzen estimators, Bergstra 2011) and pruner (below the median at that epoch), for our trials."""

    def __init__(self, ranges: Ranges, trials: Sequence[Trial], seed: int, epochs: int, *, several: bool = False) -> None:
        """With ``several`` trials at once, those under way count as bad as the worst ("constant liar", Ginsbourger 2010)."""
        optuna: Any = import_module("optuna")

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.ranges, self._optuna = ranges, optuna
        sampler = optuna.samplers.TPESampler(seed=seed + len(trials), n_startup_trials=8, constant_liar=several)
        pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=max(2, epochs // 3))
        self.study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
        for trial in trials:
            self._add(trial)

    def _add(self, trial: Trial) -> None:
        """A trial of an earlier call; one that a kill left is asked for again."""
        if trial.state == "running":
            self.study.enqueue_trial(dict(trial.params))
            return
        params = {name: value for name, value in trial.params.items() if name in self.ranges}
        optuna_trial = self._optuna.trial.create_trial(
            state=self._state(trial),
            params=params,
            distributions={name: self._distribution(name) for name in params},
            value=trial.value if trial.state == "complete" else None,
            intermediate_values=dict(enumerate(trial.values, 1)),
        )
        self.study.add_trial(optuna_trial)

    def _state(self, trial: Trial) -> Any:
        """A failed trial counts as given up: Optuna forgets those that it calls failed, and would ask for the like again."""
        states = self._optuna.trial.TrialState
        return states.COMPLETE if trial.state == "complete" else states.PRUNED

    def _distribution(self, name: str) -> Any:
        range_, distributions = self.ranges[name], self._optuna.distributions
        if not isinstance(range_, Between):
            return distributions.CategoricalDistribution(range_.values)
        if isinstance(FIELDS[name].default, int):
            return distributions.IntDistribution(int(range_.low), int(range_.high), log=range_.log)
        return distributions.FloatDistribution(range_.low, range_.high, log=range_.log)

    def first(self, params: Mapping[str, Any]) -> None:
        """What is to be tried first."""
        self.study.enqueue_trial({name: value for name, value in params.items() if self.ranges[name].holds(value)})

    def ask(self) -> Any:
        """The next trial: Optuna's own; ``chosen`` says what to make it with."""
        return self.study.ask({name: self._distribution(name) for name in self.ranges})

    def chosen(self, suggestion: Any) -> dict[str, Any]:
        """What a trial is made with: shares and rates in three digits, as a person would write them."""
        return {name: self._plain(name, value) for name, value in suggestion.params.items()}

    def _plain(self, name: str, value: Any) -> Any:
        range_ = self.ranges[name]
        if not isinstance(value, float) or not isinstance(range_, Between):
            return value
        return min(max(float(f"{value:.3g}"), range_.low), range_.high)

    def tell(self, suggestion: Any, trial: Trial) -> None:
        """What it came to."""
        self.study.tell(suggestion, trial.value if trial.state == "complete" else None, state=self._state(trial))

    def importance(self) -> dict[str, float]:
        """The share of the differences between complete trials that each field explains, largest first.

        By functional ANOVA over a random forest (Hutter 2014); empty where there are too few trials, or no differences.
        """
        done = [trial for trial in self.study.get_trials(deepcopy=False) if trial.state.name == "COMPLETE"]
        if len(done) < 4 or len({trial.value for trial in done}) < 2:
            return {}
        evaluator = self._optuna.importance.FanovaImportanceEvaluator(seed=0)
        shares = self._optuna.importance.get_param_importances(self.study, evaluator=evaluator)
        return {name: float(share) for name, share in shares.items()}
