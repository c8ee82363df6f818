"""The table of rules: every rule that `check` can report, what it means, and how to mend what breaks it.

Those that reading a file reports stand here; `within` adds those for one file and `between` those for all files
together, each beside the function that finds what breaks it. `docs/rules.md` is printed from this table.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, cast

from msgspec import Struct

from cs_terms.loading.files import Mark
from cs_terms.loading.shape import Claims
from cs_terms.loading.yaml_tree import Map
from cs_terms.model import Entry, Metric, Reading

ERROR, WARNING, INFO = "error", "warning", "info"


class Rule(Struct, frozen=True):
    """One rule that definition files are held to."""

    name: str
    """In kebab-case, as messages print it in brackets."""
    severity: str
    """error, warning or info: a glossary with an error is not used, and info never fails anything."""
    meaning: str
    """What is wrong where it is reported."""
    mending: str
    """How to mend that."""
    halts: bool = False
    """Whether nothing more of the file is read, so that nothing can be said of references to what is in it."""


RULES: dict[str, Rule] = {}
"""Every rule by its name."""


def add_rule(name: str, meaning: str, mending: str, severity: str = ERROR, *, halts: bool = False) -> None:
    """Adds a rule to the table."""
    assert name not in RULES, f"there are two rules called {name}"
    RULES[name] = Rule(name, severity, meaning, mending, halts)


for _rule in (
    ("unreadable", "The file cannot be opened or read.", "Check that it is a regular file that you may read."),
    ("too-large", "The file has too many bytes or values.", "Split it into several files."),
    ("not-utf-8", "The file is not UTF-8 text.", "Save it as UTF-8."),
    ("syntax", "The file is not YAML.", "Do what the message says; often a text needs quotation marks."),
    ("several-documents", "The file has a second YAML document.", "Give each document a file of its own."),
    ("too-deep", "Mappings and lists are nested too deeply.", "Flatten them; the format needs ten levels."),
    ("unknown-anchor", "A text begins with * and YAML looks for an anchor.", "Put the text in quotation marks."),
):
    add_rule(*_rule, halts=True)
add_rule("tag", "A text begins with !, which YAML takes for a tag.", "Put the text in quotation marks.")
add_rule("lost-text", "A text begins with &, and its first word is lost.", "Put the text in quotation marks.")
add_rule("comment", "What follows # may be text, and is lost.", "Put the text in quotation marks.", WARNING)
add_rule("cut-text", "A comma within {...} has cut a text.", "Put the text in quotation marks.")
add_rule("repeated-key", "A mapping has the same key twice.", "Keep one of the two.")
add_rule("wrong-type", "A value is not of the kind that its key takes.", "Write what the message says was expected.")
add_rule("missing-key", "A required key is missing.", "Add the key that the message names.")
add_rule("unknown-key", "A key is not part of the format.", "Correct its spelling, or remove it.")


class Fragment(Struct, frozen=True):
    """What one file says of one entry."""

    kind: str
    """term, metric, aspect or source."""
    entry: Entry
    """What it says; what it does not say is empty."""
    at: Mark
    """Where its id stands."""
    keys: dict[str, Mark]
    """Where the value of each of its keys stands."""


@lru_cache(maxsize=1)
def _split(data: bytes) -> list[bytes]:
    """The lines of a file."""
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


class FileContent(Struct, frozen=True):
    """A file that could be read to its end, as the rules look at it."""

    data: bytes
    """The file as it is."""
    root: Map
    """The tree, without what departs from the schema."""
    fragments: list[Fragment]
    """Its entries."""
    claims: list[Claims]
    """Its claims."""
    marks: set[Mark]
    """Where something wrong has been reported."""

    def line(self, number: int) -> str:
        """The line of that number, counted from 1, as text."""
        lines = _split(self.data)
        return lines[number - 1].decode(errors="replace") if number <= len(lines) else ""

    def readings(self) -> Iterator["LocatedReading"]:
        """The readings of all metrics."""
        for fragment in self.fragments:
            if isinstance(metric := fragment.entry, Metric):
                node = cast("Map", cast("Map", self.root["metrics"])[metric.id])
                items = cast("list[Map]", node.get("readings") or [])
                for reading, item in zip(metric.readings, items, strict=True):
                    yield LocatedReading(metric, reading, item.values_at)


class LocatedReading(NamedTuple):
    """A reading, and where its keys stand."""

    metric: Metric
    reading: Reading
    keys: dict[str, Mark]
