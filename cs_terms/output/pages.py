"""Answers as pages: which words stand where. How they look is for `table` and `markdown` to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cs_terms.model import Citations, Together
from cs_terms.output.cells import NOTHING, cites, claims_cell, keyed_cell, label, legend_of, plain, said, who
from cs_terms.output.page import CODE, MARK, MUTED, PLAIN, VALUE, Block, Cell, Grid, Heading, Line, Lines, Page, Row
from cs_terms.output.pages_show import entries_page

if TYPE_CHECKING:  # the command that was called has imported its own answer, and needs no other
    from cs_terms.answers.calc import Calculation
    from cs_terms.answers.comparison import Comparison, ComparisonBySource
    from cs_terms.answers.disputes import Disputes
    from cs_terms.answers.metrics import MeasuredTerm, Metrics
    from cs_terms.answers.search import Hits
    from cs_terms.answers.show import Listing


def comparison_page(answer: Comparison | ComparisonBySource) -> Page:
    """Columns side by side, then metrics, what the terms do together, and who is cited."""
    brief = answer.brief
    columns = answer.columns
    heads = tuple(column.name for column in columns)
    rows = []
    if any(column.definition for column in columns):
        cells = tuple(claims_cell(column.definition, brief=brief) for column in columns)
        rows.append(Row(label("Definition"), cells))
    if any(column.broader for column in columns):
        rows.append(Row(label("Part of"), tuple(keyed_cell(column.broader, brief=brief) for column in columns)))
    for aspect in answer.aspects:
        said_here = (aspect.cells[column.id] for column in columns)
        cells = tuple(claims_cell(cell.claims, contested=cell.contested, brief=brief) for cell in said_here)
        rows.append(Row(label(aspect.name, None if brief else aspect.question), cells))
    blocks: list[Block] = [Grid(("", *heads), tuple(rows), even=True, ruled=True)] if rows else []
    if answer.metrics:
        measured = tuple(
            Row(
                label(metric.name, mark="shared" if len(metric.measures) > 1 else ""),
                tuple(
                    _given(metric.cells[column.id], brief=brief) if column.id in metric.measures else NOTHING
                    for column in columns
                ),
            )
            for metric in answer.metrics
        )
        blocks.append(Grid(("Measured by", *heads), measured, even=True))
    names = {column.id: column.name for column in columns}
    for terms in dict.fromkeys(each.terms for each in answer.together):
        points = tuple(_point(each, brief=brief) for each in answer.together if each.terms == terms)
        together = " and ".join(names.get(term, term) for term in terms)
        blocks += [Heading(f"{together} together"), Lines(points, listed=True)]
    return (*blocks, *(() if brief else legend_of(answer.sources)))


def _point(together: Together, *, brief: bool) -> Line:
    if brief:
        return ((together.text, PLAIN),)
    value: Line = ((together.value, VALUE), (": ", PLAIN)) if together.value else ()
    return (*value, *said(together.text, together.sources))


def _given(citations: Citations, *, brief: bool) -> Cell:
    """That a metric is given to a term, and by whom."""
    return ((("yes", VALUE), *(() if brief else cites(citations))),)


def metrics_page(answer: Metrics) -> Page:
    """Each term's metrics; those that other terms are given too are marked."""
    blocks = [block for term in answer.terms for block in (Heading(f"{term.name} is measured by"), _measured(term))]
    return (*blocks, *legend_of(answer.sources))


def _measured(term: MeasuredTerm) -> Block:
    if not term.metrics:
        return Lines(((("no metric that a source gives to it", MUTED),),))
    rows = tuple(
        Row(
            label(metric.name + (f" ({', '.join(metric.abbreviations)})" if metric.abbreviations else "")),
            (
                (who(metric.sources),),
                (((", ".join(metric.also_measures), MARK),),) if metric.also_measures else NOTHING,
                plain(metric.unit),
                plain(metric.better),
                (((metric.formula, CODE),),) if metric.formula else NOTHING,
            ),
        )
        for metric in term.metrics
    )
    return Grid(("metric", "says who", "also measures", "unit", "better", "formula"), rows)


def matrix_page(answer: Metrics) -> Page:
    """Metrics down, terms across, and in each cell who puts it there; metrics of several terms are marked."""
    metrics = {metric.id: metric for term in answer.terms for metric in term.metrics}
    given = {(term.id, metric.id): metric.sources for term in answer.terms for metric in term.metrics}
    rows = tuple(
        Row(
            label(metric.name, mark="shared" if metric.also_measures else ""),
            tuple((who(given[term.id, id]),) if (term.id, id) in given else NOTHING for term in answer.terms),
        )
        for id, metric in metrics.items()
    )
    grid = Grid(("Metric", *(term.name for term in answer.terms)), rows)
    return (grid, *legend_of(answer.sources)) if rows else ()


