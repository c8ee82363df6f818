"""The answer of `compare`: terms side by side, or what each source says of one term."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct, structs

from cs_terms.answers.first_sight import definition_rows, key_rows, metrics_rows, together_rows, values_row
from cs_terms.compare import (
    AspectRow,
    Column,
    MetricRow,
    Rows,
    compare,
    contested,
    keep_differences,
    keep_fields,
    shorten,
)
from cs_terms.errors import USAGE, CstermsError, UnknownNameError
from cs_terms.glossary import View
from cs_terms.merge import narrow
from cs_terms.model import Citations, Claim, Source, Term, Together
from cs_terms.names import resolve_aspects, resolve_term, resolve_terms
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    MUTED,
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
    claims_cell,
    label,
    legend,
    say,
)
from cs_terms.output.records import list_sources, write_claims
from cs_terms.spelling import fold

OTHER_ROWS = {
    "definition": "definition",
    "inshort": "definition",
    "partof": "part-of",
    "metrics": "metrics",
    "measuredby": "metrics",
    "together": "together",
}
"""The rows that are no aspects and can be chosen as well, by their names, folded."""


NO_DIFFERENCE: Page = (Lines(((("They differ in no row that all of them have.", MUTED),),)),)
"""The page of a comparison whose differences were asked for, where there are none."""


class Choice(Struct, frozen=True):
    """Which part of a comparison is wanted, and how much a page shows of it."""

    rows: tuple[str, ...] = ()
    """Names of aspects, or of OTHER_ROWS: those and nothing else, in this order; all rows where empty."""
    differences: bool = False
    """Only the rows that differ."""
    full: bool = False
    """Everything on the page; else the answer at first sight, unless rows are chosen."""
    brief: bool = False
    """Values only, texts where there are none."""
    places: bool = False
    """Where in its source each claim stands; on a full page by source in any case."""


class Comparison(Answer, frozen=True):
    """Columns side by side."""

    term: Term | None
    """The one term of which each column, a source, speaks; None where each column is a term."""
    columns: tuple[Column, ...]
    """In the order in which they were asked for; sources in the glossary's."""
    aspects: tuple[AspectRow, ...]
    """In the order in which they were asked for; in the glossary's where all are."""
    metrics: tuple[MetricRow, ...]
    """In the glossary's order."""
    together: tuple[Together, ...]
    """What at least two of the terms do together."""
    sources: tuple[Source, ...]
    """Who is cited."""
    choice: Choice
    """What was asked for."""
    order: tuple[str, ...]
    """The rows that were asked for: aspects by id, and OTHER_ROWS; empty where all are."""
    names: dict[str, str]
    """The full names of the terms that do something together, by id."""

    @property
    def contested(self) -> list[tuple[str, str]]:
        """The aspect and column of each cell in which sources contradict each other."""
        return [(row.id, id) for row in self.aspects for id, cell in row.cells.items() if cell.contested]

    def __getitem__(self, row_and_column: tuple[str, str]) -> list[str]:
        """Returns the different values, or texts where there are none, of an aspect and a column, by id or full name."""
        row, column = map(fold, row_and_column)
        cells = next((each.cells for each in self.aspects if row in (fold(each.id), fold(each.name))), {})
        id = next((each.id for each in self.columns if column in (fold(each.id), fold(each.name))), None)
        if id not in cells:
            expected = ", ".join(each.id for each in self.aspects)
            raise KeyError(f"{row_and_column}; the rows are {expected}, the columns {', '.join(self.header()[1:])}")
        return list(dict.fromkeys(claim.value or claim.text or "" for claim in cells[id].claims))

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON, which differs in its first keys when the columns are sources."""
        shared = {
            "aspects": self.aspects,
            "metrics": self.metrics,
            "together": self.together,
            "sources": self.sources,
            "brief": self.choice.brief,
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
        from cs_terms.answers.claims import ClaimRecord, split_citations, split_claims, split_together, to_dicts

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
        """Returns the answer at first sight, or in full where that or some rows are asked for."""
        if self.choice.full or self.choice.brief or self.order:
            return self._full_page() or NO_DIFFERENCE * self.choice.differences
        rows = sorted(self.aspects, key=_has_no_values) if self.choice.differences else key_rows(self.aspects)
        if not (rows or self.metrics or any(column.definition or column.broader for column in self.columns)):
            return NO_DIFFERENCE * self.choice.differences
        return tuple(self._first_sight(rows))

    def _first_sight(self, rows: Sequence[AspectRow]) -> Iterator[Block]:
        counted = self.term is None
        painted = [*definition_rows(self.columns, counted=counted)]
        painted += [values_row(row, self.columns, counted=counted) for row in rows]
        if self.choice.differences:
            painted += self._row("part-of")
        heading = "Measured by, not shared" if self.choice.differences else "Measured by"
        painted += metrics_rows(heading, self.metrics, self.columns, counted=counted)
        painted += together_rows(self.columns, self.together, ruled=not self.metrics)
        heads = tuple(column.name for column in self.columns)
        if self.term is not None:
            yield Heading(f"{self.term.name}, as each source describes it")
        footer: Line = ((self._footer(len(rows)), MUTED),)
        yield Grid(
            ("", *heads), tuple(painted), even=True, footer=footer, title="" if self.term else " and ".join(heads)
        )
        if counted:
            first = {citation.id for column in self.columns for citation in _first_sources(column)}
            yield from legend((source for source in self.sources if source.id in first), footnotes=True)

    def _footer(self, shown: int) -> str:
        """What the counts mean, what an empty cell means, and what is left out."""
        hidden = len(self.aspects) - shown + any(column.broader for column in self.columns)
        rows = f"{hidden} more row{'' if hidden == 1 else 's'}, s" if hidden else "S"
        if self.term is not None:
            return f"Empty: the source does not say. {rows}entences and places: --full"
        cited = "1 source says" if len(self.sources) == 1 else f"{len(self.sources)} sources say"
        if self.choice.differences:
            return f"(n) of {cited} so. Left out: rows alike, and rows of one term only. All rows: --full"
        blank = any(not cell.claims for row in key_rows(self.aspects) for cell in row.cells.values())
        return f"(n) of {cited} so{'; blank: none does' * blank}. {rows}entences: --full"

    def _full_page(self) -> Page:
        """Returns rows, metrics, what the terms do together, and who is cited; key questions first."""
        heads = tuple(column.name for column in self.columns)
        first = [row.id for row in key_rows(self.aspects)]
        others = [row.id for row in self.aspects if row.id not in first]
        order = self.order or ("definition", *first, "metrics", "together", "part-of", *others)
        blocks: list[Block] = []
        for kind, names in groupby(order, lambda name: name if name in ("metrics", "together") else "rows"):
            if kind == "together":
                blocks += self._points()
            elif kind == "metrics" and self.metrics:
                measured = tuple(map(self._metric_row, self.metrics))
                blocks.append(Grid(("Measured by", *heads), measured, even=True))
            elif rows := tuple(row for name in names for row in self._row(name)):
                title = "" if blocks or self.term else " and ".join(heads)
                blocks.append(Grid(("", *heads), rows, even=True, ruled=True, title=title))
        return (*blocks, *(() if self.choice.brief else legend(self.sources)))

    @property
    def _places(self) -> bool:
        return self.choice.places or (self.choice.full and self.term is not None)

    def _row(self, name: str) -> Iterator[Row]:
        brief, places = self.choice.brief, self._places
        if name == "definition" and any(column.definition for column in self.columns):
            cells = tuple(claims_cell(column.definition, brief=brief, places=places) for column in self.columns)
            yield Row(label("Definition"), cells)
        elif name == "part-of" and any(column.broader for column in self.columns):
            relations = (list_relations(column.broader, brief=brief) for column in self.columns)
            yield Row(label("Part of"), tuple(claims_cell(claims, brief=brief, places=places) for claims in relations))
        for aspect in self.aspects:
            if aspect.id == name:
                cells = tuple(
                    claims_cell(cell.claims, contested=cell.contested, brief=brief, places=places)
                    for cell in (aspect.cells[column.id] for column in self.columns)
                )
                yield Row(label(aspect.name, None if brief else aspect.question, self._mark(aspect)), cells)

    def _mark(self, aspect: AspectRow) -> str:
        """By source no cell contradicts itself; the row is contested where the cells contradict each other."""
        claims = (claim for cell in aspect.cells.values() for claim in cell.claims)
        return "contested" if self.term is not None and contested(aspect.values, claims) else ""

    def _metric_row(self, metric: MetricRow) -> Row:
        given = {
            id: (
                (
                    ("yes", VALUE),
                    *(() if self.choice.brief else ((" ", PLAIN), *cite(metric.cells[id], places=self._places))),
                ),
            )
            for id in metric.measures
        }
        cells: tuple[Cell, ...] = tuple(given.get(column.id, ((("-", PLAIN),),)) for column in self.columns)
        return Row(label(metric.name, mark="shared" if len(metric.measures) > 1 else ""), cells)

    def _points(self) -> Iterator[Block]:
        for terms in dict.fromkeys(each.terms for each in self.together):
            points = tuple(self._point(each) for each in self.together if each.terms == terms)
            yield Heading(f"{' and '.join(self.names[term] for term in terms)} together")
            yield Lines(points, listed=True)

    def _point(self, together: Together) -> Line:
        if self.choice.brief:
            return ((together.text, PLAIN),)
        value: Line = ((together.value, VALUE), (": ", PLAIN)) if together.value else ()
        return (*value, *say(together.text, together.sources, places=self._places))

    def header(self) -> Record:
        """Returns `row` and the columns' ids."""
        return ("row", *(column.id for column in self.columns))

    def rows(self) -> Iterator[Record]:
        """Yields a record for each row."""
        columns, brief = self.columns, self.choice.brief
        aspects = {aspect.id: aspect for aspect in self.aspects}
        for name in self.order or ("definition", "part-of", *aspects, "metrics", "together"):
            if name == "definition" and any(column.definition for column in columns):
                yield (name, *(write_claims(column.definition, brief=brief) for column in columns))
            elif name == "part-of" and any(column.broader for column in columns):
                relations = (list_relations(column.broader, brief=brief) for column in columns)
                yield (name, *(write_claims(claims, brief=brief) for claims in relations))
            elif name == "metrics":
                yield from map(self._metric_record, self.metrics)
            elif name == "together":
                yield from map(self._together_record, self.together)
            elif name in aspects:
                cells = aspects[name].cells
                yield (name, *(write_claims(cells[column.id].claims, brief=brief) for column in columns))

    def _metric_record(self, metric: MetricRow) -> Record:
        # Never empty where the metric is given: that would say that nobody gives it.
        given = {id: list_sources(metric.cells[id]) or "(no source)" for id in metric.measures}
        return (f"metric:{metric.id}", *(given.get(column.id, "") for column in self.columns))

    def _together_record(self, each: Together) -> Record:
        point = each.text if self.choice.brief else write_claims([Claim(each.value, each.text, each.sources)])
        return ("together", *(point if column.id in each.terms else "" for column in self.columns))


