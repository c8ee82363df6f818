"""The glossary's types: sources, aspects, terms, metrics, and what terms do together.

The same types hold what one file says of an entry (a fragment: any field may be missing, which is the field's empty
value) and what all layers together say of it (see `merge`). Nothing in them is about customers.
"""

from decimal import Decimal
from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType, field


class Citation(Struct, frozen=True):
    """Who says so, and where."""

    id: str
    """The source's id."""
    at: str | None = None
    """The place in it: a section, a table, a row."""
    as_: str | None = field(default=None, name="as")
    """The name as printed there, where it is not the entry's own."""


Citations: TypeAlias = tuple[Citation, ...]


class Name(Struct, frozen=True):
    """An abbreviation or synonym, and who uses it so (nobody in particular, where empty)."""

    label: str
    """The abbreviation or synonym as it is written."""
    sources: Citations = ()
    """Who uses it so."""


class Claim(Struct, frozen=True):
    """What somebody says of one term under one aspect, or in its definition."""

    value: str | None = None
    """A few words that can stand alone: "proactive"."""
    text: str | None = None
    """One sentence."""
    sources: Citations = ()
    """Who says so, each of them by itself."""
    note: str | None = None
    """A remark of the glossary's own, cited to nobody."""
    bare: bool | UnsetType = UNSET
    """True in a fragment for a bare string, held in `text`: it is the value if the aspect's values are closed."""


class Source(Struct, frozen=True):
    """Somebody who says something, in a place that can be looked up."""

    id: str
    """Kebab-case, for good."""
    title: str = ""
    """The title of the article, book or page."""
    publisher: str | None = None
    """Who publishes it."""
    url: str | None = None
    """Where to read it."""
    date: str | None = None
    """When it was published or last changed, as precisely as it is known."""
    note: str | None = None
    """A remark of the glossary's own."""

    @property
    def name(self) -> str:
        """The title: every kind of entry has a name."""
        return self.title


class Aspect(Struct, frozen=True):
    """A question asked of every term."""

    id: str
    """Kebab-case, for good."""
    name: str = ""
    """A word or two, as a row's heading."""
    question: str | None = None
    """The question, answerable by a claim's value."""
    also_called: tuple[Name, ...] = ()
    """What sources call the same question."""
    values: tuple[str, ...] = ()
    """The closed set of answers, in their order; empty where answers are free."""
    key: bool | None = None
    """True for a question that decides a comparison at first sight."""
    note: str | None = None
    """A remark of the glossary's own."""


class Term(Struct, frozen=True):
    """One of the things that are compared."""

    id: str
    """Kebab-case, for good."""
    name: str = ""
    """Its full name."""
    abbreviations: tuple[Name, ...] = ()
    """Its abbreviations, and who uses them so."""
    also_called: tuple[Name, ...] = ()
    """Its synonyms, and who uses them so."""
    definition: tuple[Claim, ...] = ()
    """What it is."""
    broader: dict[str, Citations] = {}
    """The terms it is part of, by id, and who says so."""
    aspects: dict[str, tuple[Claim, ...]] = {}
    """What is said of it, by the aspect's id."""
    metrics: dict[str, Citations] = {}
    """What it is measured by, by the metric's id, and who says so."""
    note: str | None = None
    """A remark of the glossary's own."""


class Input(Struct, frozen=True):
    """One number, or series of numbers, that a formula works on."""

    meaning: str
    """What is counted or measured."""
    unit: str | None = None
    """In what unit."""


NUMBER = r"[-+]?([0-9][0-9_]{0,29}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][-+]?[0-9]{1,2})?"
"""A decimal number of bounded size: 12, -0.5, 1_000, 1e3."""
Number: TypeAlias = Decimal | tuple[Decimal, ...]
"""A number, or a series of them."""


class Example(Struct, frozen=True):
    """A formula worked out once, so that it can be checked."""

    inputs: dict[str, Number]
    """A number or a series for each input."""
    result: Decimal
    """What comes out, right to the digits it is printed with."""


Range: TypeAlias = tuple[Decimal | None, Decimal | None]
"""The lowest and highest value that can come out; None is open."""


class Reading(Struct, frozen=True):
    """One way in which a metric is worked out, and who publishes it."""

    name: str
    """What sets it apart from the metric's other readings."""
    formula: str
    """Arithmetic over the inputs, as `formula` reads it."""
    inputs: dict[str, Input]
    """What the formula works on."""
    unit: str | None = None
    """The unit of the result; the metric's where None."""
    range: Range | None = None
    """The range of the result; the metric's where None."""
    better: str | None = None
    """higher, lower or depends; the metric's where None."""
    example: Example | None = None
    """A worked example."""
    sources: Citations = ()
    """Who publishes it."""
    unverified: bool | None = None
    """True where the glossary's authors could not confirm it."""
    interpretation: bool | None = None
    """True where the formula is the glossary's own reading of an ambiguous text, not one that a source prints."""
    note: str | None = None
    """A remark of the glossary's own, such as how an ambiguous wording was read."""


class Metric(Struct, frozen=True):
    """A measure that sources give to terms."""

    id: str
    """Kebab-case, for good."""
    name: str = ""
    """Its full name."""
    abbreviations: tuple[Name, ...] = ()
    """Its abbreviations, and who uses them so."""
    also_called: tuple[Name, ...] = ()
    """Its synonyms, and who uses them so."""
    definition: tuple[Claim, ...] = ()
    """What it measures."""
    unit: str | None = None
    """What its results are counted in: percent, points, minutes."""
    range: Range | None = None
    """What its results can lie between."""
    better: str | None = None
    """higher, lower or depends."""
    pitfalls: str | None = None
    """What goes wrong with it."""
    readings: tuple[Reading, ...] = ()
    """The ways it is worked out, the primary one first; none where no formula is agreed."""
    unverified: bool | None = None
    """True where too few independent publishers confirm the primary formula."""
    note: str | None = None
    """A remark of the glossary's own, such as why there is no formula."""


class Together(Struct, frozen=True):
    """What two or more terms do together."""

    terms: tuple[str, ...]
    """Their ids."""
    text: str
    """One sentence."""
    value: str | None = None
    """A few words."""
    sources: Citations = ()
    """Who says so."""


class Omission(Struct, frozen=True):
    """One thing that a layer does not adopt of the layers before it."""

    kind: str
    """The kind of the entry that is left out; `term` where `field` says what is left out of one."""
    id: str
    """The id of that entry."""
    field: str = ""
    """Of a term: definition, broader, aspects or metrics; empty where the whole entry is left out."""
    key: str = ""
    """The id of the one aspect, metric or broader term; empty for all of the field."""
    sources: tuple[str, ...] = ()
    """Whose words are left out; everybody's where empty."""


Entry: TypeAlias = Source | Aspect | Term | Metric
"""What has an id and a name and can be shown."""

KINDS: dict[str, type[Entry]] = {"term": Term, "metric": Metric, "aspect": Aspect, "source": Source}
"""The kinds of entry, in the order in which they are listed. The plural is the kind and an s, here and in the files."""


def abbreviations(entry: Entry) -> tuple[Name, ...]:
    """The abbreviations of an entry of any kind."""
    return entry.abbreviations if isinstance(entry, (Term, Metric)) else ()


def also_called(entry: Entry) -> tuple[Name, ...]:
    """The synonyms of an entry of any kind."""
    return () if isinstance(entry, Source) else entry.also_called
