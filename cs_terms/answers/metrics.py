"""The answer of `metrics`: what terms are measured by."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from cs_terms.glossary import View
from cs_terms.model import Citations, Source, Term
from cs_terms.names import resolve_term
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    CODE,
    MARK,
    MUTED,
    NOTHING,
    Block,
    Grid,
    Heading,
    Lines,
    Page,
    Row,
    cell,
    cite,
    label,
    legend,
)
from cs_terms.output.records import list_sources


class MetricUse(Struct, frozen=True):
    """A metric as one term is measured by it."""

    id: str
    name: str
    abbreviations: tuple[str, ...]
    unit: str | None
    """What it is counted in."""
    better: str | None
    """higher, lower or depends."""
    formula: str | None
    """The formula of its first reading; None where no formula is agreed."""
    sources: Citations
    """Who measures the term by it."""
    also_measures: tuple[str, ...]
    """The ids of the other terms that it is given to."""


class MeasuredTerm(Struct, frozen=True):
    """A term and what it is measured by."""

    id: str
    name: str
    metrics: tuple[MetricUse, ...]
    """In the glossary's order."""


class Metrics(Answer, frozen=True):
    """What terms are measured by."""

    terms: tuple[MeasuredTerm, ...]
    """In the order in which they were asked for; in the glossary's where all are."""
    sources: tuple[Source, ...]
    """Who is cited."""
    as_matrix: bool
    """Whether a page shows metrics by terms, and not term by term."""

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON."""
        return {"terms": self.terms, "sources": self.sources}

    def page(self) -> Page:
        """Returns each term's metrics, or all terms and metrics in one table."""
        if self.as_matrix:
            return self._matrix()
        blocks = [block for term in self.terms for block in (Heading(f"{term.name} is measured by"), _list_uses(term))]
        return (*blocks, *legend(self.sources))

    def _matrix(self) -> Page:
        metrics = {metric.id: metric for term in self.terms for metric in term.metrics}
        given = {(term.id, metric.id): metric.sources for term in self.terms for metric in term.metrics}
        rows = tuple(
            Row(
                label(metric.name, mark="shared" if metric.also_measures else ""),
                tuple((cite(given[term.id, id]),) if (term.id, id) in given else NOTHING for term in self.terms),
            )
            for id, metric in metrics.items()
        )
        grid = Grid(("Metric", *(term.name for term in self.terms)), rows)
        return (grid, *legend(self.sources)) if rows else ()

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("term", "id", "name", "abbreviations", "unit", "better", "sources")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each metric of each term."""
        for term in self.terms:
            for each in term.metrics:
                names = (each.id, each.name, ", ".join(each.abbreviations))
                yield (term.id, *names, each.unit or "", each.better or "", list_sources(each.sources))


def _list_uses(term: MeasuredTerm) -> Block:
    if not term.metrics:
        return Lines(((("no metric that a source gives to it", MUTED),),))
    rows = tuple(
        Row(
            label(use.name + (f" ({', '.join(use.abbreviations)})" if use.abbreviations else "")),
            (
                (cite(use.sources),),
                cell(", ".join(use.also_measures), MARK),
                cell(use.unit),
                cell(use.better),
                cell(use.formula, CODE),
            ),
        )
        for use in term.metrics
    )
    return Grid(("metric", "says who", "also measures", "unit", "better", "formula"), rows)


def find_metrics(view: View, names: Sequence[str]) -> Metrics:
    """Returns what these terms are measured by; all terms where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = [resolve_term(view, name) for name in names] or view.ids("term")
    terms = map(view.term, ids)
    measured = tuple(MeasuredTerm(term.id, term.name, _find_uses(view, term)) for term in terms)
    return Metrics(measured, view.cited_in(measured), as_matrix=not names)


def _find_uses(view: View, term: Term) -> tuple[MetricUse, ...]:
    return tuple(
        MetricUse(
            metric.id,
            metric.name,
            tuple(name.label for name in metric.abbreviations),
            metric.unit,
            metric.better,
            metric.readings[0].formula if metric.readings else None,
            term.metrics[metric.id],
            tuple(other for other in view.measured_by(metric.id) if other != term.id),
        )
        for metric in map(view.metric, view.in_order("metric", term.metrics))
    )
