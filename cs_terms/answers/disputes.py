"""The answer of `disputes`: where sources contradict each other. Its fields are the public JSON."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cs_terms.answers.compare import contested
from cs_terms.glossary import Glossary
from cs_terms.legend import legend
from cs_terms.model import Aspect, Citations, Source, Term
from cs_terms.resolve import resolve


class ValuePosition(Struct, frozen=True):
    """One value, and who gives it."""

    value: str
    """The value."""
    sources: Citations
    """Who gives it."""


class ContestedAspect(Struct, frozen=True):
    """An aspect of one term on which sources contradict each other."""

    term: str
    """The term's id."""
    term_name: str
    """Its full name."""
    aspect: str
    """The aspect's id."""
    aspect_name: str
    """Its name."""
    positions: tuple[ValuePosition, ...]
    """In the order of the aspect's values."""


class TermPosition(Struct, frozen=True):
    """One term that a metric is given to, and who gives it."""

    term: str
    """The term's id."""
    term_name: str
    """Its full name."""
    sources: Citations
    """Who gives the metric to it."""


class ContestedMetric(Struct, frozen=True):
    """A metric that is given to more than one term."""

    metric: str
    """The metric's id."""
    metric_name: str
    """Its full name."""
    positions: tuple[TermPosition, ...]
    """In the glossary's order."""


class Disputes(Struct, frozen=True):
    """Where sources contradict each other."""

    aspects: tuple[ContestedAspect, ...]
    """Term by term, in the glossary's order."""
    metrics: tuple[ContestedMetric, ...]
    """In the glossary's order."""
    sources: tuple[Source, ...]
    """Who is cited."""


def disputes_about(glossary: Glossary, names: Sequence[str]) -> Disputes:
    """Every dispute that one of these terms is in; all disputes where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = [resolve(glossary, name, ("term",))[1] for name in names] or glossary.ids("term")
    terms = [glossary.term(id) for id in dict.fromkeys(ids)]
    asked = ((term, aspect) for term in terms for aspect in glossary.in_order("aspect", term.aspects))
    aspects = tuple(filter(None, (_about_aspect(term, glossary.aspect(aspect)) for term, aspect in asked)))
    given = glossary.in_order("metric", {metric for term in terms for metric in term.metrics})
    metrics = tuple(filter(None, (_about_metric(glossary, metric) for metric in given)))
    return Disputes(aspects, metrics, legend(glossary, (aspects, metrics)))


def _about_aspect(term: Term, aspect: Aspect) -> ContestedAspect | None:
    claims = term.aspects[aspect.id]
    if not contested(aspect.values, claims):
        return None
    cites = {value: _united(claim.sources for claim in claims if claim.value == value) for value in aspect.values}
    positions = tuple(ValuePosition(value, sources) for value, sources in cites.items() if sources)
    return ContestedAspect(term.id, term.name, aspect.id, aspect.name, positions)


def _united(citations: Iterable[Citations]) -> Citations:
    return tuple(dict.fromkeys(citation for each in citations for citation in each))


def _about_metric(glossary: Glossary, metric: str) -> ContestedMetric | None:
    given = glossary.measured_by(metric)
    if len(given) < 2:
        return None
    positions = tuple(TermPosition(term, glossary.term(term).name, sources) for term, sources in given.items())
    return ContestedMetric(metric, glossary.full_name("metric", metric), positions)
