"""Ledger: the memory that the bodies of all requests share, and what each of them holds of it."""

from collections.abc import Generator
from contextlib import contextmanager

from olhar.serving.refusals import Refusal


class Account:
    """What one request holds of the memory that all bodies share."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self.held = 0

    def take(self, count: int) -> None:
        """Hold ``count`` bytes more.

        Raises:
            Refusal: all bodies together would hold too much.
        """
        if self._ledger.held + count > self._ledger.limit:
            raise Refusal("serve.busy")
        self._ledger.held += count
        self.held += count


class Ledger:
    """The memory that all bodies share: however many clients send at once, they hold no more than ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    @contextmanager
    def account(self) -> Generator[Account]:
        """An account for one request; what it took is given back when the request is over."""
        account = Account(self)
        try:
            yield account
        finally:
            self.held -= account.held