def listing_page(answer: Listing) -> Page:
    """Entries by name, kind by kind."""
    blocks: list[Block] = []
    for kind in dict.fromkeys(entry.kind for entry in answer.entries):
        rows = tuple(
            Row(
                label(entry.id),
                (plain(entry.name), plain(", ".join(entry.abbreviations)), plain(", ".join(entry.also_called))),
            )
            for entry in answer.entries
            if entry.kind == kind
        )
        blocks.append(Grid((kind, "name", "abbreviations", "also called"), rows))
    return tuple(blocks)


def hits_page(answer: Hits) -> Page:
    """Entries that were found, and why."""
    rows = tuple(Row(label(hit.id), (plain(hit.kind), plain(hit.name), plain(hit.matched))) for hit in answer.entries)
    return (Grid(("found", "kind", "name", "because of"), rows),)


def disputes_page(answer: Disputes) -> Page:
    """Contested aspects, then metrics that several terms are given."""
    blocks: list[Block] = []
    if answer.aspects:
        rows = tuple(
            Row(
                label(each.term_name),
                (
                    plain(each.aspect_name),
                    tuple(((position.value, VALUE), *cites(position.sources)) for position in each.positions),
                ),
            )
            for each in answer.aspects
        )
        blocks += [Heading("Contested aspects"), Grid(("term", "aspect", "says who"), rows)]
    if answer.metrics:
        rows = tuple(
            Row(
                label(each.metric_name),
                (tuple(((position.term, VALUE), *cites(position.sources)) for position in each.positions),),
            )
            for each in answer.metrics
        )
        blocks += [Heading("Metrics given to several terms"), Grid(("metric", "measures what, says who"), rows)]
    return (*blocks, *legend_of(answer.sources))


def calculation_page(answer: Calculation) -> Page:
    """What each reading gives, how far they lie apart, and which inputs would unlock the others."""
    rows = tuple(
        Row(
            label(result.reading, mark="unverified" if result.unverified else ""),
            (
                (((f"{result.value:f} {result.unit or ''}".strip(), VALUE),),),
                (((result.formula, CODE),),),
                (who(result.sources),),
            ),
        )
        for result in answer.results
    )
    blocks: list[Block] = [Grid((answer.metric_name, "result", "formula", "says who"), rows)]
    if answer.spread:
        low, high = answer.spread.lowest, answer.spread.highest
        unit = f" {answer.spread.unit}" if answer.spread.unit else ""
        mixed = unit and any(result.unit != answer.spread.unit for result in answer.results)
        apart = f"from {low:f} to {high:f}{unit}, {(high - low).normalize():f} apart"
        said_of = (f"Spread of those in{unit}: " if mixed else "Spread: ", VALUE)
        blocks.append(Lines(((said_of, (f"all give {low:f}{unit}" if low == high else apart, PLAIN)),)))
    if answer.better:
        blocks.append(Lines(((("Better: ", VALUE), (answer.better, PLAIN)),)))
    notes = [((result.reading, VALUE), (f": {result.note}", PLAIN)) for result in answer.results if result.note]
    if notes:
        blocks += [Heading("Notes"), Lines(tuple(notes), listed=True)]
    if answer.needs:
        wanting = (((need.reading, VALUE), (f" needs {', '.join(need.inputs)}", PLAIN)) for need in answer.needs)
        blocks += [Heading("With further inputs"), Lines(tuple(wanting), listed=True)]
    return (*blocks, *legend_of(answer.sources))


def page_of(answer: object) -> Page:
    """The page of an answer, whatever command it is of."""
    return _PAGES[type(answer).__name__](answer) or (Lines(((("Nothing is said.", MUTED),),)),)


_PAGES: dict[str, Callable[[Any], Page]] = {
    "Comparison": comparison_page,
    "ComparisonBySource": comparison_page,
    "Metrics": metrics_page,
    "MetricMatrix": matrix_page,
    "Entries": entries_page,
    "Listing": listing_page,
    "Hits": hits_page,
    "Disputes": disputes_page,
    "Calculation": calculation_page,
}
"""From the class of an answer to what makes its page."""
