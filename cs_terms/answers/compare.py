"""The answer of `compare`: terms side by side, or what each source says of one term."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from cs_terms.answers.claims import ClaimRecord, split_citations, split_claims, split_together, to_dicts
from cs_terms.compare import AspectRow, Column, MetricRow, Rows, compare, keep_differences, keep_fields, shorten
from cs_terms.glossary import View
from cs_terms.merge import narrow
from cs_terms.model import Claim, Source, Term, Together
from cs_terms.names import resolve_aspects, resolve_term
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    NOTHING,
    PLAIN,
    VALUE,
    Block,
    Cell,
    Grid,
    Heading,
    Line,
    Lines,
    Page,
    Row,
    cite,
    cited_cell,
    claims_cell,
    label,
    legend,
    say,
)
from cs_terms.output.records import list_sources, write_claims, write_keys


class Choice(Struct, frozen=True):
    """Which part of a comparison is wanted."""

    aspects: tuple[str, ...] = ()
    """Names of aspects: those rows and nothing else; all rows where empty."""
    differences: bool = False
    """Only the rows that differ."""
    brief: bool = False
    """Values only, texts where there are none."""


class Comparison(Answer, frozen=True):
    """Columns side by side."""

    term: Term | None
    """The one term of which each column, a source, speaks; None where each column is a term."""
    columns: tuple[Column, ...]
    """In the order in which they were asked for; sources in the glossary's."""
    aspects: tuple[AspectRow, ...]
    """In the glossary's order."""
    metrics: tuple[MetricRow, ...]
    """In the glossary's order."""
    together: tuple[Together, ...]
    """What at least two of the terms do together."""
    sources: tuple[Source, ...]
    """Who is cited."""
    brief: bool
    """Whether texts are left out where there are values."""

    @property
    def contested(self) -> list[tuple[str, str]]:
        """The aspect and column of each cell in which sources contradict each other."""
        return [(row.id, id) for row in self.aspects for id, cell in row.cells.items() if cell.contested]

    def __getitem__(self, row_and_column: tuple[str, str]) -> list[str]:
        """Returns the different values, or texts where there are none, of an aspect's id and a column's id."""
        aspect, column = row_and_column
        cells = next((row.cells for row in self.aspects if row.id == aspect), None)
        if cells is None or column not in cells:
            raise KeyError(f"{aspect}, {column}")
        return list(dict.fromkeys(claim.value or claim.text or "" for claim in cells[column].claims))

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON, which differs in its first keys when the columns are sources."""
        shared = {
            "aspects": self.aspects,
            "metrics": self.metrics,
            "together": self.together,
            "sources": self.sources,
            "brief": self.brief,
        }
        if self.term is None:
            return {"terms": self.columns, **shared}
        return {
            "term": {"id": self.term.id, "name": self.term.name},
            "definition": {column.id: column.definition for column in self.columns},
            "broader": {column.id: column.broader for column in self.columns},
            **shared,
        }

    def records(self) -> list[dict[str, Any]]:
        """Returns a dict for each claim and source, with the keys of `claims`."""
        found: list[ClaimRecord] = []
        for column in self.columns:
            term = self.term.id if self.term else column.id
            found += split_claims(term, "definition", column.definition)
            found += split_citations(term, "part-of", column.broader)
            for aspect in self.aspects:
                found += split_claims(term, aspect.id, aspect.cells[column.id].claims)
            for metric in self.metrics:
                if column.id in metric.measures:
                    found += split_claims(term, f"metric:{metric.id}", [Claim(sources=metric.cells[column.id])])
            found += split_together(term, self.together)
        return to_dicts(found)

    def page(self) -> Page:
        """Returns the columns side by side, then metrics, what the terms do together, and who is cited."""
        heads = tuple(column.name for column in self.columns)
        rows = tuple(self._rows_of_page())
        blocks: list[Block] = [Grid(("", *heads), rows, even=True, ruled=True)] if rows else []
        if self.metrics:
            measured = tuple(
                Row(
                    label(metric.name, mark="shared" if len(metric.measures) > 1 else ""),
                    tuple(self._given(metric, column.id) for column in self.columns),
                )
                for metric in self.metrics
            )
            blocks.append(Grid(("Measured by", *heads), measured, even=True))
        names = {column.id: column.name for column in self.columns}
        for terms in dict.fromkeys(each.terms for each in self.together):
            points = tuple(self._point(each) for each in self.together if each.terms == terms)
            title = " and ".join(names.get(term, term) for term in terms)
            blocks += [Heading(f"{title} together"), Lines(points, listed=True)]
        return (*blocks, *(() if self.brief else legend(self.sources)))

    def _rows_of_page(self) -> Iterator[Row]:
        brief = self.brief
        if any(column.definition for column in self.columns):
            yield Row(
                label("Definition"), tuple(claims_cell(column.definition, brief=brief) for column in self.columns)
            )
        if any(column.broader for column in self.columns):
            yield Row(label("Part of"), tuple(cited_cell(column.broader, brief=brief) for column in self.columns))
        for aspect in self.aspects:
            cells = (aspect.cells[column.id] for column in self.columns)
            yield Row(
                label(aspect.name, None if brief else aspect.question),
                tuple(claims_cell(cell.claims, contested=cell.contested, brief=brief) for cell in cells),
            )

    def _given(self, metric: MetricRow, column: str) -> Cell:
        if column not in metric.measures:
            return NOTHING
        return ((("yes", VALUE), *(() if self.brief else ((" ", PLAIN), *cite(metric.cells[column])))),)

    def _point(self, together: Together) -> Line:
        if self.brief:
            return ((together.text, PLAIN),)
        value: Line = ((together.value, VALUE), (": ", PLAIN)) if together.value else ()
        return (*value, *say(together.text, together.sources))

    def header(self) -> Record:
        """Returns `row` and the columns' ids."""
        return ("row", *(column.id for column in self.columns))

    def rows(self) -> Iterator[Record]:
        """Yields a record for each row."""
        columns, brief = self.columns, self.brief
        if any(column.definition for column in columns):
            yield ("definition", *(write_claims(column.definition, brief=brief) for column in columns))
        if any(column.broader for column in columns):
            yield ("part-of", *(write_keys(column.broader, brief=brief) for column in columns))
        for aspect in self.aspects:
            yield (aspect.id, *(write_claims(aspect.cells[column.id].claims, brief=brief) for column in columns))
        for metric in self.metrics:
            # Never empty where the metric is given: that would say that nobody gives it.
            given = {id: list_sources(metric.cells[id]) or "(no source)" for id in metric.measures}
            yield (f"metric:{metric.id}", *(given.get(column.id, "") for column in columns))
        for each in self.together:
            point = write_claims([Claim(each.value, each.text, each.sources)]) if not brief else each.text
            yield ("together", *(point if column.id in each.terms else "" for column in columns))


