"""The answer of `claims`: every claim as a record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field, structs, to_builtins

from cs_terms.glossary import View
from cs_terms.model import Citation, Citations, Claim, Term, Together
from cs_terms.names import resolve_terms
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import Grid, Page, Row, cell, label


class ClaimRecord(Struct, frozen=True):
    """What one source says of one term in one row of a comparison."""

    term: str
    """The term's id."""
    row: str
    """An aspect's id, `definition`, `part-of`, `metric:ID` or `together`."""
    value: str | None
    text: str | None
    source: str | None
    """The source's id; None where nobody is cited."""
    at: str | None
    """The place in the source."""
    as_: str | None = field(name="as")
    """The name as printed there, where it is not the entry's own."""
    note: str | None
    """The glossary's own remark."""


class Claims(Answer, frozen=True):
    """Every claim as a record."""

    claims: tuple[ClaimRecord, ...]
    """Term by term, row by row, claim by claim, a record for each source."""

    def page(self) -> Page:
        """Returns a table of all records."""
        names = self.header()
        rows = tuple(Row(label(term), tuple(map(cell, others))) for term, *others in self.rows())
        return (Grid(names, rows),) if rows else ()

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ClaimRecord.__struct_encode_fields__

    def rows(self) -> Iterator[Record]:
        """Yields a record for each claim and source."""
        for record in self.claims:
            yield tuple(value or "" for value in structs.astuple(record))

    def records(self) -> list[dict[str, Any]]:
        """Returns a dict for each claim and source; what is not said is None."""
        return to_dicts(self.claims)


def to_dicts(records: Iterable[ClaimRecord]) -> list[dict[str, Any]]:
    """Returns a dict for each record."""
    plain: list[dict[str, Any]] = to_builtins(list(records))
    return plain


def find_claims(view: View, names: Sequence[str]) -> Claims:
    """Returns every claim on these terms; on all terms where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = list(dict.fromkeys(resolve_terms(view, names))) or view.ids("term")
    together = view.together(ids) if len(ids) > 1 else ()
    found: list[ClaimRecord] = []
    for term in map(view.term, ids):
        aspects = {id: term.aspects[id] for id in view.in_order("aspect", term.aspects)}
        metrics = {id: term.metrics[id] for id in view.in_order("metric", term.metrics)}
        found += split_term(structs.replace(term, aspects=aspects, metrics=metrics))
        found += split_together(term.id, together)
    return Claims(tuple(found))


def split_term(term: Term) -> Iterator[ClaimRecord]:
    """Yields a record for each claim and source of a term, in the order of a comparison's rows."""
    yield from split_claims(term.id, "definition", term.definition)
    yield from split_citations(term.id, "part-of", term.broader)
    for aspect, claims in term.aspects.items():
        yield from split_claims(term.id, aspect, claims)
    for metric, citations in term.metrics.items():
        yield from split_claims(term.id, f"metric:{metric}", [Claim(sources=citations)])


def split_citations(term: str, row: str, cited: Mapping[str, Citations]) -> Iterator[ClaimRecord]:
    """Yields a record for each entry and source, with the entry's id as the value."""
    yield from split_claims(term, row, [Claim(id, None, citations) for id, citations in cited.items()])


def split_claims(term: str, row: str, claims: Iterable[Claim]) -> Iterator[ClaimRecord]:
    """Yields a record for each claim and source; one for a claim that nobody is cited for."""
    for claim in claims:
        citations: Iterable[Citation | None] = claim.sources or (None,)
        for citation in citations:
            yield ClaimRecord(
                term,
                row,
                claim.value,
                claim.text,
                citation.id if citation else None,
                citation.at if citation else None,
                citation.as_ if citation else None,
                claim.note,
            )


def split_together(term: str, together: Iterable[Together]) -> Iterator[ClaimRecord]:
    """Yields a record for each source and point on what a term does together with others."""
    points = [Claim(each.value, each.text, each.sources) for each in together if term in each.terms]
    yield from split_claims(term, "together", points)
