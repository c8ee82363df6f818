"""The answer of `list`: entries by name."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from cs_terms.glossary import View
from cs_terms.model import Aspect, Entry, Metric, Source, Term, abbreviations, also_called
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import PLAIN, VALUE, Grid, Page, Row, label


class Listed(Struct, frozen=True):
    """An entry by name."""

    kind: str
    """term, metric, aspect or source."""
    id: str
    name: str
    abbreviations: tuple[str, ...]
    also_called: tuple[str, ...]
    meaning: str | None
    """What it means in one line: the first sentence of its definition, its question, its publisher."""


class Listing(Answer, frozen=True):
    """Entries by name."""

    entries: tuple[Listed, ...]
    """Kind by kind, in the glossary's order."""

    def page(self) -> Page:
        """Returns a table for each kind."""
        kinds = dict.fromkeys(entry.kind for entry in self.entries)
        return tuple(
            Grid((kind, "name and meaning"), tuple(_row(entry) for entry in self.entries if entry.kind == kind))
            for kind in kinds
        )

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("kind", "id", "name", "abbreviations")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each entry."""
        for each in self.entries:
            yield (each.kind, each.id, each.name, ", ".join(each.abbreviations))


def _row(entry: Listed) -> Row:
    name = entry.name + (f" ({', '.join(entry.abbreviations)})" if entry.abbreviations else "")
    meaning = (((entry.meaning, PLAIN),),) if entry.meaning else ()
    return Row(label(entry.id), ((((name, VALUE),), *meaning),))


def find_meaning(entry: Entry) -> str | None:
    """Returns what an entry means in one line, or None where nothing says so."""
    match entry:
        case Source():
            return entry.publisher
        case Aspect():
            return entry.question
        case Term() | Metric():
            text = next((claim.text or claim.value or "" for claim in entry.definition), "")
            return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0] or None


def list_entries(view: View, kinds: Sequence[str]) -> Listing:
    """Returns all entries of these kinds that the view's sources say anything of."""
    return Listing(
        tuple(
            Listed(
                kind,
                id,
                entry.name,
                tuple(name.label for name in abbreviations(entry)),
                tuple(name.label for name in also_called(entry)),
                find_meaning(entry),
            )
            for kind in kinds
            for id in view.ids_spoken_of(kind)
            for entry in [view.entry(kind, id)]
        )
    )
