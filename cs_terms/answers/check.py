"""The answer of `check`: every problem of the definition files that are given."""

import os
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from cs_terms.errors import Problem
from cs_terms.loading.compiling import find_problems
from cs_terms.loading.files import Layer, layer, shipped
from cs_terms.output.formats import write_json
from cs_terms.text import printable


class Checked(Struct, frozen=True):
    """What is wrong with definition files."""

    problems: tuple[Problem, ...]
    """By place, errors and warnings together."""
    files: int
    """How many files were checked."""

    @property
    def failed(self) -> bool:
        """Whether there is any error; warnings fail nothing."""
        return any(problem.severity == "error" for problem in self.problems)


def checked(paths: Sequence[str], *, no_builtin: bool) -> Checked:
    """Every problem in these files and folders; in the shipped definitions where no path is given.

    References resolve against them and the shipped definitions, and against nothing that only this machine knows of.
    Raises CstermsError (BAD_DEFINITIONS) where a path cannot be opened.
    """
    given = _grouped(layer(path) for path in paths or [shipped()])
    below = [layer(shipped())] if paths and not no_builtin else []
    files = {file.shown for each in given for file in each.files}
    found = find_problems([*below, *given])
    return Checked(tuple(each for each in found if each.severity == "error" or each.path in files), len(files))


def _grouped(layers: Iterable[Layer]) -> list[Layer]:
    """The layers, with files of one folder that were named one by one as one layer, as when the folder is given.

    A file that is given twice, by itself and with its folder, say, counts once.
    """
    grouped: dict[str, Layer] = {}
    seen: set[str] = set()
    for each in layers:
        single = each.files[0].path == each.path
        key = os.path.abspath(os.path.dirname(each.path) if single else each.path)
        before = grouped[key].files if key in grouped else ()
        new = {path: file for file in each.files if (path := os.path.abspath(file.path)) not in seen}
        seen |= new.keys()
        grouped[key] = Layer(each.path, tuple(sorted((*before, *new.values()), key=lambda file: file.path)))
    return list(grouped.values())


def as_text(answer: Checked, encoding: str) -> str:
    """A line a problem, and a line that counts them."""
    return _lines((*map(str, answer.problems), _summary(answer)), encoding)


def as_github(answer: Checked, encoding: str) -> str:
    """An annotation a problem, in the workflow commands of GitHub Actions, and a line that counts them."""
    annotations = (
        f"::{problem.severity} file={_property(problem.path)},line={problem.line},col={problem.column},"
        f"title={_property(problem.rule)}::{_data(problem.message)}"
        for problem in answer.problems
    )
    return _lines((*annotations, _summary(answer)), encoding)


FORMATS: dict[str, Callable[[Checked, str], str]] = {"text": as_text, "json": write_json, "github": as_github}
"""From what -f takes to what prints an answer in an encoding."""


def _lines(lines: Iterable[str], encoding: str) -> str:
    return "".join(f"{printable(line, encoding)}\n" for line in lines)


def _summary(answer: Checked) -> str:
    errors_found = sum(problem.severity == "error" for problem in answer.problems)
    found = f"{_count(errors_found, 'error')}, {_count(len(answer.problems) - errors_found, 'warning')}"
    return f"{_count(answer.files, 'file')} checked: {found if answer.problems else 'no problems'}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
