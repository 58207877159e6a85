"""The commands about runs: the list of them, and one that is watched from another terminal while it learns."""

from olhar.base.texts import say
from olhar.cli.flags import argument, option
from olhar.cli.parser import Command, command


def runs(name: str) -> Command:
    """``olhar runs``."""

    def run(folder: str, as_json: bool) -> int:
        from olhar.cli.print_runs import print_runs
        from olhar.runs.listing import list_runs

        return print_runs(list_runs(folder), folder, as_json)

    return command(name, run, argument("folder", "folder", required=False, default="runs"))


def watch(name: str) -> Command:
    """``olhar watch``."""

    def run(run: str, once: bool, as_json: bool) -> int:
        from olhar.cli.watching import print_state, watch

        return print_state(run, as_json) if once or as_json else watch(run)

    return command(name, run, argument("run", "run"), option("--once", is_flag=True, help=say("cli.flag.once")))
