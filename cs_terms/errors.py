"""What can go wrong, and the exit code that says so. `cli.main` alone turns these into words on standard error."""

from msgspec import Struct

from cs_terms.text import point_at, printable

NOT_THERE = 1
"""A name that is not there, no hit, no result, errors found by `check`, losses with `export --strict`, or a file that cannot
be imported."""
USAGE = 2
"""Wrong usage, the missing or bad inputs of `calc` among it."""
BAD_DEFINITIONS = 3
"""A definition layer that cannot be read or is wrong; in `check`, a path that cannot be opened."""
AMBIGUOUS = 4
"""A name that means several entries."""
UNWRITABLE = 5
"""Output that could not be written."""
BUG = 70
"""A fault of csterms itself."""
INTERRUPTED = 130
"""Stopped by Ctrl-C."""


class Candidate(Struct, frozen=True):
    """An entry that a name may mean, or may have been meant to mean."""

    kind: str
    """term, metric, aspect or source."""
    id: str
    """Its id."""
    name: str
    """Its full name."""


class Problem(Struct, frozen=True):
    """One thing wrong in one definition file."""

    path: str
    """The file, as the user can open it."""
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in characters."""
    rule: str
    """The rule that is broken, in kebab-case."""
    severity: str
    """error, warning or info; an error alone fails."""
    message: str
    """What is wrong, what was expected, and what to do."""
    excerpt: str = ""
    """The line as it stands in the file; empty where there is none to show."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.severity}[{self.rule}]: {self.message}"

    def lines(self, encoding: str = "utf-8") -> list[str]:
        """Returns the problem in a line, and below it the line of the file with a caret under the place."""
        return [printable(str(self), encoding), *point_at(self.excerpt, self.line, self.column, encoding)]


class CstermsError(Exception):
    """Whatever a user, a file or the machine can do wrong: the one error that csterms raises on purpose."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        hint: str = "",
        candidates: tuple[Candidate, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> None:
        """`message` says what was wrong and what was expected, `hint` the next step, in one line."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.candidates = candidates
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            filter(None, (*(line for each in self.problems for line in each.lines()), self.message, self.hint))
        )


class UnknownNameError(CstermsError, LookupError):
    """A name that no entry bears; `candidates` are those that it may have been meant to be."""

    def __init__(self, message: str, *, hint: str, candidates: tuple[Candidate, ...]) -> None:
        super().__init__(NOT_THERE, message, hint=hint, candidates=candidates)


class AmbiguousNameError(CstermsError, LookupError):
    """A name that several entries bear: `candidates`."""

    def __init__(self, message: str, *, hint: str, candidates: tuple[Candidate, ...]) -> None:
        super().__init__(AMBIGUOUS, message, hint=hint, candidates=candidates)
