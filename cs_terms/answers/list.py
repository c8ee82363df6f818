"""The answer of `list`: entries by name."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cs_terms.glossary import View
from cs_terms.model import abbreviations, also_called
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import Grid, Page, Row, cell, label


class Listed(Struct, frozen=True):
    """An entry by name."""

    kind: str
    """term, metric, aspect or source."""
    id: str
    name: str
    abbreviations: tuple[str, ...]
    also_called: tuple[str, ...]


class Listing(Answer, frozen=True):
    """Entries by name."""

    entries: tuple[Listed, ...]
    """Kind by kind, in the glossary's order."""

    def page(self) -> Page:
        """Returns a table for each kind."""
        kinds = dict.fromkeys(entry.kind for entry in self.entries)
        return tuple(
            Grid(
                (kind, "name", "abbreviations", "also called"),
                tuple(_row(entry) for entry in self.entries if entry.kind == kind),
            )
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
    names = (", ".join(entry.abbreviations), ", ".join(entry.also_called))
    return Row(label(entry.id), (cell(entry.name), *map(cell, names)))


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
            )
            for kind in kinds
            for id in view.ids_spoken_of(kind)
            for entry in [view.entry(kind, id)]
        )
    )
