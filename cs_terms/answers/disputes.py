"""The answer of `disputes`: where sources contradict each other."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cs_terms.compare import contested
from cs_terms.glossary import View
from cs_terms.model import Aspect, Citations, Source, Term
from cs_terms.names import resolve_terms
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import PLAIN, VALUE, Block, Grid, Heading, Line, Lines, Page, Row, cell, cite, label, legend
from cs_terms.output.records import list_sources


class ValuePosition(Struct, frozen=True):
    """One value, and who gives it."""

    value: str
    sources: Citations


class ContestedAspect(Struct, frozen=True):
    """An aspect of one term on which sources contradict each other."""

    term: str
    """The term's id."""
    term_name: str
    aspect: str
    """The aspect's id."""
    aspect_name: str
    positions: tuple[ValuePosition, ...]
    """In the order of the aspect's values."""


class TermPosition(Struct, frozen=True):
    """One term that a metric is given to, and who gives it."""

    term: str
    """The term's id."""
    term_name: str
    sources: Citations


class SharedMetric(Struct, frozen=True):
    """A metric that is given to more than one term."""

    metric: str
    """The metric's id."""
    metric_name: str
    positions: tuple[TermPosition, ...]
    """In the glossary's order."""


class Disputes(Answer, frozen=True):
    """Where sources contradict each other."""

    aspects: tuple[ContestedAspect, ...]
    """Term by term, in the glossary's order."""
    metrics: tuple[SharedMetric, ...]
    """In the glossary's order."""
    sources: tuple[Source, ...]
    """Who is cited."""

    def page(self) -> Page:
        """Returns contested aspects, then metrics that several terms are given."""
        blocks: list[Block] = []
        count = len(self.aspects)
        if self.aspects:
            rows = tuple(
                Row(label(each.term_name), (cell(each.aspect_name), tuple(map(_line, each.positions))))
                for each in self.aspects
            )
            title = f"The sources contradict each other in {count} row{'' if count == 1 else 's'}"
            blocks += [Heading(title), Grid(("term", "row", "positions"), rows)]
        else:
            blocks.append(Lines(((("The sources do not contradict each other.", PLAIN),),)))
        if self.metrics:
            rows = tuple(Row(label(each.metric_name), (tuple(map(_line, each.positions)),)) for each in self.metrics)
            title = "No contradiction: metrics that are given to several terms"
            blocks += [Heading(title), Grid(("metric", "given to, by whom"), rows)]
        return (*blocks, *legend(self.sources))

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("kind", "subject", "aspect", "position", "sources")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each position."""
        for dispute in self.aspects:
            for value in dispute.positions:
                yield ("aspect", dispute.term, dispute.aspect, value.value, list_sources(value.sources))
        for shared in self.metrics:
            for given in shared.positions:
                yield ("metric", shared.metric, "", given.term, list_sources(given.sources))


def _line(position: ValuePosition | TermPosition) -> Line:
    what = position.value if isinstance(position, ValuePosition) else position.term
    return ((what, VALUE), (" ", PLAIN), *cite(position.sources))


def find_disputes(view: View, names: Sequence[str]) -> Disputes:
    """Returns every dispute that one of these terms is in; all disputes where no name is given.

    Raises CstermsError where a name means no term or several.
    """
    ids = resolve_terms(view, names) or view.ids("term")
    terms = [view.term(id) for id in dict.fromkeys(ids)]
    asked = ((term, aspect) for term in terms for aspect in view.in_order("aspect", term.aspects))
    aspects = tuple(filter(None, (_find_positions(term, view.aspect(aspect)) for term, aspect in asked)))
    given = view.in_order("metric", {metric for term in terms for metric in term.metrics})
    metrics = tuple(filter(None, (_find_terms(view, metric) for metric in given)))
    return Disputes(aspects, metrics, view.cited_in((aspects, metrics)))


def _find_positions(term: Term, aspect: Aspect) -> ContestedAspect | None:
    claims = term.aspects[aspect.id]
    if not contested(aspect.values, claims):
        return None
    cited = {
        value: tuple(dict.fromkeys(citation for claim in claims if claim.value == value for citation in claim.sources))
        for value in aspect.values
    }
    positions = tuple(ValuePosition(value, sources) for value, sources in cited.items() if sources)
    return ContestedAspect(term.id, term.name, aspect.id, aspect.name, positions)


def _find_terms(view: View, metric: str) -> SharedMetric | None:
    given = view.measured_by(metric)
    if len(given) < 2:
        return None
    positions = tuple(TermPosition(term, view.full_name("term", term), sources) for term, sources in given.items())
    return SharedMetric(metric, view.full_name("metric", metric), positions)
