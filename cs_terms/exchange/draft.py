"""A glossary in the making: what an import has found so far, entry by entry and row by row."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import Struct

from cs_terms.errors import NOT_THERE, CstermsError
from cs_terms.exchange.content import Content
from cs_terms.formula import FormulaError, parse
from cs_terms.merge import unite_claims
from cs_terms.model import Aspect, Citation, Citations, Claim, Input, Metric, Name, Reading, Source, Term
from cs_terms.spelling import fold
from cs_terms.text import SIGNS, is_web_address


class Imported(Struct, frozen=True):
    """What an import found, and what it says about it."""

    content: Content
    used: tuple[str, ...] = ()
    """The columns or properties that were read, each with what it was taken for."""
    unused: tuple[str, ...] = ()
    """Those that were not."""
    left_out: tuple[str, ...] = ()
    """What was left out: where it stands, and why."""


class BadFileError(CstermsError):
    """A file that cannot be imported: of another kind, broken, too large, or contradicting itself."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(NOT_THERE, message, hint=hint)


@dataclass
class EntryDraft:
    """A term or a metric in the making."""

    kind: str
    id: str
    name: str
    abbreviations: list[str] = field(default_factory=list)
    also_called: list[str] = field(default_factory=list)
    definition: list[Claim] = field(default_factory=list)
    broader: dict[str, Citations] = field(default_factory=dict)
    aspects: dict[str, list[Claim]] = field(default_factory=dict)
    metrics: dict[str, Citations] = field(default_factory=dict)
    note: str | None = None
    unit: str | None = None
    better: str | None = None
    pitfalls: str | None = None
    readings: dict[str, Reading] = field(default_factory=dict)


