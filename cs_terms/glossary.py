"""The glossary as some sources tell it: entries by id, each put together from what the layers say of it."""

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from msgspec import Struct

from cs_terms.loading.database import Database, Origin
from cs_terms.merge import merge, narrow, settle, unite_together
from cs_terms.model import Aspect, Citation, Citations, Entry, Metric, Source, Term, Together
from cs_terms.spelling import fold, nearest


class View:
    """What some sources say, or all of them.

    Every method speaks of these sources alone, except that an entry keeps its id, its name and its position in the
    glossary even if they say nothing of it.
    """

    def __init__(self, database: Database, only: Collection[str] = ()) -> None:
        """With `only`, the ids of sources, nothing else is listened to."""
        self.only = frozenset(only)
        self._database = database
        self._entries: dict[tuple[str, str], Entry] = {}
        self.has = database.has
        self.in_order = database.in_order
        self.full_name = database.full_name
        self.named = database.named
        self.beginning = database.beginning
        self.names_beginning = database.names_beginning
        self.with_words = database.with_words
        self.words_like = database.words_like
        self.left_out = database.left_out

    def listening_to(self, only: Collection[str]) -> "View":
        """Returns the view of these sources; of all, where there are none."""
        return View(self._database, only)

    def ids(self, kind: str) -> list[str]:
        """Returns the ids of all entries of a kind, in the glossary's order: that of layers, paths and lines."""
        return self._database.ids(kind)

    def ids_spoken_of(self, kind: str) -> list[str]:
        """Returns the ids of the entries of a kind that these sources say anything of."""
        if not self.only:
            return self.ids(kind)
        if kind == "source":
            return [id for id in self.ids(kind) if id in self.only]
        if kind == "aspect":
            used = {aspect for term in self.ids("term") for aspect in self.term(term).aspects}
            return [id for id in self.ids(kind) if id in used]
        measured = {metric for term in self.ids("term") for metric in self.term(term).metrics}
        return [
            id
            for id in self.ids(kind)
            if (kind == "metric" and id in measured) or any(find_cited(self.entry(kind, id)))
        ]

    def nearest(self, name: str, kinds: Collection[str]) -> list[tuple[str, str]]:
        """Returns the entries whose names are spelled most like `name`, or have it in them, the nearest first."""
        folded = fold(name)
        bearers: dict[str, list[tuple[str, str]]] = {}
        for known, kind, id in self._database.names_like(name):
            # A source is asked for by its id; its title is full of words that others are asked for by.
            if kind in kinds and (kind != "source" or known == fold(id)):
                bearers.setdefault(known, []).append((kind, id))
        holding = sorted((known for known in bearers if len(folded) > 2 and folded in known), key=len)
        found = dict.fromkeys(each for known in [*nearest(folded, bearers), *holding] for each in bearers[known])
        return list(found)[:3]

    def source(self, id: str) -> Source:
        """Returns the source of that id, which exists."""
        return cast(Source, self.entry("source", id))

    def aspect(self, id: str) -> Aspect:
        """Returns the aspect of that id, which exists."""
        return cast(Aspect, self.entry("aspect", id))

    def term(self, id: str) -> Term:
        """Returns the term of that id, which exists."""
        return cast(Term, self.entry("term", id))

    def metric(self, id: str) -> Metric:
        """Returns the metric of that id, which exists."""
        return cast(Metric, self.entry("metric", id))

    def entry(self, kind: str, id: str) -> Entry:
        """Returns the entry of that kind and id, which exists: what all layers together say of it."""
        if (kind, id) not in self._entries:
            said = groupby(self._database.fragments(kind, id), attrgetter("layer"))
            entry = merge([[fragment.entry for fragment in layer] for _, layer in said])
            if isinstance(entry, Term):
                entry = settle(entry, lambda aspect: self.aspect(aspect).values)
            self._entries[kind, id] = narrow(entry, self.only) if self.only else entry
        return self._entries[kind, id]

    def origins(self, kind: str, id: str) -> tuple[Origin, ...]:
        """Returns the files that speak of an entry; the one whose words win comes last."""
        return tuple(fragment.origin for fragment in self._database.fragments(kind, id))

    def together(self, terms: Collection[str]) -> tuple[Together, ...]:
        """Returns what at least two of these terms do together, what later layers say first."""
        found = unite_together(self._database.together(terms))
        return narrow(found, self.only) if self.only else found

    def measured_by(self, metric: str) -> dict[str, Citations]:
        """Returns the terms that a metric is given to, in the glossary's order, and who gives it to them."""
        terms = self._database.terms_measured_by(metric)
        return {term: given for term in terms if (given := self.term(term).metrics.get(metric)) is not None}

    def cited_in(self, answer: object) -> tuple[Source, ...]:
        """Returns every source that is cited anywhere in an answer, in the glossary's order."""
        return tuple(self.source(id) for id in self.in_order("source", set(find_cited(answer))))


def find_cited(answer: object) -> Iterator[str]:
    """Yields the id of every citation anywhere in an answer or an entry."""
    waiting: list[Any] = [answer]
    while waiting:
        part = waiting.pop()
        kind = type(part)  # the fast way to ask: a comparison has thousands of parts
        if kind is Citation:
            yield part.id
        elif kind is tuple:
            waiting.extend(part)
        elif kind is dict:
            waiting.extend(part.values())
        elif isinstance(part, Struct):
            waiting.extend(getattr(part, field) for field in part.__struct_fields__)
