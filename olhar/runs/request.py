"""What a person asked of a training: from flags and keywords to ``request.json``, and back."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.parsing import Count, PathText, checked
from olhar.base.texts import Sentence, is_known
from olhar.base.types import StrPath
from olhar.data.class_names import ClassNames
from olhar.data.dataset import Part
from olhar.data.keep_list import KeepList
from olhar.data.read_as import ReadAs
from olhar.data.read_options import ReadOptions
from olhar.foreign.opening import NOTHING_SAID, Opening
from olhar.training import recipe_files
from olhar.training.recipe import Recipe

if TYPE_CHECKING:
    from olhar.models.own_module import OwnNetwork


@dataclass(frozen=True)
class Request:
    """What a person asked for.

    Attributes:
        data: as ``olhar.train`` takes it; None where a run goes on and its pictures lie where they lay.
        names: names to show in place of the classes' own.
        keep: the keep list that is obeyed, or its file.
        opening: what has to be said to open the Keras file that the training begins from.
        recipe: a Recipe, its file, or the name of one of Olhar's own.
        fields: fields of the recipe as they were typed; they win over ``recipe``.
        own: the person's own network, where the model is one.
        keep_as: the file that holds the best model so far.
        learning_curve: of a head that learns from features, where a test part judges it too.
        reading: what was said of how the data is to be read.
    """

    data: Any = None
    names: ClassNames | None = None
    keep: StrPath | KeepList | None = None
    opening: Opening = NOTHING_SAID
    recipe: Recipe | StrPath | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    own: "OwnNetwork | None" = None
    keep_as: Path | None = None
    learning_curve: bool = False
    reading: ReadOptions = ReadOptions()

    @property
    def base_recipe(self) -> Recipe:
        """The recipe without the fields; the usual one where none was named.

        Raises:
            RecipeError: no such recipe, or a field of it cannot be.
        """
        return read_recipe(self.recipe) or Recipe()

    @property
    def resolved(self) -> Recipe:
        """The recipe with the fields.

        Raises:
            RecipeError: no such recipe, or a field that cannot be.
        """
        return self.base_recipe.with_(self.fields)

    @property
    def explicit_fields(self) -> dict[str, Any]:
        """The fields, and what the recipe says otherwise than one that says nothing.

        Raises:
            RecipeError: no such recipe, or a field of it cannot be.
        """
        usual = asdict(Recipe())
        of_recipe = {name: value for name, value in asdict(self.base_recipe).items() if value != usual[name]}
        return of_recipe | dict(self.fields)

    @property
    def data_path(self) -> str | None:
        """Where the data lies; None where it was handed over in Python, or nobody said."""
        return os.fspath(self.data) if isinstance(self.data, (str, os.PathLike)) else None


@dataclass(frozen=True)
class BaseFile:
    """The Keras file that a run began from, as its copy in the run is called.

    Attributes:
        file: the name of the copy; empty where the model is a folder.
        name: what the person's own is called.
        new_head: it was given outputs for the pictures' classes.
        opening: what had to be said to open it; the architecture by the name of its copy.
        known: for each class the output of the file that meant it until then, -1 where none did.
        last_only: the new head took the place of the last layer alone.
    """

    file: str
    name: str
    new_head: bool
    opening: Opening = NOTHING_SAID
    known: tuple[int, ...] = ()
    last_only: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form that ``request.json`` keeps."""
        architecture = self.opening.architecture.name if self.opening.architecture is not None else ""
        names = {"file": self.file, "name": self.name, "new_head": self.new_head}
        known: dict[str, Any] = {"known": [*self.known], "last_only": self.last_only} if self.new_head else {}
        return names | {"architecture": architecture, "lambdas": dict(self.opening.lambdas)} | known

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "BaseFile":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is damaged, or names a file that is not in the run.
        """
        for name in (stored["file"], stored["architecture"]):
            if name != Path(name).name:
                raise ValueError(name)
        opening = Opening.of(stored["architecture"] or None, stored["lambdas"])
        return cls(
            stored["file"], stored["name"], stored["new_head"], opening, tuple(stored.get("known", ())), stored.get("last_only")
        )


@dataclass(frozen=True)
class StoredRequest:
    """``request.json``: what a run was asked, and what was found of its data before the first step.

    Attributes:
        data: where the pictures lay, or what they were called where they were handed over in Python.
        names: class -> the name to show.
        fields: of the recipe, as they were typed.
        base: the Keras file that the training began from; None where it began from nothing.
        keep: the name of the keep list whose copy is in the run; empty where there is none.
        keep_as: the file that holds the best model so far; empty where nobody asked.
        learning_curve: whether somebody asked for one.
        brought: the parts that the data brings.
        counts: part -> class -> number of pictures.
        findings: what is to be known of the file that it began from, and what was found of the data, most important first.
        folds_seed: the seed that dealt the folds; None where there are none.
        fold: which fold of another run this is, counted from 1; None where it is none.
        went_on_from: the finished run whose classes and pictures this one takes over; empty where there is none.
        reading: what was said of how the data is to be read.
        read_as: what it was read as, as ``ReadAs.to_record`` gives it; empty where a run is from before there was one.
    """

    data: PathText
    names: Mapping[str, str]
    fields: Mapping[str, Any]
    base: BaseFile | None = None
    keep: str = ""
    keep_as: PathText = ""
    learning_curve: bool = False
    brought: tuple[str, ...] = ()
    counts: Mapping[Part, Mapping[str, Count]] = field(default_factory=dict[Part, Mapping[str, int]])
    findings: tuple[Sentence, ...] = ()
    folds_seed: int | None = None
    fold: int | None = None
    went_on_from: PathText = ""
    reading: ReadOptions = ReadOptions()
    read_as: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The form on disk: what there is none of is not named."""
        optional = {"keep": self.keep, "keep_as": self.keep_as, "folds_seed": self.folds_seed, "fold": self.fold}
        optional |= {"went_on_from": self.went_on_from}
        return {
            "data": self.data,
            "names": dict(self.names),
            "fields": dict(self.fields),
            **({"base": self.base.to_dict()} if self.base else {}),
            **({"learning_curve": True} if self.learning_curve else {}),
            **({"reading": self.reading.to_dict()} if self.reading else {}),
            **({"read_as": dict(self.read_as)} if self.read_as else {}),
            "brought": list(self.brought),
            "counts": self.counts,
            "findings": [finding.to_dict() for finding in self.findings],
            **{name: value for name, value in optional.items() if value not in ("", None)},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "StoredRequest":
        """What ``to_dict`` gave, now or in an earlier version.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is damaged.
        """
        return checked(
            cls(
                data=stored["data"],
                names=stored.get("names", {}),
                fields=stored.get("fields", {}),
                base=BaseFile.from_dict(stored["base"]) if stored.get("base") else None,
                keep=stored.get("keep", ""),
                keep_as=stored.get("keep_as", ""),
                learning_curve=stored.get("learning_curve", False),
                brought=tuple(stored.get("brought", ())),
                counts=stored.get("counts", {}),
                findings=tuple(filter(is_known, map(Sentence.from_dict, stored.get("findings", ())))),
                folds_seed=stored.get("folds_seed"),
                fold=stored.get("fold"),
                went_on_from=stored.get("went_on_from", ""),
                reading=ReadOptions.from_dict(stored.get("reading", {})),
                read_as=_sayable(stored.get("read_as", {})),
            )
        )


def _sayable(read_as: Mapping[str, Any]) -> Mapping[str, Any]:
    """What ``ReadAs.to_record`` gave, once it is known that it can be said: the report says it when all else is done.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is damaged.
    """
    str(checked(ReadAs.from_record(read_as)))
    return read_as


def read_recipe(recipe: Recipe | StrPath | None) -> Recipe | None:
    """A recipe as verbs take it; None where none was named.

    Raises:
        RecipeError: no such file, or no recipe of that name.
    """
    return recipe if isinstance(recipe, Recipe) or recipe is None else recipe_files.read(os.fspath(recipe))
