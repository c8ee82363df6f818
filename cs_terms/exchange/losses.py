"""The one table of what becomes of each field in each format, and what an export loses by it.

`docs/exchange.md` is printed from it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from cs_terms.exchange.content import Content, walk_all
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import PLAIN, VALUE, Grid, Lines, Page, Row, label

OWN, TEXT, LOST = "own", "text", "lost"
"""A place of its own; written, but for readers alone; left out."""
FORMATS = ("csv", "datahub", "openmetadata", "skos", "okf")
"""The formats, in the order of the table's columns."""


class Field(Struct, frozen=True):
    """One field of the model."""

    path: str
    """Such as term.definition.sources.at."""
    label: str
    """What its values are called, in the plural."""
    places: Mapping[str, str]
    """OWN, TEXT or LOST by format."""


# kinds, key, what the values are called, and csv datahub openmetadata skos okf
_TABLE = (
    ("term metric", "id", "ids", "own own own own own"),
    ("term metric", "name", "names", "own own own own own"),
    ("term metric", "abbreviations.label", "abbreviations", "own own text own text"),
    ("term metric", "also_called.label", "synonyms", "own own own own own"),
    ("term metric", "abbreviations.sources.id", "who uses an abbreviation", "lost lost lost lost lost"),
    ("term metric", "also_called.sources.id", "who uses a synonym", "lost lost lost lost lost"),
    ("term metric", "abbreviations.sources.at", "where an abbreviation is used", "lost lost lost lost lost"),
    ("term metric", "also_called.sources.at", "where a synonym is used", "lost lost lost lost lost"),
    ("term metric", "abbreviations.sources.as", "how an abbreviation is printed", "lost lost lost lost lost"),
    ("term metric", "also_called.sources.as", "how a synonym is printed", "lost lost lost lost lost"),
    ("term metric", "definition.text", "definitions", "own text text own own"),
    ("term metric", "definition.value", "short definitions", "own text text own text"),
    ("term metric", "definition.sources.id", "who defines", "own text text own own"),
    ("term metric", "definition.sources.at", "places of definitions", "own text text own text"),
    ("term metric", "definition.sources.as", "names printed with definitions", "lost lost lost own lost"),
    ("term metric", "definition.note", "notes on definitions", "lost text text own text"),
    ("term metric", "note", "notes", "own text text own text"),
    ("term", "broader", "what a term is part of", "own own own own text"),
    ("term", "broader.sources.id", "who says what is part of what", "lost lost lost own own"),
    ("term", "broader.sources.at", "where it is said what is part of what", "lost lost lost own text"),
    ("term", "broader.sources.as", "names printed with what is part of what", "lost lost lost own lost"),
    ("term", "aspects", "aspects", "lost text text own own"),
    ("term", "aspects.value", "values", "lost text text own own"),
    ("term", "aspects.text", "claims", "lost text text own own"),
    ("term", "aspects.sources.id", "who claims", "lost text text own own"),
    ("term", "aspects.sources.at", "places of claims", "lost text text own text"),
    ("term", "aspects.sources.as", "names printed with claims", "lost lost lost own lost"),
    ("term", "aspects.note", "notes on claims", "lost text text own text"),
    ("term", "metrics", "what a term is measured by", "lost own text own own"),
    ("term", "metrics.sources.id", "who measures by it", "lost lost lost own own"),
    ("term", "metrics.sources.at", "where it is measured by", "lost lost lost own text"),
    ("term", "metrics.sources.as", "names printed for metrics", "lost lost lost own lost"),
    ("metric", "unit", "units", "own own text own own"),
    ("metric", "range", "ranges", "lost lost lost lost lost"),
    ("metric", "better", "which way is better", "own own text own own"),
    ("metric", "pitfalls", "pitfalls", "lost text text own text"),
    ("metric", "unverified", "marks of what is unverified", "lost lost lost lost lost"),
    ("metric", "readings.name", "names of formulas", "own own text own text"),
    ("metric", "readings.formula", "formulas", "own own text own text"),
    ("metric", "readings.inputs", "inputs", "own own text own text"),
    ("metric", "readings.inputs.meaning", "meanings of inputs", "lost lost lost text text"),
    ("metric", "readings.inputs.unit", "units of inputs", "lost lost lost text text"),
    ("metric", "readings.unit", "units of one formula", "lost lost lost lost lost"),
    ("metric", "readings.range", "ranges of one formula", "lost lost lost lost lost"),
    ("metric", "readings.better", "which way is better by one formula", "lost lost lost lost lost"),
    ("metric", "readings.example", "worked examples", "lost lost lost lost lost"),
    ("metric", "readings.sources.id", "who publishes a formula", "own text text own own"),
    ("metric", "readings.sources.at", "places of formulas", "own text text own text"),
    ("metric", "readings.sources.as", "names printed with formulas", "lost lost lost own lost"),
    ("metric", "readings.unverified", "marks of formulas that are unverified", "lost lost lost lost lost"),
    ("metric", "readings.interpretation", "marks of interpretations", "lost lost lost lost lost"),
    ("metric", "readings.note", "notes on formulas", "lost text text own text"),
    ("aspect", "id", "ids of aspects", "lost lost lost own lost"),
    ("aspect", "name", "names of aspects", "lost text text own own"),
    ("aspect", "question", "questions", "lost lost lost own lost"),
    ("aspect", "also_called.label", "other names of aspects", "lost lost lost own lost"),
    ("aspect", "also_called.sources.id", "who uses another name of an aspect", "lost lost lost lost lost"),
    ("aspect", "also_called.sources.at", "where another name of an aspect is used", "lost lost lost lost lost"),
    ("aspect", "also_called.sources.as", "how another name of an aspect is printed", "lost lost lost lost lost"),
    ("aspect", "values", "closed sets of values", "lost lost lost own lost"),
    ("aspect", "key", "key aspects", "lost lost lost lost lost"),
    ("aspect", "note", "notes on aspects", "lost lost lost own lost"),
    ("source", "id", "ids of sources", "own lost lost own own"),
    ("source", "title", "titles", "own text text own own"),
    ("source", "publisher", "publishers", "own lost lost own text"),
    ("source", "url", "addresses", "own text text own own"),
    ("source", "date", "dates", "own lost lost own text"),
    ("source", "note", "notes on sources", "own lost lost own lost"),
    ("together", "terms", "what terms do together", "lost lost lost lost lost"),
    ("together", "text", "sentences on what terms do together", "lost lost lost lost lost"),
    ("together", "value", "words for what terms do together", "lost lost lost lost lost"),
    ("together", "sources.id", "who says what terms do together", "lost lost lost lost lost"),
    ("together", "sources.at", "where it is said what terms do together", "lost lost lost lost lost"),
    ("together", "sources.as", "names printed for what terms do together", "lost lost lost lost lost"),
)
FIELDS = {
    f"{kind}.{key}": Field(f"{kind}.{key}", label, dict(zip(FORMATS, places.split(), strict=True)))
    for kinds, key, label, places in _TABLE
    for kind in kinds.split()
}
"""Every field of the model, by its path."""


