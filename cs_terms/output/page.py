"""What a page says, before anybody decides how it looks: blocks of lines whose parts know their role."""

from typing import Any, TypeAlias

from msgspec import Struct

from cs_terms.text import printable

Span: TypeAlias = tuple[str, str]
"""A piece of text and its role."""

PLAIN, VALUE, CITE, PLACE, MARK, MUTED, CODE = "plain", "value", "cite", "place", "mark", "muted", "code"
"""The roles: running text, the value that comes first, the id of who says so, where they do, what to look out for,
asides, formulas. Those who say one thing follow one another, each with the place where it is shown."""

Line: TypeAlias = tuple[Span, ...]
"""Pieces that follow one another; wrapped where there is no room."""

Cell: TypeAlias = tuple[Line, ...]
"""Lines under one another."""


class Row(Struct, frozen=True):
    """One row of a grid."""

    label: Cell
    """Its heading, in the first column."""
    cells: tuple[Cell, ...]
    """One for each of the other columns."""


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


class Heading(Struct, frozen=True):
    """A title above what follows."""

    text: str
    """The title."""


class Lines(Struct, frozen=True):
    """Lines under one another, each a paragraph or an item of a list."""

    lines: Cell
    """From top to bottom."""
    listed: bool = False
    """Whether each line is an item of a list."""


class Legend(Struct, frozen=True):
    """The sources that a page cites."""

    entries: tuple["LegendEntry", ...]
    """In the glossary's order."""


class LegendEntry(Struct, frozen=True):
    """One source."""

    id: str
    """As it is cited."""
    text: str
    """Publisher, title and date."""
    url: str | None
    """Where to read it."""


Block: TypeAlias = Grid | Heading | Lines | Legend
Page: TypeAlias = tuple[Block, ...]
"""Blocks from top to bottom."""


def cleaned(part: Any, encoding: str) -> Any:
    """A page, or a part of one, in which no text has a character that a terminal would obey or the encoding lacks.

    Whatever an answer says passes here on its way to a painter: texts, ids, headings and addresses alike.
    """
    if isinstance(part, str):
        return printable(part, encoding)
    if isinstance(part, tuple):
        return tuple(cleaned(each, encoding) for each in part)
    if isinstance(part, Struct):
        return type(part)(*(cleaned(getattr(part, field), encoding) for field in part.__struct_fields__))
    return part