def compare_terms(view: View, names: Sequence[str], choice: Choice) -> Comparison:
    """Returns these terms side by side. Raises CstermsError where a name means no term or several."""
    terms = [view.term(resolve_term(view, name)) for name in names]
    rows = _choose_rows(view, terms, [term.name for term in terms], choice, all_speak=True)
    together: tuple[Together, ...] = ()
    if not choice.aspects and not choice.differences:
        together = view.together({term.id for term in terms})
    if choice.brief:
        together = tuple(structs.replace(each, text=each.value or each.text) for each in together)
    return _join(None, rows, together, view.cited_in((rows, together)), choice)


def compare_sources(view: View, name: str, choice: Choice) -> Comparison:
    """Returns what each source says of one term. Raises CstermsError where the name means no term or several."""
    term = view.term(resolve_term(view, name))
    sources = view.cited_in(structs.replace(term, abbreviations=(), also_called=()))
    headings = [source.publisher or source.title for source in sources]
    columns = split_by_source(term, [source.id for source in sources])
    # A source that is silent contradicts nobody.
    rows = _choose_rows(view, columns, headings, choice, all_speak=False)
    return _join(term, rows, (), sources, choice)


def split_by_source(term: Term, sources: Sequence[str]) -> list[Term]:
    """Returns what each of these sources says of one term, as a term with the source's id."""
    return [structs.replace(narrow(term, {id}), id=id) for id in sources]


def _join(
    term: Term | None, rows: Rows, together: tuple[Together, ...], sources: tuple[Source, ...], choice: Choice
) -> Comparison:
    return Comparison(term, rows.columns, rows.aspects, rows.metrics, together, sources, choice.brief)


def _choose_rows(
    view: View, columns: Sequence[Term], headings: Sequence[str], choice: Choice, *, all_speak: bool
) -> Rows:
    metrics: list[str] = []
    if choice.aspects:
        aspects = {id for name in choice.aspects for id in resolve_aspects(view, name)}
    else:
        aspects = {aspect for term in columns for aspect in term.aspects}
        metrics = view.in_order("metric", {metric for term in columns for metric in term.metrics})
    rows = compare(
        columns,
        headings,
        map(view.aspect, view.in_order("aspect", aspects)),
        map(view.metric, metrics),
        all_speak=all_speak,
    )
    if choice.aspects:
        rows = structs.replace(rows, columns=keep_fields(rows.columns, definition=False, broader=False))
    if choice.differences:
        rows = keep_differences(rows, all_speak=all_speak)
    return shorten(rows) if choice.brief else rows
