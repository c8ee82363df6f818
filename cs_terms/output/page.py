"""What a page says, before a painter decides how it looks: blocks of lines whose parts know their role."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from cs_terms.model import Citations, Claim, Name, Source
from cs_terms.text import has_letters, printable

PLAIN, VALUE, MARK, MUTED, CODE, COUNT = "plain", "value", "mark", "muted", "code", "count"
"""The roles: running text, the value that comes first, what to look out for, asides, formulas, how many say so."""


class Cited(Struct, frozen=True):
    """Who says so, at the end of what they say."""

    sources: tuple[tuple[str, str], ...]
    """The id of each source, and the places in it; empty where the places are not shown."""


Span: TypeAlias = tuple[str, str] | Cited
"""A piece of text and its role, or the sources of the text before it."""
Line: TypeAlias = tuple[Span, ...]
"""Pieces that follow one another. A painter wraps them where there is no room."""


class Items(Struct, frozen=True):
    """Items behind one another, with commas between them. A painter shows as many as fit, and counts the others."""

    items: tuple[Line, ...]
    lines: int | None = None
    """On how many lines they have to fit; None shows them all."""
    more: int = 0
    """How many are left out already."""


Cell: TypeAlias = tuple[Line | Items, ...]
"""Lines under one another."""


class Row(Struct, frozen=True):
    """One row of a grid."""

    label: Cell
    """Its heading, in the first column."""
    cells: tuple[Cell, ...]
    """One for each of the other columns, or one across all of them."""
    ruled: bool = False
    """Whether a rule stands above it."""


class Grid(Struct, frozen=True):
    """A table."""

    columns: tuple[str, ...]
    """The headings, the first column's first."""
    rows: tuple[Row, ...]
    """From top to bottom."""
    even: bool = False
    """Whether the columns after the first are equally wide: columns that are compared."""
    ruled: bool = False
    """Whether a rule stands between the rows: rows of several lines."""
    footer: Line = ()
    """What is said of the table below it."""
    share: int = 40
    """The most that the first column may take of the width, in percent, where columns are not even."""
    figures: bool = False
    """Whether the columns after the first hold figures, which stand on the right."""
    title: str = ""
    """What a document that holds the table calls it; a terminal shows the columns' names alone."""


class Heading(Struct, frozen=True):
    """A title above what follows."""

    text: str


class Lines(Struct, frozen=True):
    """Lines under one another, each a paragraph or an item of a list."""

    lines: tuple[Line, ...]
    """From top to bottom."""
    listed: bool = False
    """Whether each line is an item of a list."""


class LegendEntry(Struct, frozen=True):
    """One source."""

    id: str
    """As it is cited."""
    text: str
    """Publisher, title and date."""
    publisher: str
    """The publisher, or the title where none is named."""
    url: str | None
    """Where to read it."""


class Legend(Struct, frozen=True):
    """The sources that a page cites."""

    entries: tuple[LegendEntry, ...]
    """In the glossary's order."""
    footnotes: bool = False
    """Whether it is there for footnotes and links alone, and a terminal leaves it out."""


Block: TypeAlias = Grid | Heading | Lines | Legend
Page: TypeAlias = tuple[Block, ...]
"""Blocks from top to bottom."""

NOTHING: Cell = ((("-", MUTED),),)
"""A cell in which nothing is said."""
BLANK: Cell = (((" ", PLAIN),),)
"""The same in a table that says what an empty cell means."""
SILENCE: Page = (Lines(((("Nothing is said.", MUTED),),)),)
"""The page of an answer that is empty."""


BARS, NO_BAR = "▁▂▃▄▅▆▇█", "\N{MULTIPLICATION SIGN}"
"""What sparklines are drawn with, and what stands where there is no number."""
_BARS_ALONE = {*BARS, NO_BAR}
_ASCII_BARS = str.maketrans(BARS + NO_BAR, "_.-~=+*#x")
"""The same where the encoding lacks it."""


def clean(part: Any, encoding: str) -> Any:
    """Returns a page, or a part of one, without the characters that a terminal obeys or the encoding lacks.

    Whatever an answer says passes here on its way to a painter: texts, ids, headings and addresses alike.
    """
    if isinstance(part, str):
        if not part.isascii() and not has_letters(encoding, part) and _BARS_ALONE.issuperset(part):
            return part.translate(_ASCII_BARS)
        return printable(part, encoding)
    if isinstance(part, tuple):
        return tuple(clean(each, encoding) for each in part)
    if isinstance(part, Struct):
        return type(part)(*(clean(getattr(part, field), encoding) for field in part.__struct_fields__))
    return part


