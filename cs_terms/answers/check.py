"""The answer of `check`: every problem of the definition files that are given."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, structs

from cs_terms.errors import USAGE, CstermsError, Problem
from cs_terms.loading.compiling import find_problems
from cs_terms.loading.files import PROJECT, SHIPPED, Layer, chosen, layer, project_paths, shipped
from cs_terms.loading.project import EXAMPLE
from cs_terms.loading.rules import ERROR, INFO, RULES, WARNING
from cs_terms.output.formats import write_json
from cs_terms.text import printable


class Checked(Struct, frozen=True):
    """What is wrong with definition files."""

    problems: tuple[Problem, ...]
    """By place, errors, warnings and notes together."""
    files: int
    """How many files were checked."""
    paths: tuple[str, ...]
    """The files that were checked, as they can be opened."""
    references_judged: bool
    """Whether references were checked; not where a file could not be read to its end, which may hold what they mean."""
    strict: bool
    """Whether warnings fail."""

    @property
    def failed(self) -> bool:
        """Whether there is any error, or, where it is strict, any warning."""
        failing = (ERROR, WARNING) if self.strict else (ERROR,)
        return any(problem.severity in failing for problem in self.problems)


def checked(paths: Sequence[str], *, no_builtin: bool, strict: bool = False) -> Checked:
    """Every problem in these files and folders; where none is given, in those of the project and the environment.

    References resolve against these files, the project's and the shipped ones. Where paths are given, the environment is
    not asked, so that the answer is the same on every machine. Raises CstermsError: BAD_DEFINITIONS where a path cannot be
    opened, USAGE where there is nothing to check.
    """
    if paths:
        builtin, named = project_paths()
        below = [layer(path, origin) for path, origin in named]
        if builtin and not no_builtin:
            below.insert(0, layer(shipped(), SHIPPED))
        given = _grouped(layer(path) for path in dict.fromkeys(paths))
        asked = {os.path.abspath(file.path) for each in given for file in each.files}
        layers = [*below, *_without(given, below)]
    else:
        layers = chosen((), no_builtin=no_builtin)
        asked = {os.path.abspath(file.path) for each in layers if each.origin != SHIPPED for file in each.files}
        if not asked:
            raise CstermsError(
                USAGE,
                f"nothing to check: no PATH is given, and neither {PROJECT} nor $CSTERMS_DEFINITIONS names any",
                hint=f"give a file or a folder, as in csterms check glossary/, or a {PROJECT} with {EXAMPLE}",
            )
    files = [file.shown for each in layers for file in each.files if os.path.abspath(file.path) in asked]
    found = find_problems(layers)
    problems = tuple(each for each in found if each.severity == ERROR or each.path in files)
    judged = not any(RULES[each.rule].halts for each in found)
    return Checked(problems, len(files), tuple(files), judged, strict)


def _without(layers: Iterable[Layer], below: Iterable[Layer]) -> list[Layer]:
    """The layers without the files that are in a layer below them, where they count as what they are in the project."""
    known = {os.path.abspath(file.path) for each in below for file in each.files}
    left = (
        structs.replace(each, files=tuple(file for file in each.files if os.path.abspath(file.path) not in known))
        for each in layers
    )
    return [each for each in left if each.files]


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
    """A line a problem, each with what it is about, and a line that counts them."""
    lines = [line for problem in answer.problems for line in problem.lines(encoding)]
    return "".join(f"{line}\n" for line in (*lines, _summary(answer)))


def as_github(answer: Checked, encoding: str) -> str:
    """An annotation a problem, in the workflow commands of GitHub Actions, and a line that counts them."""
    annotations = (
        f"::{_GITHUB.get(problem.severity, problem.severity)} file={_property(problem.path)},line={problem.line},"
        f"col={problem.column},title={_property(problem.rule)}::{_data(problem.message)}"
        for problem in answer.problems
    )
    return "".join(f"{printable(line, encoding)}\n" for line in (*annotations, _summary(answer)))


def as_json(answer: Checked, encoding: str) -> str:
    """The public JSON."""
    keys = ("problems", "files", "references_judged")
    return write_json({key: getattr(answer, key) for key in keys}, encoding)


_GITHUB = {INFO: "notice"}
"""What GitHub calls a severity, where that differs."""
FORMATS: dict[str, Callable[[Checked, str], str]] = {"text": as_text, "json": as_json, "github": as_github}
"""From what -f takes to what prints an answer in an encoding."""


def _summary(answer: Checked) -> str:
    counts = Counter(problem.severity for problem in answer.problems)
    found = f"{_count(counts[ERROR], 'error')}, {_count(counts[WARNING], 'warning')}"
    if counts[INFO]:
        found += f", {_count(counts[INFO], 'note')}"
    unjudged = (
        "" if answer.references_judged else "; references were not judged, as a file could not be read to its end"
    )
    return f"{_count(answer.files, 'file')} checked: {found if answer.problems else 'no problems'}{unjudged}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
