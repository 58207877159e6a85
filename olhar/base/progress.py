"""What a person sees while they wait: a bar with the time left, and lines. Everything goes to standard error."""

import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from typing import Protocol

from olhar.base.texts import Sentence, visible


class Advance(Protocol):
    """Moves a bar: ``n`` parts more are done, of ``total`` in all where that has changed."""

    def __call__(self, n: int, total: int | None = None, /) -> object:
        """Move it."""
        ...


class Progress(Protocol):
    """Where a verb tells how far it is."""

    def line(self, sentence: Sentence) -> None:
        """Say one line that stays."""
        ...

    def stage(self, sentence: Sentence, total: int) -> AbstractContextManager[Advance]:
        """A piece of work of ``total`` parts, as a context that gives the function to advance it."""
        ...


class Quiet:
    """Says nothing."""

    def line(self, sentence: Sentence) -> None:
        """Say nothing."""

    @contextmanager
    def stage(self, sentence: Sentence, total: int) -> Generator[Advance]:  # noqa: ARG002
        """Count nothing."""
        yield _nothing


def default_progress() -> Progress:
    """What a call from Python shows where nobody says: progress where somebody may be looking, else nothing."""
    return Terminal() if sys.stderr.isatty() or _in_notebook() else Quiet()


def _in_notebook() -> bool:
    """Whether this is a notebook's kernel; a script that starts kernels has their package imported as well."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class Terminal:
    """Bars where standard error is a terminal or a notebook; plain lines where it is a file or a pipe."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)

    def line(self, sentence: Sentence) -> None:
        """Print one line, above the bar where there is one."""
        self.console.print(visible(str(sentence)), soft_wrap=not self.console.is_terminal)

    @contextmanager
    def stage(self, sentence: Sentence, total: int) -> Generator[Advance]:
        """A bar that goes away when its work is done."""
        if not (self.console.is_terminal or (self.console.is_jupyter and find_spec("ipywidgets"))):
            yield _nothing
            return
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Bars(*columns, console=self.console, transient=True) as bars:
            task = bars.add_task(visible(str(sentence)), total=total)
            yield lambda n, total=None: bars.update(task, advance=n, total=total)


def _nothing(_n: int, _total: int | None = None, /) -> None:
    """Move no bar."""
