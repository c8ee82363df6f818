"""The glossary as commands see it: entries by id or name, each put together from what the layers say of it."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import cast

import msgspec
from msgspec import Struct

from cs_terms.loading.codec import checksum, decode_entry
from cs_terms.loading.index import Compiled
from cs_terms.merge import merge, settle, unite_together
from cs_terms.model import KINDS, Aspect, Citations, Entry, Metric, Source, Term, Together
from cs_terms.names import fold, nearest
from cs_terms.narrow import narrow, narrow_cited


class Origin(Struct, frozen=True):
    """Where an entry comes from; several places where several files speak of it."""

    path: str
    """The file."""
    line: int
    """Where its id stands in it, counted from 1."""


class Glossary:
    """Reads a compiled glossary, one entry at a time.

    Raises sqlite3.DatabaseError where what was compiled is not what is read: the file has come to harm.
    """

    def __init__(self, compiled: Compiled, only: Collection[str] = ()) -> None:
        """With `only`, nothing is said but what these sources say."""
        self._compiled = compiled
        self._execute = compiled.database.execute
        self.only = frozenset(only)
        self._entries: dict[tuple[str, str], Entry] = {}

    @property
    def whole(self) -> "Glossary":
        """The same glossary with every source listened to."""
        return Glossary(self._compiled) if self.only else self

    def has(self, kind: str, id: str) -> bool:
        """Whether there is such an entry."""
        return self._execute("SELECT 1 FROM entry WHERE kind = ? AND id = ? LIMIT 1", (kind, id)).fetchone() is not None

    def named(self, name: str) -> list[tuple[str, str]]:
        """The kinds and ids that a name may mean, in the glossary's order."""
        found = self._execute("SELECT DISTINCT kind, id FROM name WHERE folded = ?", (fold(name),)).fetchall()
        return sorted(found, key=lambda each: (list(KINDS).index(each[0]), self._rank(*each)))

    def nearest(self, name: str, kinds: Collection[str]) -> list[tuple[str, str]]:
        """The entries whose names are spelled most like `name`, or have it in them, the nearest first."""
        folded = fold(name)
        rows = self._execute(
            "SELECT DISTINCT folded, kind, id FROM name WHERE LENGTH(folded) BETWEEN ? AND ? OR INSTR(folded, ?)",
            (len(folded) - 4, len(folded) + 4, folded),
        )
        bearers: dict[str, list[tuple[str, str]]] = {}
        for known, kind, id in rows:
            # A source is asked for by its id; its title is full of words that others are asked for by.
            if kind in kinds and (kind != "source" or known == fold(id)):
                bearers.setdefault(known, []).append((kind, id))
        holding = sorted((known for known in bearers if len(folded) > 2 and folded in known), key=len)
        near = dict.fromkeys(each for known in [*nearest(folded, bearers), *holding] for each in bearers[known])
        return list(near)[:3]

    def beginning(self, kind: str, prefix: str) -> list[str]:
        """The ids of a kind that begin so, in the order of their letters."""
        rows = self._execute(
            "SELECT DISTINCT id FROM entry WHERE kind = ? AND id >= ? AND id < ?",
            (kind, prefix, prefix + chr(0x10FFFF)),
        )
        return [id for (id,) in rows]

    def with_words(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """The kinds and ids of the entries in which all these words stand, or begin a word; in the glossary's order."""
        first, *others = (  # one by one, as one file may say the one word of an entry and another the other
            dict.fromkeys(
                self._execute(
                    "SELECT kind, entry.id FROM words JOIN entry ON number = words.rowid JOIN file ON file.id = file"
                    " WHERE words MATCH ? ORDER BY place, number",
                    (f'"{word}"*',),
                )
            )
            for word in words
        )
        return [each for each in first if all(each in other for other in others)]

    def full_name(self, kind: str, id: str) -> str:
        """The full name of an entry, without taking the rest of it apart."""
        return next((name for _, name, *_ in reversed(self._said(kind, id)) if name), id)

    def ids(self, kind: str) -> list[str]:
        """The ids of all entries of a kind, in the glossary's order: that of layers, paths and places in a file."""
        rows = self._execute(
            "SELECT entry.id FROM entry JOIN file ON file.id = file WHERE kind = ? ORDER BY place, number", (kind,)
        )
        return list(dict.fromkeys(id for (id,) in rows))

    def in_order(self, kind: str, ids: Iterable[str]) -> list[str]:
        """These ids in the glossary's order."""
        return sorted(ids, key=lambda id: self._rank(kind, id))

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
            entry = merge([decode_entry(kind, body) for body, *_ in self._said(kind, id)])
            if isinstance(entry, Term):
                entry = settle(entry, lambda aspect: self.aspect(aspect).values)
            self._entries[kind, id] = narrow(entry, self.only) if self.only else entry
        return self._entries[kind, id]

    def origins(self, kind: str, id: str) -> tuple[Origin, ...]:
        """Where the entry comes from, the layer that wins last."""
        return tuple(Origin(self._compiled.files[place].shown, line) for _, _, place, line in self._said(kind, id))

    def together(self, terms: Collection[str]) -> tuple[Together, ...]:
        """What at least two of these terms do together, in the glossary's order."""
        marks = ", ".join("?" * len(terms))
        rows = self._execute(
            "SELECT body FROM together JOIN file ON file.id = file WHERE number IN"
            f" (SELECT together FROM together_of WHERE term IN ({marks}) GROUP BY together HAVING COUNT(*) > 1)"
            " ORDER BY place, number",
            tuple(terms),
        )
        found = unite_together(msgspec.msgpack.decode(body, type=Together) for (body,) in rows)
        return narrow_cited(found, self.only) if self.only else found

    def measured_by(self, metric: str) -> dict[str, Citations]:
        """The terms that a metric is given to, in the glossary's order, and who gives it to them."""
        rows = self._execute("SELECT DISTINCT term FROM measures WHERE metric = ?", (metric,)).fetchall()
        terms = self.in_order("term", [term for (term,) in rows])
        return {term: cites for term in terms if (cites := self.term(term).metrics.get(metric)) is not None}

    def _said(self, kind: str, id: str) -> Sequence[tuple[bytes, str, int, int]]:
        """What each layer says of an entry, in their order: the fragment, the name, the file's place, and the line."""
        rows = self._execute(
            "SELECT body, name, place, line, sum FROM entry JOIN file ON file.id = file"
            " WHERE kind = ? AND entry.id = ? ORDER BY place",
            (kind, id),
        ).fetchall()
        if not rows or any(checksum(name, body) != sum_ for body, name, *_, sum_ in rows):
            raise sqlite3.DatabaseError(f"the {kind} {id!r} is not what was compiled")
        return [row[:-1] for row in rows]

    def _rank(self, kind: str, id: str) -> tuple[int, int]:
        """The place of an entry in the glossary's order."""
        row: tuple[int, int] | None = self._execute(
            "SELECT place, number FROM entry JOIN file ON file.id = file WHERE kind = ? AND entry.id = ?"
            " ORDER BY place LIMIT 1",
            (kind, id),
        ).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"the {kind} {id!r} is not there, as it was when it was compiled")
        return row