class Loss(Struct, frozen=True):
    """One value that a format has no place of its own for."""

    kind: str
    """term, metric, aspect, source or together."""
    id: str
    """The entry's id; the ids of the terms, of what they do together."""
    field: str
    """The path of the field."""
    place: str
    """text where it is written for readers alone, lost where it is left out."""
    value: str
    """What it is."""


class Losses(Answer, frozen=True):
    """Everything that a format has no place of its own for."""

    format: str
    losses: tuple[Loss, ...]
    """In the order of the glossary."""

    def page(self) -> Page:
        """Returns a table, entry by entry."""
        if not self.losses:
            return (Lines((((f"Nothing is lost in {self.format}.", PLAIN),),)),)
        rows = tuple(
            Row(label(f"{each.kind} {each.id}"), ((((each.field.partition(".")[2], PLAIN),),), (((each.place, VALUE),),), (((each.value, PLAIN),),)))
            for each in self.losses
        )  # fmt: skip
        return (Grid(("entry", "field", "place", "value"), rows),)

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("kind", "id", "field", "place", "value")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each value."""
        for each in self.losses:
            yield (each.kind, each.id, each.field, each.place, each.value)

    def summary(self) -> str:
        """Returns one line that says what became of them, or nothing where nothing was lost."""
        parts = []
        for place, words in ((TEXT, "as text only"), (LOST, "left out")):
            counts = Counter(_label(each.field) for each in self.losses if each.place == place)
            if counts:
                most = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(4))
                rest = len(counts) - 4
                more = f" and {rest} more {'kind' if rest == 1 else 'kinds'}" if rest > 0 else ""
                parts.append(f"{words} {sum(counts.values()):,}: {most}{more}")
        return f"{self.format}: {'; '.join(parts)}; --losses lists them" if parts else ""


def _label(path: str) -> str:
    return FIELDS[path].label


def find_losses(content: Content, format: str, places: Mapping[str, str], further: Iterable[Loss]) -> Losses:
    """Returns what a format loses of a glossary: by the table, where `places` does not say otherwise, and `further`."""
    found = [
        Loss(kind, id, path, place, value if isinstance(value, str) else _shown(value))
        for kind, id, path, value in walk_all(content)
        if (place := places.get(path, FIELDS[path].places[format])) != OWN
    ]
    return Losses(format, (*found, *further))


def _shown(value: object) -> str:
    """A value that is no text, in a few words."""
    if isinstance(value, tuple):
        return " to ".join("open" if each is None else str(each) for each in value)
    return "true" if value is True else "false" if value is False else _example(value)


def _example(value: object) -> str:
    inputs, result = getattr(value, "inputs", {}), getattr(value, "result", value)
    return ", ".join((*(f"{name}={_number(each)}" for name, each in inputs.items()), f"result {result}"))


def _number(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
