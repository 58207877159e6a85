"""export: the model of a run, or a Keras file, in another form."""

from pathlib import Path
from typing import Any

import click

from olhar.base.errors import UsageError
from olhar.base.texts import say
from olhar.cli.flags import argument, decimal, keras_flags, lambdas, option
from olhar.cli.printing import print_written, progress


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("source", "model"),
        option("--to", metavar="onnx|web|tflite|keras|h5|json|safetensors"),
        option("--single-file", is_flag=True),
        option("--half", is_flag=True),
        option("--any-size", is_flag=True),
        option("--c-array", is_flag=True),
        option("--int8", is_flag=True),
        option("--whole", is_flag=True, help=say("cli.flag.export_whole")),
        option("--into", metavar=say("cli.word.file"), help=say("cli.flag.export_into")),
        option("--at-least", metavar=say("cli.word.share"), type=decimal, default=0.0, help=say("cli.flag.export_at_least")),
        option("--prediction-sets", metavar=say("cli.word.share"), type=decimal, default=0.0, help=say("cli.flag.export_sets")),
        option("--data", metavar=say("cli.word.data"), help=say("cli.flag.export_data")),
        option("--force", is_flag=True),
        *keras_flags(),
    ]


def run(
    source: str, to: str | None, into: str | None, single_file: bool, formulas: tuple[str, ...], as_json: bool, **settings: Any
) -> int:
    """Write the model and print where it is."""
    from olhar.verbs.export import export

    form = _form(to)
    page = form == "web" or single_file
    if page:
        target = _page(Path(source).resolve(), form, into, single_file)
        settings["form"] = "web"
    else:
        target = _target(Path(source).resolve(), form, into)
    written = export(source, target, lambdas=lambdas(formulas), progress=progress(), **settings)
    return print_written("cli.exported_page" if page else "cli.exported", written, as_json)


def _form(to: str | None) -> str | None:
    """The form that was typed.

    Raises:
        UsageError: the name of a file in its place.
    """
    from olhar.exports.forms import FORMS

    if to and set(to) & set("/\\."):
        raise UsageError("export.path_as_form", found=to, known=", ".join((*FORMS, "web")))
    return to.lower() if to else None


def _page(source: Path, form: str | None, into: str | None, single_file: bool) -> Path:
    """The folder or the file to write.

    Raises:
        UsageError: another form, or a name that is not of such a file.
    """
    if form not in (None, "web"):
        raise UsageError("web.other_form", flag="--single-file", form="web")
    if into is None:
        stem = source.name if source.is_dir() else source.stem
        return Path(f"{stem}.html" if single_file else f"{stem}-web")
    if single_file and Path(into).suffix.lower() != ".html":
        raise UsageError("export.other_ending", form="html", found=into)
    return Path(into)


def _target(source: Path, form: str | None, into: str | None) -> Path:
    """The file to write, where somebody has named a form, a file, both, or neither.

    Raises:
        UsageError: the file's ending says another form.
    """
    from olhar.exports.forms import ending

    if into is not None:
        if form and ending(Path(into)) != form:
            raise UsageError("export.other_ending", form=form, found=into)
        return Path(into)
    form = form or "onnx"
    if source.is_dir() and (source / "request.json").is_file():
        return Path(f"{source.name}.{form}")
    target = Path(f"{source.stem}.{form}")
    return target.with_stem(f"{target.stem}-keras3") if target.resolve() == source else target
