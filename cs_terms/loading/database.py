"""The database of what files say. A stand-in until the room is rebuilt."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cs_terms.loading.codec import decode_entry
from cs_terms.loading.index import Compiled, opened
from cs_terms.loading.layers import Layer
from cs_terms.model import KINDS, Entry, Together
from cs_terms.spelling import fold


class Origin(Struct, frozen=True):
    path: str
    line: int


class Said(NamedTuple):
    entry: Entry
    origin: Origin
    layer: int


class Database:
    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._execute = compiled.database.execute

    def close(self) -> None:
        self._compiled.database.close()

    def has(self, kind: str, id: str) -> bool:
        return self._execute("SELECT 1 FROM entry WHERE kind = ? AND id = ? LIMIT 1", (kind, id)).fetchone() is not None

    def named(self, name: str) -> list[tuple[str, str]]:
        found = self._execute("SELECT DISTINCT kind, id FROM name WHERE folded = ?", (fold(name),)).fetchall()
        return sorted(found, key=lambda each: (list(KINDS).index(each[0]), self._rank(*each)))

    def names_like(self, name: str) -> list[tuple[str, str, str]]:
        folded = fold(name)
        return self._execute(
            "SELECT DISTINCT folded, kind, id FROM name WHERE LENGTH(folded) BETWEEN ? AND ? OR INSTR(folded, ?)",
            (len(folded) - 4, len(folded) + 4, folded),
        ).fetchall()

    def beginning(self, kind: str, prefix: str) -> list[str]:
        rows = self._execute(
            "SELECT DISTINCT id FROM entry WHERE kind = ? AND id >= ? AND id < ?",
            (kind, prefix, prefix + chr(0x10FFFF)),
        )
        return [id for (id,) in rows]

    def names_beginning(self, prefix: str) -> list[tuple[str, str]]:
        folded = fold(prefix)
        return self._execute(
            "SELECT DISTINCT kind, id FROM name WHERE folded >= ? AND folded < ?", (folded, folded + chr(0x10FFFF))
        ).fetchall()

    def with_words(self, words: Iterable[str]) -> list[tuple[str, str]]:
        first, *others = (
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
        return next((name for _, name, *_ in reversed(self._said(kind, id)) if name), id)

    def ids(self, kind: str) -> list[str]:
        rows = self._execute(
            "SELECT entry.id FROM entry JOIN file ON file.id = file WHERE kind = ? ORDER BY place, number", (kind,)
        )
        return list(dict.fromkeys(id for (id,) in rows))

    def in_order(self, kind: str, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=lambda id: self._rank(kind, id))

    def fragments(self, kind: str, id: str) -> list[Said]:
        return [
            Said(decode_entry(kind, body), Origin(self._compiled.files[place].shown, line), 0)
            for body, _, place, line in self._said(kind, id)
        ]

    def together(self, terms: Collection[str]) -> list[Together]:
        marks = ", ".join("?" * len(terms))
        rows = self._execute(
            "SELECT body FROM together JOIN file ON file.id = file WHERE number IN"
            f" (SELECT together FROM together_of WHERE term IN ({marks}) GROUP BY together HAVING COUNT(*) > 1)"
            " ORDER BY place, number",
            tuple(terms),
        )
        return [msgspec.msgpack.decode(body, type=Together) for (body,) in rows]

    def terms_measured_by(self, metric: str) -> list[str]:
        rows = self._execute("SELECT DISTINCT term FROM measures WHERE metric = ?", (metric,)).fetchall()
        return self.in_order("term", [term for (term,) in rows])

    def _said(self, kind: str, id: str) -> Sequence[tuple[bytes, str, int, int]]:
        return self._execute(
            "SELECT body, name, place, line FROM entry JOIN file ON file.id = file"
            " WHERE kind = ? AND entry.id = ? ORDER BY place",
            (kind, id),
        ).fetchall()

    def _rank(self, kind: str, id: str) -> tuple[int, int]:
        row: tuple[int, int] | None = self._execute(
            "SELECT place, number FROM entry JOIN file ON file.id = file WHERE kind = ? AND entry.id = ?"
            " ORDER BY place LIMIT 1",
            (kind, id),
        ).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"the {kind} {id!r} is not there")
        return row


def open_database(layers: Sequence[Layer]) -> Database:
    return Database(opened(layers))
