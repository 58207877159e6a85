"""Reading: one way in which data could be read, offered where it is refused because there are several."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from olhar.base.texts import Sentence, typed, undashed


@dataclass(frozen=True)
class Reading:
    """One way to read data, with what to type for it.

    Attributes:
        what: what comes of it, with its counts, in the language in use: "class: apple 20, pear 20".
        below: the folder of the data to give in its place; empty: the data itself.
        options: what to say of it, as keywords of ``olhar.read``: ``{"layout": "*/class"}``.
        data: the data as it was typed; ``read`` fills it.
    """

    what: Sentence
    below: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    data: str = ""

    @property
    def place(self) -> str:
        """What to give as DATA."""
        return f"{self.data.rstrip('/')}/{self.below}" if self.below and self.data else self.below or self.data

    @property
    def flags(self) -> list[str]:
        """What to type behind it, word by word."""
        return [word for name, value in self.options.items() for word in (f"--{name.replace('_', '-')}", value)]

    @property
    def command(self) -> str:
        """The command that reads it so; ``train`` stands for the verb, which a reader does not know."""
        return " ".join(map(typed, ("olhar", "train", undashed(self.place), *self.flags)))

    def of(self, data: str) -> "Reading":
        """The same of data that was typed."""
        return replace(self, data=data)

    def retyped(self, words: list[str]) -> str:
        """The command that a person typed, with this in place of its DATA; ``words`` are those behind ``olhar``."""
        if self.data not in words:
            return self.command
        at = words.index(self.data)
        said = {word for word in self.flags if word.startswith("--")}
        kept = [w for i, w in enumerate(words) if i != at and w not in said and not (i and words[i - 1] in said)]
        where = sum(1 for i, w in enumerate(words[:at]) if w not in said and not (i and words[i - 1] in said))
        return " ".join(map(typed, ("olhar", *kept[:where], self.place, *kept[where:], *self.flags)))

    def to_dict(self, words: list[str] | None = None) -> dict[str, Any]:
        """The form of ``--json``."""
        command = self.retyped(words) if words is not None else self.command
        return {"reading": str(self.what), "place": self.place, **self.options, "command": command}
