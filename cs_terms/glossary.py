"""The glossary as commands see it: entries by id or name, each put together from what the layers say of it."""

from collections.abc import Collection, Iterable
from typing import cast

from cs_terms.loading.database import Database, Origin
from cs_terms.merge import merge, settle, unite_together
from cs_terms.model import Aspect, Citations, Entry, Metric, Source, Term, Together
from cs_terms.names import fold, nearest
from cs_terms.narrow import narrow, narrow_cited


class Glossary:
    """Reads a database, one entry at a time."""

    def __init__(self, database: Database, only: Collection[str] = ()) -> None:
        """With `only`, nothing is said but what these sources say."""
        self._database = database
        self.only = frozenset(only)
        self._entries: dict[tuple[str, str], Entry] = {}

    @property
    def whole(self) -> "Glossary":
        """The same glossary with every source listened to."""
        return Glossary(self._database) if self.only else self

    def has(self, kind: str, id: str) -> bool:
        """Whether there is such an entry."""
        return self._database.has(kind, id)

    def named(self, name: str) -> list[tuple[str, str]]:
        """The kinds and ids that a name may mean, in the glossary's order."""
        return self._database.named(name)

    def nearest(self, name: str, kinds: Collection[str]) -> list[tuple[str, str]]:
        """The entries whose names are spelled most like `name`, or have it in them, the nearest first."""
        folded = fold(name)
        bearers: dict[str, list[tuple[str, str]]] = {}
        for known, kind, id in self._database.names_like(name):
            # A source is asked for by its id; its title is full of words that others are asked for by.
            if kind in kinds and (kind != "source" or known == fold(id)):
                bearers.setdefault(known, []).append((kind, id))
        holding = sorted((known for known in bearers if len(folded) > 2 and folded in known), key=len)
        near = dict.fromkeys(each for known in [*nearest(folded, bearers), *holding] for each in bearers[known])
        return list(near)[:3]

    def beginning(self, kind: str, prefix: str) -> list[str]:
        """The ids of a kind that begin so, in the order of their letters."""
        return self._database.beginning(kind, prefix)

    def with_words(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """The kinds and ids of the entries in which all these words stand, or begin a word; in the glossary's order."""
        return self._database.with_words(words)

    def full_name(self, kind: str, id: str) -> str:
        """The full name of an entry, without taking the rest of it apart."""
        return self._database.full_name(kind, id)

    def ids(self, kind: str) -> list[str]:
        """The ids of all entries of a kind, in the glossary's order: that of layers, paths and places in a file."""
        return self._database.ids(kind)

    def in_order(self, kind: str, ids: Iterable[str]) -> list[str]:
        """These ids in the glossary's order."""
        return self._database.in_order(kind, ids)

    def source(self, id: str) -> Source:
        """The source of that id, which exists."""
        return cast(Source, self.entry("source", id))

    def aspect(self, id: str) -> Aspect:
        """The aspect of that id, which exists."""
        return cast(Aspect, self.entry("aspect", id))

    def term(self, id: str) -> Term:
        """The term of that id, which exists."""
        return cast(Term, self.entry("term", id))

    def metric(self, id: str) -> Metric:
        """The metric of that id, which exists."""
        return cast(Metric, self.entry("metric", id))

    def entry(self, kind: str, id: str) -> Entry:
        """The entry of that kind and id, which exists: what all layers together say of it."""
        if (kind, id) not in self._entries:
            entry = merge([each.entry for each in self._database.fragments(kind, id)])
            if isinstance(entry, Term):
                entry = settle(entry, lambda aspect: self.aspect(aspect).values)
            self._entries[kind, id] = narrow(entry, self.only) if self.only else entry
        return self._entries[kind, id]

    def origins(self, kind: str, id: str) -> tuple[Origin, ...]:
        """Where the entry comes from, the layer that wins last."""
        return tuple(each.origin for each in self._database.fragments(kind, id))

    def together(self, terms: Collection[str]) -> tuple[Together, ...]:
        """What at least two of these terms do together, in the glossary's order."""
        found = unite_together(self._database.together(terms))
        return narrow_cited(found, self.only) if self.only else found

    def measured_by(self, metric: str) -> dict[str, Citations]:
        """The terms that a metric is given to, in the glossary's order, and who gives it to them."""
        terms = self._database.terms_measured_by(metric)
        return {term: cites for term in terms if (cites := self.term(term).metrics.get(metric)) is not None}
