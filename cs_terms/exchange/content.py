"""What is exported or was imported: entries of the model, and every value in them with the path of its field."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import UNSET, Struct, structs

from cs_terms.glossary import View, find_cited
from cs_terms.model import Aspect, Citation, Entry, Example, Metric, Source, Term, Together
from cs_terms.names import resolve

Value = TypeVar("Value")


class Content(Struct, frozen=True):
    """A glossary, or a part of one, that refers to nothing outside itself."""

    terms: tuple[Term, ...] = ()
    """In the glossary's order, as all of these."""
    metrics: tuple[Metric, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    """The questions that the terms answer."""
    sources: tuple[Source, ...] = ()
    """Whoever is cited."""
    together: tuple[Together, ...] = ()
    """What the terms do together."""

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Yields each entry with its kind."""
        for kind, entries in (
            ("term", self.terms),
            ("metric", self.metrics),
            ("aspect", self.aspects),
            ("source", self.sources),
        ):
            for entry in entries:
                yield kind, entry


class Outside(Struct, frozen=True):
    """A reference to an entry that is not exported."""

    id: str
    """The id of the term that refers to it."""
    field: str
    """The key: broader or metrics."""
    to: str
    """What it refers to."""


def select(view: View, names: Sequence[str] = ()) -> tuple[Content, list[Outside]]:
    """Returns these terms and metrics, with what the terms are measured by, and the references that lead outside.

    Everything where no name is given. Raises as `resolve` does.
    """
    found = [resolve(view, name, ("term", "metric")) for name in names]
    if names:
        term_ids = view.in_order("term", {id for kind, id in found if kind == "term"})
        measured = {id for term in term_ids for id in view.term(term).metrics}
        metric_ids = view.in_order("metric", {id for kind, id in found if kind == "metric"} | measured)
    else:
        term_ids, metric_ids = view.ids_spoken_of("term"), view.ids_spoken_of("metric")
    outside: list[Outside] = []
    known = frozenset(term_ids), frozenset(metric_ids)
    terms = tuple(_close(view.term(id), *known, outside) for id in term_ids)
    metrics = tuple(view.metric(id) for id in metric_ids)
    together = tuple(each for each in view.together(term_ids) if known[0].issuperset(each.terms)) if term_ids else ()
    if names:
        used = {aspect for term in terms for aspect in term.aspects}
        aspects = tuple(view.aspect(id) for id in view.in_order("aspect", used))
    else:
        aspects = tuple(view.aspect(id) for id in view.ids_spoken_of("aspect"))
    cited = set(find_cited((terms, metrics, aspects, together)))
    whole = not names and not view.only
    sources = tuple(view.source(id) for id in view.ids("source") if whole or id in cited)
    return Content(terms, metrics, aspects, sources, together), outside


def _close(term: Term, terms: Collection[str], metrics: Collection[str], outside: list[Outside]) -> Term:
    """The term without its references to what is not exported, which are added to `outside`."""
    broader = {id: cites for id, cites in term.broader.items() if id in terms}
    measured = {id: cites for id, cites in term.metrics.items() if id in metrics}
    outside += [Outside(term.id, "broader", id) for id in term.broader if id not in broader]
    outside += [Outside(term.id, "metrics", id) for id in term.metrics if id not in measured]
    return structs.replace(term, broader=broader, metrics=measured)


def walk(part: object, path: str) -> Iterator[tuple[str, object]]:
    """Yields every value in an entry, or in a part of one, with the path of its field: term.definition.sources.at.

    Empty fields are left out. A range and a worked example are one value each.
    """
    if isinstance(part, Example) or path.endswith(".range"):
        yield path, part
    elif isinstance(part, Struct):
        for field, name in zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True):
            value = getattr(part, field)
            if value not in (None, "", (), {}) and value is not UNSET:
                yield from walk(value, f"{path}.{name}")
    elif isinstance(part, tuple):
        for item in part:
            # Who says that a term is measured by a metric stands behind the metric's id.
            cited = isinstance(item, Citation) and not path.endswith(".sources")
            yield from walk(item, f"{path}.sources" if cited else path)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield path, key
            yield from walk(value, path)
    else:
        yield path, part


def walk_all(content: Content) -> Iterator[tuple[str, str, str, object]]:
    """Yields every value of a glossary: kind and id of its entry, the path of its field, the value."""
    for kind, entry in content.entries():
        for path, value in walk(entry, kind):
            yield kind, entry.id, path, value
    for each in content.together:
        for path, value in walk(each, "together"):
            yield "together", ", ".join(each.terms), path, value


def by_id(entries: Iterable[Source]) -> dict[str, Source]:
    """Returns sources by their ids."""
    return {entry.id: entry for entry in entries}


def today() -> str:
    """Returns the day of an export; $SOURCE_DATE_EPOCH, in seconds, says another, so that a build can be repeated."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(given) if given.isdecimal() else None))