class Draft:
    """Entries by kind and id, and sources, each made once."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], EntryDraft] = {}
        self.aspects: dict[str, Aspect] = {}
        self.sources: dict[str, Source] = {}
        self.left_out: list[str] = []
        self._sources: dict[tuple[str, str], str] = {}
        self._ids: dict[tuple[str, str], str] = {}

    def entry(self, kind: str, name: str, id: str, where: str) -> EntryDraft:
        """Returns the entry of this kind and id, made where there is none yet; without an id, that of this name.

        Raises BadFileError where the id is another entry's.
        """
        key = (kind, fold(name))
        if not id:
            id = self._ids.get(key) or self._new_id(kind, name)
            self._ids.setdefault(key, id)
        found = self.entries.get((kind, id))
        if found is None:
            found = self.entries[kind, id] = EntryDraft(kind, id, name or id)
            self._ids.setdefault(key, id)
        elif name and fold(name) != fold(found.name):
            message = f"{where}: the id {id!r} is {found.name!r} in one place and {name!r} here"
            raise BadFileError(message, "give each entry an id of its own")
        return found

    def another(self, kind: str, name: str, qualifier: str, where: str) -> EntryDraft:
        """Returns a new entry of this name, with the qualifier behind it where another entry has the name."""
        if self.find(kind, name) is None:
            return self.entry(kind, name, "", where)
        full, number = f"{name} ({qualifier})", 1
        while self.find(kind, full) is not None:
            number += 1
            full = f"{name} ({qualifier} {number})"
        self.left_out.append(f"{where}: its name alone: another {kind} is called {name!r}; this is now {full!r}")
        return self.entry(kind, full, "", where)

    def _new_id(self, kind: str, name: str) -> str:
        """An id made from a name, and numbered where another entry has it."""
        id = plain = slug(name) or kind
        number = 1
        while (kind, id) in self.entries:
            number += 1
            id = f"{plain}-{number}"
        return id

    def find(self, kind: str, name: str) -> str | None:
        """Returns the id of the entry that bears this id or name, or None where none does."""
        return name if (kind, name) in self.entries else self._ids.get((kind, fold(name)))

    def source(
        self,
        title: str,
        *,
        id: str = "",
        publisher: str = "",
        url: str = "",
        date: str = "",
        note: str = "",
        where: str,
    ) -> str:
        """Returns the id of this source, made where there is none yet. Raises BadFileError as `entry` does."""
        if url and not is_web_address(url):
            self.left_out.append(f"{where}: the address {url!r}: expected http:// or https://, without blanks")
            url = ""
        day = read_date(date) if date else ""
        if date and not day:
            self.left_out.append(f"{where}: the date {date!r}: expected one such as 2023, 2023-04 or 2023-04-20")
        key = (title, url)
        if not id:
            id = self._sources.get(key, "")
            plain, number = slug(title) or "source", 1
            while not id or (id in self.sources and key not in self._sources):
                id, number = plain if number == 1 else f"{plain}-{number}", number + 1
        before = self.sources.get(id)
        if before is not None and title and before.title != title:
            message = f"{where}: the source {id!r} is {before.title!r} in one place and {title!r} here"
            raise BadFileError(message, "give each source an id of its own")
        known = before or Source(id, title or id)
        self.sources[id] = Source(
            id, known.title, known.publisher or publisher or None, known.url or url or None,
            known.date or day or None, known.note or note or None,
        )  # fmt: skip
        self._sources.setdefault(key, id)
        return id

    def add_reading(
        self, entry: EntryDraft, name: str, formula: str, cites: Iterable[Citation], where: str, *, note: str = ""
    ) -> None:
        """Adds a formula by one more publisher. One that csterms cannot read becomes a note, and is listed."""
        name = name or "As given"
        before = entry.readings.get(name)
        if before is not None and before.formula == formula:
            united = tuple(dict.fromkeys((*before.sources, *cites)))
            entry.readings[name] = Reading(
                name, formula, before.inputs, sources=united, note=before.note or note or None
            )
            return
        try:
            inputs = sorted(parse(formula).names)
        except FormulaError as error:
            entry.note = " ".join(filter(None, (entry.note, f"Formula: {formula}")))
            self.left_out.append(f"{where}: the formula, kept as a note: {error}")
            return
        number, plain = 1, name
        while name in entry.readings:
            number += 1
            name = f"{plain} ({number})"
        entry.readings[name] = Reading(
            name, formula, {each: Input(each) for each in inputs}, sources=tuple(cites), note=note or None
        )

    def content(self) -> Content:
        """Returns everything as entries of the model."""
        terms, metrics = [], []
        for each in self.entries.values():
            names = (
                tuple(map(Name, dict.fromkeys(each.abbreviations))),
                tuple(map(Name, dict.fromkeys(each.also_called))),
            )
            definition = unite_claims(each.definition)
            if each.kind == "term":
                said = {aspect: unite_claims(claims) for aspect, claims in each.aspects.items()}
                terms.append(Term(each.id, each.name, *names, definition, each.broader, said, each.metrics, each.note))
            else:
                metrics.append(
                    Metric(
                        each.id,
                        each.name,
                        *names,
                        definition,
                        each.unit,
                        None,
                        each.better,
                        each.pitfalls,
                        tuple(each.readings.values()),
                        None,
                        each.note,
                    )
                )
        return Content(tuple(terms), tuple(metrics), tuple(self.aspects.values()), tuple(self.sources.values()))


def slug(name: str) -> str:
    """Returns an id made from a name: in a-z, 0-9 and hyphens, or in the name's own letters where it has none of these."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    ascii = re.sub("[^a-z0-9]+", "-", "".join(each for each in plain if not unicodedata.combining(each))).strip("-")
    return ascii[:80].strip("-") or re.sub(r"[\W_]+", "-", name.casefold()).strip("-").lstrip(SIGNS)[:80]


def read_date(text: str) -> str:
    """Returns a date as a spreadsheet may have changed it in ISO 8601; nothing where it is none, or could be two."""
    from datetime import date, timedelta

    text = text.strip().removesuffix("T00:00:00").removesuffix(" 00:00:00")
    if re.fullmatch(r"[1-9]\d{4}(\.0+)?", text):  # days since the end of 1899
        return (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    if found := re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", text):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", text):
        first, separator, second, year = found.groups()
        day, month = (second, first) if separator == "/" and int(second) > 12 else (first, second)
        if separator != "." and int(first) <= 12 and int(second) <= 12 and first != second:
            return ""  # the 4th of May to some, the 5th of April to others
    else:
        return ""
    parts = [year, *(f"{int(each):02}" for each in (month, day) if each)]
    try:
        date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError:
        return ""
    return "-".join(parts)
