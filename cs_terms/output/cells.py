"""The parts that pages are made of: claims, citations and names as cells and lines."""

from collections.abc import Iterable, Mapping, Sequence

from cs_terms.model import Citations, Claim, Name, Source
from cs_terms.output.page import CITE, MARK, MUTED, PLACE, PLAIN, VALUE, Cell, Legend, LegendEntry, Line, Span
from cs_terms.text import said_in

NOTHING: Cell = ((("-", MUTED),),)
"""A cell in which nothing is said."""


def label(name: str, aside: str | None = None, mark: str = "") -> Cell:
    """The heading of a row, with a mark behind it and an aside below it."""
    first: Line = ((name, VALUE), *(((f" ({mark})", MARK),) if mark else ()))
    return (first, ((aside, MUTED),)) if aside else (first,)


def plain(text: str | None) -> Cell:
    """A cell of running text."""
    return (((text, PLAIN),),) if text else NOTHING


def claims_cell(claims: Sequence[Claim], *, contested: bool = False, brief: bool = False, places: bool = False) -> Cell:
    """Claims grouped by value: the value first, then each sentence and who says so, and where if `places` are shown.

    `brief` leaves out all but the values, or the texts where there are none.
    """
    if not claims:
        return NOTHING
    lines: list[Line] = [(("contested", MARK),)] if contested else []
    if brief:
        return (*lines, *(((claim.value, VALUE) if claim.value else (claim.text or "", PLAIN),) for claim in claims))
    for value in dict.fromkeys(claim.value for claim in claims):
        alike = [claim for claim in claims if claim.value == value]
        silent = [claim for claim in alike if not claim.text]
        if value is not None:
            citations = tuple(citation for claim in silent for citation in claim.sources)
            lines.append(((value, VALUE), *(cites(citations, places=places) if silent else ())))
        lines += [(("Note: " + claim.note, MUTED),) for claim in silent if claim.note]
        lines += [said(claim.text, claim.sources, claim.note, places=places) for claim in alike if claim.text]
    return tuple(lines)


def said(text: str, citations: Citations, note: str | None = None, *, places: bool = False) -> Line:
    """A sentence, who says so, and the glossary's own remark on it."""
    return ((text, PLAIN), *cites(citations, places=places), *(((f" Note: {note}", MUTED),) if note else ()))


def cites(citations: Citations, *, places: bool = False) -> tuple[Span, ...]:
    """Who says so, to follow what they say."""
    return ((" ", PLAIN), *who(citations, places=places))


def who(citations: Citations, *, places: bool = False) -> Line:
    """The ids of those who say so, each once, with all the places where they do if those are shown."""
    if not citations:
        return (("(no source)", MUTED),)
    spans: list[Span] = []
    for id, place in said_in(citations).items():
        spans += [(id, CITE), *([(place, PLACE)] if places and place else [])]
    return tuple(spans)


def keyed_cell(keyed: Mapping[str, Citations], *, brief: bool = False, places: bool = False) -> Cell:
    """Entries by id, each with who says so, such as the terms that a term is part of."""
    lines = [((id, VALUE), *(() if brief else cites(citations, places=places))) for id, citations in keyed.items()]
    return tuple(lines) or NOTHING


def names_line(names: Iterable[Name]) -> Line:
    """Abbreviations or synonyms, each with who uses it so, and where, as far as that is known."""
    spans: list[Span] = []
    for name in names:
        spans += [(", " if spans else "", PLAIN), (name.label, PLAIN)]
        spans += cites(name.sources, places=True) if name.sources else ()
    return tuple(spans)


def legend_of(sources: Iterable[Source]) -> tuple[Legend, ...]:
    """The block that says what the ids of the cited sources stand for; none where nobody is cited."""
    entries = tuple(
        LegendEntry(
            source.id,
            ", ".join(filter(None, (source.publisher, f'"{source.title}"', source.date))),
            source.url,
        )
        for source in sources
    )
    return (Legend(entries),) if entries else ()