def draw_bars(values: Sequence[Decimal | None]) -> str:
    """Returns a bar for each number, from the lowest to the highest of them, and a cross where there is none."""
    there = [value for value in values if value is not None]
    if not there:
        return NO_BAR * len(values)
    low, high = min(there), max(there)
    steps = len(BARS) - 1
    middle = BARS[steps // 2]
    return "".join(
        NO_BAR if value is None else BARS[round((value - low) / (high - low) * steps)] if high > low else middle
        for value in values
    )


def cell(text: str | None, role: str = PLAIN) -> Cell:
    """Returns a cell of one piece of text."""
    return (((text, role),),) if text else NOTHING


def join_items(items: Sequence[Line], more: int = 0) -> Line:
    """Returns items as one line, with commas between them, and how many more there are."""
    spans = [span for number, item in enumerate(items) for span in (*((", ", PLAIN),) * bool(number), *item)]
    return (*spans, *(((f", +{more}", COUNT),) if more else ()))


def label(name: str, aside: str | None = None, mark: str = "") -> Cell:
    """Returns the heading of a row, with a mark behind it and an aside below it."""
    first: Line = ((name, VALUE), *(((f" ({mark})", MARK),) if mark else ()))
    return (first, ((aside, MUTED),)) if aside else (first,)


def cite(citations: Citations, *, places: bool = False) -> Line:
    """Returns who says so, each source once, with all its places if they are shown."""
    if not citations:
        return (("(no source)", MUTED),)
    found: dict[str, dict[str, None]] = {}
    for citation in citations:
        printed = f'as "{citation.as_}"' if citation.as_ else None
        found.setdefault(citation.id, {}).update(dict.fromkeys(filter(None, (citation.at, printed))))
    return (Cited(tuple((id, ", ".join(where) if places else "") for id, where in found.items())),)


def say(text: str, citations: Citations, note: str | None = None, *, places: bool = False) -> Line:
    """Returns a sentence, who says so, and the glossary's own remark on it."""
    remark: Line = ((f" Note: {note}", MUTED),) if note else ()
    return ((text, PLAIN), (" ", PLAIN), *cite(citations, places=places), *remark)


def claims_cell(claims: Sequence[Claim], *, contested: bool = False, brief: bool = False, places: bool = False) -> Cell:
    """Returns claims grouped by value: the value first, then each sentence with who says so, and where if `places`.

    `brief` leaves out all but the values, or the texts where there are none.
    """
    if not claims:
        return NOTHING
    lines: list[Line] = [(("contested", MARK),)] if contested else []
    if brief:
        return (*lines, *(((claim.value, VALUE) if claim.value else (claim.text or "", PLAIN),) for claim in claims))
    for value in dict.fromkeys(claim.value for claim in claims):
        alike = [claim for claim in claims if claim.value == value]
        textless = [claim for claim in alike if not claim.text]
        if value is not None:
            citations = tuple(citation for claim in textless for citation in claim.sources)
            lines.append(((value, VALUE), *(((" ", PLAIN), *cite(citations, places=places)) if textless else ())))
        lines += [((f"Note: {claim.note}", MUTED),) for claim in textless if claim.note]
        lines += [say(claim.text, claim.sources, claim.note, places=places) for claim in alike if claim.text]
    return tuple(lines)


def cited_cell(cited: Mapping[str, Citations], *, brief: bool = False, places: bool = False) -> Cell:
    """Returns entries, each with who says so, such as the terms that a term is part of."""
    lines = [
        ((name, VALUE), *(() if brief else ((" ", PLAIN), *cite(citations, places=places))))
        for name, citations in cited.items()
    ]
    return tuple(lines) or NOTHING


def names_line(names: Iterable[Name]) -> Line:
    """Returns abbreviations or synonyms, each with who uses it so and where, as far as that is known."""
    spans: list[Span] = []
    for name in names:
        spans += [(", " if spans else "", PLAIN), (name.label, PLAIN)]
        spans += ((" ", PLAIN), *cite(name.sources, places=True)) if name.sources else ()
    return tuple(spans)


def legend(sources: Iterable[Source], *, footnotes: bool = False) -> tuple[Legend, ...]:
    """Returns the block that says what the ids of the cited sources stand for; none where nobody is cited."""
    entries = tuple(
        LegendEntry(
            source.id,
            ", ".join(filter(None, (source.publisher, f'"{source.title}"', source.date))),
            source.publisher or source.title,
            source.url,
        )
        for source in sources
    )
    return (Legend(entries, footnotes),) if entries else ()


ROOM = 70
"""About how many characters of items fit on two lines, where a painter does not know how wide they are."""


def as_line(part: Line | Items) -> Line:
    """Returns a line of a cell; of items that have to fit, those that do within ROOM, and how many more there are."""
    if not isinstance(part, Items):
        return part
    count = len(part.items)
    while part.lines is not None and count > 1 and sum(map(_length, part.items[:count])) + 2 * count > ROOM:
        count -= 1
    return join_items(part.items[:count], part.more + len(part.items) - count)


def _length(line: Line) -> int:
    return sum(len(span[0]) for span in line if isinstance(span, tuple))
