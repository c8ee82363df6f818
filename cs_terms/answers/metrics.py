"""The answer of `metrics`: what terms are measured by."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from cs_terms.glossary import View
from cs_terms.model import Citations, Source, Term
from cs_terms.names import resolve_terms
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    BLANK,
    CODE,
    COUNT,
    MUTED,
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
    readings: int
    """How many readings it has."""
    formula_sources: Citations
    """Who publishes the formula."""


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
    given_to_none: tuple[str, ...] | None
    """The names of the metrics that no source gives to a term, where all terms were asked for; else None."""

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON."""
        return {"terms": self.terms, "sources": self.sources}

    def page(self) -> Page:
        """Returns each term's metrics, or all terms and metrics in one table."""
        if self.given_to_none is not None:
            return self._matrix(self.given_to_none)
        blocks = [block for term in self.terms for block in _list_uses(term)]
        return (*blocks, *legend(self.sources))

    def _matrix(self, given_to_none: Sequence[str]) -> Page:
        metrics = {metric.id: metric for term in self.terms for metric in term.metrics}
        given = {(term.id, metric.id): metric.sources for term in self.terms for metric in term.metrics}
        rows = tuple(
            Row(
                label(_name(metric)),
                tuple(_count_givers(given[term.id, id]) if (term.id, id) in given else BLANK for term in self.terms),
            )
            for id, metric in metrics.items()
        )
        count = len({citation.id for citations in given.values() for citation in citations})
        cited = "1 source says" if count == 1 else f"{count} sources say"
        footer = f"(n) of {cited} so; blank: none does. Who: csterms metrics TERM"
        grid = Grid(("Metric", *(term.name for term in self.terms)), rows, footer=((footer, MUTED),), title="Metrics")
        left: Line = (("Metrics that no source gives to a term: ", VALUE), (", ".join(given_to_none), PLAIN))
        others = (Lines((left,)),) if given_to_none else ()
        return (*((grid,) if rows else ()), *others)

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("term", "id", "name", "abbreviations", "unit", "better", "sources")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each metric of each term."""
        for term in self.terms:
            for each in term.metrics:
                names = (each.id, each.name, ", ".join(each.abbreviations))
                yield (term.id, *names, each.unit or "", each.better or "", list_sources(each.sources))


def _name(use: MetricUse) -> str:
    return use.name + (f" ({', '.join(use.abbreviations)})" if use.abbreviations else "")


def _count_givers(citations: Citations) -> Cell:
    givers = len({citation.id for citation in citations})
    return ((("yes", PLAIN), *(((f" ({givers})", COUNT),) if givers else ())),)


def _list_uses(term: MeasuredTerm) -> Iterator[Block]:
    count = len(term.metrics)
    if not count:
        yield Lines((((f"{term.name}: ", VALUE), ("no source gives it a metric", MUTED)),))
        return
    rows = tuple(
        Row(
            label(_name(use), f"also {', '.join(use.also_measures)}" if use.also_measures else None),
            (
                (cite(use.sources),),
                cell(", ".join(filter(None, (use.unit, use.better and f"{use.better} is better")))),
                _formula_cell(use),
            ),
        )
        for use in term.metrics
    )
    yield Heading(f"{term.name} is measured by {count} metric{'' if count == 1 else 's'}")
    yield Grid(("metric", "given by", "unit", "formula, and who publishes it"), rows, share=30)


def _formula_cell(use: MetricUse) -> Cell:
    if not use.formula:
        return NOTHING
    others = use.readings - 1
    more: Line = ((f" +{others} reading{'' if others == 1 else 's'}", COUNT),) if others else ()
    return (((use.formula, CODE),), (*cite(use.formula_sources), *more))


def find_metrics(view: View, names: Sequence[str]) -> Metrics:
    """Returns what these terms are measured by; all terms where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = list(dict.fromkeys(resolve_terms(view, names))) or view.ids("term")
    terms = map(view.term, ids)
    measured = tuple(MeasuredTerm(term.id, term.name, _find_uses(view, term)) for term in terms)
    given = {metric.id for term in measured for metric in term.metrics}
    nowhere = (
        None if names else tuple(view.full_name("metric", id) for id in view.ids_spoken_of("metric") if id not in given)
    )
    return Metrics(measured, view.cited_in(measured), nowhere)


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
            len(metric.readings),
            metric.readings[0].sources if metric.readings else (),
        )
        for metric in map(view.metric, view.in_order("metric", term.metrics))
    )
