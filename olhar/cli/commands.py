"""The commands: what each takes, and which verb it calls. Verbs are imported when they run, so that help is quick."""

from typing import Any

import click

from olhar.base.scaling import FIXED_SCALINGS
from olhar.base.texts import say
from olhar.cli import data_commands
from olhar.cli.flags import (
    argument,
    decimal,
    everywhere,
    keras_flags,
    lambdas,
    option,
    recipe_fields,
    recipe_flags,
    refuse_both,
    several_flags,
)
from olhar.cli.parser import Command, Group, command
from olhar.cli.run_commands import runs, watch
from olhar.cli.tune_command import tune


def build() -> Group:
    """The command ``olhar`` with all that it can do, in the language in use."""
    version = click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=say("cli.flag.version")
    )
    return Group(
        _TABLE,
        _ALIASES,
        help=say("cli.about"),
        epilog=say("cli.epilog"),
        params=[version, *everywhere()[1:]],
        no_args_is_help=False,
        invoke_without_command=True,
        callback=_welcome,
    )


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"olhar {version('olhar')}")
        ctx.exit(0)


@click.pass_context
def _welcome(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _train(name: str) -> Command:
    def run(
        data: str | None, names: str | None, into: str | None, resume: bool, recipe: str | None, as_json: bool, **typed: Any
    ) -> int:
        from olhar.cli.print_several import print_several
        from olhar.cli.printing import print_run, progress
        from olhar.verbs.several import Several
        from olhar.verbs.train import train

        keras: dict[str, Any] = {"architecture": typed["architecture"], "lambdas": lambdas(typed["formulas"])}
        fields = recipe_fields(typed)
        refuse_both(fields)
        more = {name: typed[name] for name in ("keep", "seeds", "keep_as", "tensorboard", "mlflow")}
        run = train(data, names=names, into=into, resume=resume, recipe=recipe, progress=progress(), **keras, **more, **fields)
        return print_several(run, as_json) if isinstance(run, Several) else print_run(run, as_json)

    return command(
        name,
        run,
        argument("data", "data", required=False),
        option("--names", metavar=say("cli.word.file")),
        option("--into", metavar=say("cli.word.run")),
        option("--resume", is_flag=True),
        option("--recipe", metavar=f"{say('cli.word.name')}|F.toml"),
        option("--keep", metavar="F.csv"),
        *several_flags(),
        *recipe_flags(),
        *keras_flags(),
    )


def _check(name: str) -> Command:
    from olhar.cli.check_command import flags, run

    return command(name, run, argument("data", "data"), *flags())


def _evaluate(name: str) -> Command:
    def run(model: str, data: str | None, architecture: str | None, formulas: tuple[str, ...], as_json: bool) -> int:
        from olhar.cli.printing import print_metrics, progress, tell_taught
        from olhar.runs.leakage import count_trained_on
        from olhar.verbs.evaluate import evaluate, judged
        from olhar.verbs.run import own_run

        if data is None:
            own = own_run(model)
            return print_metrics(own.metrics, own.signature.names, as_json, own.measured)
        from olhar.verbs.load import load

        told = progress()
        eye = load(model, architecture=architecture, lambdas=lambdas(formulas), progress=told)
        dataset = judged(data, told)
        metrics = evaluate(eye, dataset, told)
        tell_taught(model, count_trained_on(model, dataset, range(len(dataset))))
        return print_metrics(metrics, eye.signature.names, as_json)

    return command(name, run, argument("model", "model"), argument("data", "data", required=False), *keras_flags())


def _report(name: str) -> Command:
    def run(run: str, into: str | None, open_: bool, as_json: bool) -> int:
        from olhar.cli.printing import print_written
        from olhar.verbs.report import report

        page = report(run, into)
        if open_:
            click.launch(str(page.resolve()))
        return print_written("cli.report_written", page, as_json)

    opens = click.Option(["--open", "open_"], is_flag=True, help=say("cli.flag.open"))
    return command(name, run, argument("run", "run"), option("--into", metavar="F.html", help=say("cli.flag.report_into")), opens)


def _inspect(name: str) -> Command:
    def run(model: str, data: str | None, save: bool, formulas: tuple[str, ...], as_json: bool, **said: Any) -> int:
        from olhar.cli.print_inspection import print_inspection
        from olhar.cli.printing import progress
        from olhar.verbs.inspect import inspect

        found = inspect(model, data, save, lambdas=lambdas(formulas), progress=progress(), **said)
        return print_inspection(found, as_json)

    return command(
        name,
        run,
        argument("model", "model"),
        option("--data", metavar=say("cli.word.data"), help=say("cli.flag.inspect_data")),
        option("--scaling", metavar="0..1|-1..1|...", help=say("cli.flag.inspect_scaling", known=", ".join(FIXED_SCALINGS))),
        option("--fit", metavar="stretch|crop|pad", help=say("cli.flag.inspect_fit")),
        option("--classes", metavar=say("cli.word.file")),
        option("--save", is_flag=True),
        *keras_flags(),
    )


def _export(name: str) -> Command:
    def run(run: str, to: str | None, into: str | None, formulas: tuple[str, ...], as_json: bool, **wanted: Any) -> int:
        from olhar.cli.printing import print_written, progress
        from olhar.verbs.export import export, place

        target = place(run, to, into)
        written = export(run, target, lambdas=lambdas(formulas), progress=progress(), **wanted)
        return print_written("cli.exported", written, as_json)

    return command(
        name,
        run,
        argument("run", "model"),
        option("--to", metavar="onnx|keras|h5|json|safetensors"),
        option("--into", metavar=say("cli.word.file"), help=say("cli.flag.export_into")),
        option("--force", is_flag=True),
        *keras_flags(),
    )


def _predict(name: str) -> Command:
    def run(
        model: str,
        pictures: tuple[str, ...],
        architecture: str | None,
        formulas: tuple[str, ...],
        as_json: bool,
        **wanted: Any,
    ) -> int:
        from olhar.cli.print_answers import print_answers
        from olhar.cli.printing import progress, tell_taught
        from olhar.runs.leakage import count_trained_on
        from olhar.verbs.load import load
        from olhar.verbs.predict import predict

        told = progress()
        eye = load(model, architecture=architecture, lambdas=lambdas(formulas), progress=told)
        answers = predict(eye, pictures, told)
        if (answers.predictions.labels >= 0).any():
            tell_taught(model, count_trained_on(model, answers.data, answers.rows))
        return print_answers(answers, as_json, **wanted)

    return command(
        name,
        run,
        argument("model", "model"),
        argument("pictures", "pictures", nargs=-1),
        click.Option(["--csv", "as_csv"], is_flag=True, help=say("cli.flag.csv")),
        option("--grid", metavar="F.png"),
        option("--sort-into", metavar=say("cli.word.folder")),
        *keras_flags(),
    )


def _serve(name: str) -> Command:
    def run(model: str, architecture: str | None, formulas: tuple[str, ...], as_json: bool, **wanted: Any) -> int:
        from olhar.cli.printing import print_serving, progress, requests_logged
        from olhar.verbs.serve import named, serve

        eye = named(model, architecture=architecture, lambdas=lambdas(formulas), progress=progress())
        with requests_logged():
            serve(eye, ready=lambda url: print_serving(url, as_json), **wanted)
        return 0

    return command(
        name,
        run,
        argument("model", "model"),
        option("--host", default="127.0.0.1", metavar="ADDRESS"),
        option("--port", default=8000, type=int, metavar="N"),
        option("--allow-host", multiple=True, metavar="NAME"),
        option("--allow-origin", multiple=True, metavar="URL"),
        option("--max-megabytes", default=16.0, type=decimal, metavar="N"),
        option("--max-pictures", default=32, type=int, metavar="N"),
        *keras_flags(),
    )


def _models(name: str) -> Command:
    def run(names: tuple[str, ...], size: int, no_speed: bool, as_json: bool) -> int:
        from olhar.cli.printing import print_models, progress
        from olhar.verbs.models import models

        return print_models(models(size, names, speed=not no_speed, progress=progress()), size, as_json)

    return command(
        name,
        run,
        argument("names", "names", nargs=-1, required=False),
        option("--size", default=32, type=int, metavar="N", help=say("cli.flag.models_size")),
        option("--no-speed", is_flag=True),
    )


def _recipes(name: str) -> Command:
    def run(wanted: str | None, as_json: bool) -> int:
        from olhar.cli.printing import print_recipe, print_recipes
        from olhar.verbs.recipes import recipe, recipes

        return print_recipe(recipe(wanted), as_json) if wanted else print_recipes(recipes(), as_json)

    return command(name, run, argument("wanted", "name", required=False))


_TABLE = {
    "train": _train,
    "tune": tune,
    "check": _check,
    "evaluate": _evaluate,
    "report": _report,
    "inspect": _inspect,
    "predict": _predict,
    "export": _export,
    "serve": _serve,
    "runs": runs,
    "watch": watch,
    "models": _models,
    "datasets": data_commands.datasets,
    "pack": data_commands.pack,
    "cache": data_commands.cache,
    "recipes": _recipes,
}
_ALIASES = {"val": "evaluate"}
