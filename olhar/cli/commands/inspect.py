"""inspect: what a model file is, its layers, its classes, how it wants its pictures; what to type next."""

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.scaling import FIXED_SCALINGS
from olhar.base.texts import number, percent, say, typed
from olhar.cli.flags import argument, data_flags, keras_flags, lambdas, option, read_options
from olhar.cli.printing import console, print_json, print_next, print_table, progress
from olhar.data.read_options import without_options

if TYPE_CHECKING:
    from olhar.base.signature import Signature
    from olhar.foreign.inspection import Inspection
    from olhar.foreign.tryout import Score, Tryout

_MOST_NAMES = 20


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("model", "model"),
        option("--data", metavar=say("cli.word.data"), help=say("cli.flag.inspect_data")),
        option("--scaling", metavar="0..1|-1..1|...", help=say("cli.flag.inspect_scaling", known=", ".join(FIXED_SCALINGS))),
        option("--fit", metavar="stretch|crop|pad", help=say("cli.flag.inspect_fit")),
        option("--classes", metavar=say("cli.word.file")),
        option("--save", is_flag=True),
        *data_flags(),
        *keras_flags(),
    ]


def run(model: str, data: str | None, save: bool, formulas: tuple[str, ...], as_json: bool, **settings: Any) -> int:
    """Inspect the model and print what it is."""
    from olhar.foreign.inspection import to_dict
    from olhar.verbs.inspect import inspect

    settings = without_options(settings) | read_options(settings)
    inspection = inspect(model, data, save, lambdas=lambdas(formulas), progress=progress(), **settings)
    if as_json:
        return print_json(to_dict(inspection))
    _print(inspection)
    return 0


def _print(inspection: "Inspection") -> None:
    out = console()
    out.print(Text(inspection.title, "bold"))
    out.print()
    print_table(*inspection.layer_table(), right=(3,))
    out.print(inspection.total)
    out.print()
    for line in (*_contract(inspection), *map(str, inspection.notices)):
        out.print(line)
    if inspection.trial:
        _print_trial(inspection.trial)
    if inspection.saved:
        out.print(f"\n{say('inspect.saved', where=str(inspection.saved))}")
    if commands := _next_commands(inspection):
        print_next(*commands)


def _contract(inspection: "Inspection") -> list[str]:
    """The pictures that it takes, its classes, and how it wants its pictures: a line each."""
    lines: list[str] = []
    if inspection.shape:
        height, width, channels = inspection.shape
        lines.append(say("inspect.pictures", height=height, width=width, colour=say(f"inspect.channels_{channels}")))
    if inspection.classes:
        names = ", ".join(inspection.classes[:_MOST_NAMES]) + (", ..." if len(inspection.classes) > _MOST_NAMES else "")
        own = inspection.classes_from in ("data", "signature", "stated")
        whence = say(f"inspect.from_{inspection.classes_from}") if own else inspection.classes_from
        lines.append(say("inspect.classes", n=len(inspection.classes), names=names, whence=whence))
    elif inspection.shape:
        lines.append(say("inspect.classes_unknown"))
    if inspection.signature:
        whence = say(f"inspect.by_{_source_of_scaling(inspection)}")
        lines.append(say("inspect.known", scaling=_scaling(inspection.signature), whence=whence))
    elif inspection.shape:
        lines.append(say("inspect.not_known"))
    return lines


def _source_of_scaling(inspection: "Inspection") -> str:
    """Where the scaling comes from; what pictures could not tell is not called inspection."""
    trial = inspection.trial
    if trial is None or inspection.source != "data" or "scaling" not in trial.unsure:
        return inspection.source
    return "file" if trial.backed else "convention"


def _scaling(signature: "Signature") -> str:
    """A signature's scaling, order of channels and fit in words."""
    lows = [(0 - mean) / std for mean, std in zip(signature.mean, signature.std, strict=True)]
    highs = [(1 - mean) / std for mean, std in zip(signature.mean, signature.std, strict=True)]
    order = "gray" if signature.channels == 1 else "bgr" if signature.bgr else "rgb"
    low, high = _bound(min(lows)), _bound(max(highs))
    return say(
        "inspect.scaling", low=low, high=high, colour=say(f"inspect.colour_{order}"), fit=say(f"inspect.fit_{signature.fit}")
    )


def _bound(value: float) -> str:
    """``-1``, ``2.64``."""
    return number(round(value)) if abs(value - round(value)) < 5e-3 else number(value, 2)


def _print_trial(trial: "Tryout") -> None:
    out = console()
    out.print(f"\n{say('inspect.tried', n=trial.scores[0].accuracy.n)}")
    heads = [
        say(f"inspect.column_{column}") for column in ("scaling", "colour", "fit", "right", "interval", "log_loss", "verdict")
    ]
    print_table(heads, [_row(score, trial) for score in trial.scores], right=(3, 5))
    out.print()
    accuracy, as_it_comes = trial.accuracy, trial.as_it_comes
    shares = {"accuracy": percent(accuracy.value), "low": percent(accuracy.low), "high": percent(accuracy.high)}
    out.print(Text(say("inspect.judged", n=accuracy.n, **shares), "bold"))
    if as_it_comes is not None and as_it_comes.value < accuracy.value:
        out.print(say("inspect.as_it_comes", share=as_it_comes.value))
    if not trial.useful:
        out.print(say("inspect.useless", share=trial.guessing))
        return
    if trial.backed and "scaling" in trial.unsure:
        out.print(say("inspect.backed"))
    facets = [facet for facet in trial.unsure if facet != "scaling" or not trial.backed]
    unsure = ", ".join(say(f"inspect.facet_{facet}") for facet in facets)
    out.print(say("inspect.cannot_tell", facets=unsure) if unsure else say("inspect.all_told"))
    doubtful = ", ".join(trial.doubtful[:_MOST_NAMES])
    out.print(say("inspect.order_doubtful", names=doubtful) if doubtful else say("inspect.order_sure"))
    if trial.unreadable:
        out.print(say("inspect.unreadable", n=trial.unreadable))


def _row(score: "Score", trial: "Tryout") -> list[str]:
    """One way of asking the model, how often it was right so, and whether it is the one."""
    candidate, accuracy = score.candidate, score.accuracy
    verdict = say("inspect.chosen") if candidate == trial.chosen else say("inspect.tied") if score.tied else ""
    colour, fit = say(f"inspect.colour_{candidate.colour}"), say(f"inspect.fit_{candidate.fit}")
    right = percent(accuracy.value), accuracy.bounds, number(score.log_loss, 3)
    return [say(f"inspect.scaling_{candidate.scaling}"), colour, fit, *right, verdict]


def _next_commands(inspection: "Inspection") -> list[str]:
    """What to type next: to ask the model, to keep what was said of it, or to find out more with pictures."""
    if inspection.kind == "weights":
        return []
    where, folder, picture = typed(inspection.path), say("cli.word.folder"), say("cli.word.picture")
    keras, trial, stated = inspection.kind == "keras", inspection.trial, inspection.stated
    commands: list[str] = []
    if not keras or inspection.saved or (inspection.signature and not trial and not stated):
        commands = [f"olhar predict {where} {picture}.jpg", f"olhar evaluate {where} {folder}"]
    elif inspection.signature and (stated or (trial and trial.useful)):
        commands = [say("inspect.save_it")]
    if keras and inspection.shape and not trial and inspection.source not in ("beside", "stated"):
        commands.insert(0, f"olhar inspect {where} --data {folder} --save")
    return commands