def _first_sources(column: Column) -> Citations:
    return column.definition[0].sources if column.definition else ()


def _has_no_values(row: AspectRow) -> bool:
    return not any(claim.value for cell in row.cells.values() for claim in cell.claims)


def list_relations(broader: Mapping[str, Citations], *, brief: bool) -> tuple[Claim, ...]:
    """Returns what a term is part of as claims: the other term's id, and as what a source calls the term a part of it."""
    claims: dict[tuple[str, str | None], Citations] = {}
    for id, citations in broader.items():
        for citation in citations:
            claims[id, citation.as_] = (*claims.get((id, citation.as_), ()), citation)
        if not citations:
            claims[id, None] = ()
    if brief:
        return tuple(Claim(f"{id}: {as_}" if as_ else id) for id, as_ in claims)
    return tuple(Claim(id, as_, citations) for (id, as_), citations in claims.items())


def compare_terms(view: View, terms: Sequence[str], choice: Choice) -> Comparison:
    """Returns these terms side by side. Raises CstermsError where a name means no term or several."""
    ids = resolve_terms(view, terms)
    hint = "name another term, or see what each source says of it: csterms compare {} --by source"
    if len(ids) < 2:
        message = f"a comparison takes two terms or more, got {len(ids)}"
        raise CstermsError(USAGE, message, hint=hint.format(ids[0] if ids else "TERM"))
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise CstermsError(USAGE, f"{view.full_name('term', twice[0])} is named twice", hint=hint.format(twice[0]))
    compared = [view.term(id) for id in ids]
    rows, order = _choose_rows(view, compared, [term.name for term in compared], choice, all_speak=True)
    together: tuple[Together, ...] = ()
    if "together" in order or not (order or choice.differences):
        together = view.together(set(ids))
    if choice.brief:
        together = tuple(structs.replace(each, text=each.value or each.text) for each in together)
    sources = view.cited_in((rows, together))
    names = {term: view.full_name("term", term) for each in together for term in each.terms}
    return Comparison(None, rows.columns, rows.aspects, rows.metrics, together, sources, choice, order, names)


