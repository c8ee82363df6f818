"""The answer of `metrics`: what terms are measured by. Its fields are the public JSON."""

from collections.abc import Sequence

from msgspec import Struct

from cs_terms.glossary import Glossary
from cs_terms.legend import legend
from cs_terms.model import Citations, Source, Term
from cs_terms.resolve import resolve


class MetricUse(Struct, frozen=True):
    """A metric as one term is measured by it."""

    id: str
    """The metric's id."""
    name: str
    """Its full name."""
    abbreviations: tuple[str, ...]
    """Its abbreviations."""
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
    """The term's id."""
    name: str
    """Its full name."""
    metrics: tuple[MetricUse, ...]
    """In the glossary's order."""


class Metrics(Struct, frozen=True):
    """What terms are measured by."""

    terms: tuple[MeasuredTerm, ...]
    """In the order in which they were asked for; in the glossary's where all are."""
    sources: tuple[Source, ...]
    """Who is cited."""


class MetricMatrix(Metrics, frozen=True):
    """The same of all terms, to be shown as metrics by terms."""


def metrics_of(glossary: Glossary, names: Sequence[str]) -> Metrics:
    """What these terms are measured by; all terms where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = [resolve(glossary, name, ("term",))[1] for name in names] or glossary.ids("term")
    terms = [glossary.term(id) for id in ids]
    measured = tuple(MeasuredTerm(term.id, term.name, _uses(glossary, term)) for term in terms)
    return (Metrics if names else MetricMatrix)(measured, legend(glossary, measured))


def _uses(glossary: Glossary, term: Term) -> tuple[MetricUse, ...]:
    metrics = [glossary.metric(id) for id in glossary.in_order("metric", term.metrics)]
    return tuple(
        MetricUse(
            metric.id,
            metric.name,
            tuple(name.label for name in metric.abbreviations),
            metric.unit,
            metric.better,
            metric.readings[0].formula if metric.readings else None,
            term.metrics[metric.id],
            tuple(other for other in glossary.measured_by(metric.id) if other != term.id),
        )
        for metric in metrics
    )
