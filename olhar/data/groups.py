"""Groups by name: what each picture was taken of, read from its name by a pattern."""

import re
from dataclasses import replace

from olhar.base.errors import RecipeError
from olhar.data.dataset import Dataset


def grouped(dataset: Dataset, pattern: str) -> Dataset:
    """The same pictures, grouped by what a pattern finds in their names.

    Args:
        dataset: N pictures.
        pattern: a regular expression with one group in brackets (``(patient\\d+)``), searched for in each name; pictures in
            whose names it finds nothing are in no group. Empty: the groups that the data brings, if any.

    Raises:
        RecipeError: not such a pattern, or it finds nothing in any name.
    """
    if not pattern:
        return dataset
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise RecipeError("recipe.group", found=pattern) from error
    if compiled.groups != 1:
        raise RecipeError("recipe.group", found=pattern)
    found = [compiled.search(name) for name in dataset.where]
    groups = [(match.group(1) or "") if match else "" for match in found]
    if not any(groups):
        raise RecipeError("recipe.group_nowhere", found=pattern, example=dataset.where[0] if len(dataset) else "")
    return replace(dataset, groups=groups)