def compare_sources(view: View, names: Sequence[str], choice: Choice) -> Comparison:
    """Returns what each source says of one term. Raises CstermsError where the name means no term or several."""
    if len(names) != 1:
        raise CstermsError(USAGE, f"--by source takes one term, got {len(names)}")
    term = view.term(resolve_term(view, names[0]))
    sources = view.cited_in(structs.replace(term, abbreviations=(), also_called=()))
    headings = [source.publisher or source.title for source in sources]
    columns = split_by_source(term, [source.id for source in sources])
    # A source that is silent contradicts nobody.
    rows, order = _choose_rows(view, columns, headings, choice, all_speak=False)
    return Comparison(term, rows.columns, rows.aspects, rows.metrics, (), sources, choice, order, {})


def split_by_source(term: Term, sources: Sequence[str]) -> list[Term]:
    """Returns what each of these sources says of one term, as a term with the source's id."""
    return [structs.replace(narrow(term, {id}), id=id) for id in sources]


def _choose_rows(
    view: View, columns: Sequence[Term], headings: Sequence[str], choice: Choice, *, all_speak: bool
) -> tuple[Rows, tuple[str, ...]]:
    """The rows that are wanted, and their order where some were chosen."""
    order = tuple(dict.fromkeys(row for name in choice.rows for row in _resolve_row(view, name)))
    aspects = [row for row in order if row not in OTHER_ROWS.values()]
    metrics = {metric for term in columns for metric in term.metrics} if not order or "metrics" in order else set()
    if not order:
        aspects = view.in_order("aspect", {aspect for term in columns for aspect in term.aspects})
    rows = compare(
        columns,
        headings,
        map(view.aspect, aspects),
        map(view.metric, view.in_order("metric", metrics)),
        all_speak=all_speak,
    )
    if order:
        kept = keep_fields(rows.columns, definition="definition" in order, broader="part-of" in order)
        rows = structs.replace(rows, columns=kept)
    if choice.differences:
        rows = keep_differences(rows, all_speak=all_speak)
    return (shorten(rows) if choice.brief else rows), order


def _resolve_row(view: View, name: str) -> list[str]:
    """The rows that a name means: aspects by id, or one of OTHER_ROWS."""
    if other := OTHER_ROWS.get(fold(name)):
        return [other]
    try:
        return resolve_aspects(view, name)
    except UnknownNameError as error:
        hint = f"{error.hint}; besides aspects there are definition, part-of, metrics and together"
        raise UnknownNameError(error.message, hint=hint, candidates=error.candidates) from None
