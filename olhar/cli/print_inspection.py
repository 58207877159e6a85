"""What ``olhar inspect`` prints: what the file is, its layers, its classes, how it wants its pictures, what to type next."""

from rich.text import Text

from olhar.base.signature import Signature
from olhar.base.texts import number, percent, say, typed
from olhar.cli.printing import console, print_json, print_next, print_table
from olhar.foreign.inspection import Inspection, Layer, to_dict
from olhar.foreign.tryout import Score, Tryout

_HEAD, _TAIL = 8, 6
_MOST_NAMES = 20
_LAYERS, _TENSORS = ("layer", "kind", "shape", "parameters"), ("tensor", "type", "sides", "parameters")


def print_inspection(found: Inspection, as_json: bool) -> int:
    """Show what was found."""
    if as_json:
        return print_json(to_dict(found))
    out = console()
    out.print(Text(_what(found), "bold"))
    out.print()
    weights = found.kind == "weights"
    _layers(found.layers, _TENSORS if weights else _LAYERS)
    out.print(say("inspect.total_tensors" if weights else "inspect.total", parameters=found.parameters, n=len(found.layers)))
    out.print()
    for line in _facts(found):
        out.print(line)
    for notice in found.notices:
        out.print(str(notice))
    if found.trial:
        _trial(found.trial)
    if found.saved:
        out.print(f"\n{say('inspect.saved', where=str(found.saved))}")
    _next(found)
    return 0


def _what(found: Inspection) -> str:
    if found.kind != "keras":
        return say(f"inspect.is_{found.kind}", where=found.path.name)
    version = found.written_by or say("inspect.unknown_version")
    key = "inspect.is_teachable" if found.teachable_machine else "inspect.is_keras"
    return say(key, where=found.path.name, version=version)


def _layers(layers: tuple[Layer, ...], columns: tuple[str, ...]) -> None:
    heads = [say(f"inspect.column_{column}") for column in columns]
    short = len(layers) <= _HEAD + _TAIL + 1
    shown = layers if short else (*layers[:_HEAD], *layers[-_TAIL:])
    rows = [[layer.name, layer.kind, _shape(layer.shape), number(layer.parameters)] for layer in shown]
    if not short:
        rows.insert(_HEAD, [say("inspect.more_layers", n=len(layers) - len(shown)), "", "", ""])
    print_table(heads, rows, right=(3,))


def _shape(shape: tuple[int | None, ...] | None) -> str:
    return " x ".join("?" if side is None else str(side) for side in shape or ())


def _facts(found: Inspection) -> list[str]:
    lines: list[str] = []
    if found.shape:
        height, width, channels = found.shape
        lines.append(say("inspect.pictures", height=height, width=width, colour=say(f"inspect.channels_{channels}")))
    if found.classes:
        names = ", ".join(found.classes[:_MOST_NAMES]) + (", ..." if len(found.classes) > _MOST_NAMES else "")
        own = found.classes_from in ("data", "signature", "stated")
        whence = say(f"inspect.from_{found.classes_from}") if own else found.classes_from
        lines.append(say("inspect.classes", n=len(found.classes), names=names, whence=whence))
    elif found.shape:
        lines.append(say("inspect.classes_unknown"))
    if found.signature:
        lines.append(say("inspect.known", scaling=scaling(found.signature), whence=say(f"inspect.by_{_whence(found)}")))
    elif found.shape:
        lines.append(say("inspect.not_known"))
    return lines


def _whence(found: Inspection) -> str:
    """Where the scaling comes from; what pictures could not tell is not called found."""
    trial = found.trial
    if trial is None or found.source != "data" or "scaling" not in trial.unsure:
        return found.source
    return "file" if trial.backed else "convention"


def scaling(signature: Signature) -> str:
    """A signature's scaling, order of channels and fit in words."""
    lows = [(0 - mean) / std for mean, std in zip(signature.mean, signature.std, strict=True)]
    highs = [(1 - mean) / std for mean, std in zip(signature.mean, signature.std, strict=True)]
    order = "gray" if signature.channels == 1 else "bgr" if signature.bgr else "rgb"
    low, high = _plain(min(lows)), _plain(max(highs))
    return say(
        "inspect.scaling", low=low, high=high, colour=say(f"inspect.colour_{order}"), fit=say(f"inspect.fit_{signature.fit}")
    )


def _plain(value: float) -> str:
    """``-1``, ``2.64``."""
    return number(round(value)) if abs(value - round(value)) < 5e-3 else number(value, 2)


def _trial(trial: Tryout) -> None:
    out = console()
    out.print(f"\n{say('inspect.tried', n=trial.scores[0].accuracy.n)}")
    heads = [say(f"inspect.column_{column}") for column in ("scaling", "colour", "fit", "right", "interval", "verdict")]
    print_table(heads, [_row(score, trial) for score in trial.scores], right=(3,))
    out.print()
    accuracy, other = trial.accuracy, trial.as_it_comes
    shares = {"accuracy": percent(accuracy.value), "low": percent(accuracy.low), "high": percent(accuracy.high)}
    out.print(Text(say("inspect.judged", n=accuracy.n, **shares), "bold"))
    if other is not None and other.value < accuracy.value:
        out.print(say("inspect.as_it_comes", share=other.value))
    if not trial.useful:
        out.print(say("inspect.useless", share=trial.guessing))
        return
    if trial.backed and "scaling" in trial.unsure:
        out.print(say("inspect.backed"))
    told = [facet for facet in trial.unsure if facet != "scaling" or not trial.backed]
    unsure = ", ".join(say(f"inspect.facet_{facet}") for facet in told)
    out.print(say("inspect.cannot_tell", facets=unsure) if unsure else say("inspect.all_told"))
    doubtful = ", ".join(trial.doubtful[:_MOST_NAMES])
    out.print(say("inspect.order_doubtful", names=doubtful) if doubtful else say("inspect.order_sure"))
    if trial.unreadable:
        out.print(say("inspect.unreadable", n=trial.unreadable))


def _row(score: Score, trial: Tryout) -> list[str]:
    one, found = score.candidate, score.accuracy
    chosen = one == trial.chosen
    verdict = say("inspect.chosen") if chosen else say("inspect.tied") if score.tied else ""
    interval = say("inspect.interval", low=percent(found.low), high=percent(found.high))
    colour, fit = say(f"inspect.colour_{one.colour}"), say(f"inspect.fit_{one.fit}")
    return [say(f"inspect.scaling_{one.scaling}"), colour, fit, percent(found.value), interval, verdict]


def _next(found: Inspection) -> None:
    where = typed(found.path)
    folder, picture = say("cli.word.folder"), say("cli.word.picture")
    commands: list[str] = []
    if found.kind == "weights":
        return
    if found.kind != "keras" or found.saved or (found.signature and not found.trial and not found.stated):
        commands = [f"olhar predict {where} {picture}.jpg", f"olhar evaluate {where} {folder}"]
    elif found.signature and (found.stated or (found.trial and found.trial.useful)):
        commands = [say("inspect.save_it")]
    if found.kind == "keras" and found.shape and not found.trial and found.source not in ("beside", "stated"):
        commands.insert(0, f"olhar inspect {where} --data {folder} --save")
    if commands:
        print_next(*commands)
