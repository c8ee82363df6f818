"""The database of what the definition files say: the queries on it.

It keeps what each file says apart (see `compiling`), so that one edited file can be replaced alone and a look-up costs
the same however many entries there are.
"""

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cs_terms.loading.files import Layer
from cs_terms.loading.kept import describe_files, forget_kept, kept_path, open_kept
from cs_terms.model import KINDS, Entry, Together
from cs_terms.spelling import fold, nearest


class Origin(Struct, frozen=True):
    """Where a file says something of an entry."""

    path: str
    """The file, as the user can open it."""
    line: int
    """Where the entry's id stands in it, counted from 1."""


class Said(NamedTuple):
    """What one file says of one entry."""

    entry: Entry
    """What it says; what it does not say is empty."""
    origin: Origin
    layer: int
    """The number of the file's layer, counted from 0."""


class LeftOut(Struct, frozen=True):
    """What a layer does not adopt of what earlier ones say of an entry."""

    what: str
    """The key that lost something: `definition`, `aspects.revenue`; `everything` for all that was said before."""
    sources: tuple[str, ...]
    """Whose words it lost; everybody's where empty."""
    path: str
    """The file that says so, as the user can open it."""
    line: int
    """Where in that file."""


class Database:
    """The entries of some layers; "the glossary's order" is that of layers, files and places in a file.

    Any thread may use it. Where a query shows that the kept file is damaged, the layers are compiled in memory and that
    one query is repeated.
    """

    def __init__(self, layers: Sequence[Layer], connection: sqlite3.Connection, *, is_kept: bool) -> None:
        """`is_kept` says that the connection is to the kept file of these layers."""
        self._layers = layers
        self._files = [file.shown for layer in layers for file in layer.files]
        self._lock = threading.Lock()
        self._connection = connection
        self._is_kept = is_kept
        self._is_closed = False

    def has(self, kind: str, id: str) -> bool:
        """Whether there is such an entry."""
        return bool(self._query("SELECT 1 FROM entry WHERE kind = ? AND id = ? LIMIT 1", (kind, id)))

    def ids(self, kind: str) -> list[str]:
        """The ids of all entries of a kind, in the glossary's order."""
        return self._ids(
            "SELECT entry.id FROM entry JOIN file ON file.id = file WHERE kind = ? ORDER BY ordinal, number", (kind,)
        )

    def in_order(self, kind: str, ids: Iterable[str]) -> list[str]:
        """These ids, of entries that exist, in the glossary's order."""
        return self._ids(
            "SELECT entry.id FROM entry JOIN file ON file.id = file WHERE kind = ?"
            " AND entry.id IN (SELECT value FROM json_each(?)) ORDER BY ordinal, number",
            (kind, _json(ids)),
        )

    def full_name(self, kind: str, id: str) -> str:
        """The full name of an entry: the last that a file gives it, else its id."""
        names = self._ids(
            "SELECT name FROM entry JOIN file ON file.id = file WHERE kind = ? AND entry.id = ? AND name != ''"
            " ORDER BY ordinal DESC LIMIT 1",
            (kind, id),
        )
        return names[0] if names else id

    def fragments(self, kind: str, id: str) -> list[Said]:
        """What each file says of an entry that exists, in the order of layers and files."""
        return self._query(
            "SELECT body, ordinal, line, layer FROM entry JOIN file ON file.id = file WHERE kind = ? AND entry.id = ?"
            " ORDER BY ordinal",
            (kind, id),
            lambda body, ordinal, line, layer: Said(
                decode_entry(kind, body), Origin(self._files[ordinal], line), layer
            ),
        )

    def left_out(self, kind: str, id: str) -> list[LeftOut]:
        """What layers have left out of what earlier ones say of an entry, in the order of the layers that say so."""
        return self._query(
            "SELECT DISTINCT what, sources, (SELECT MAX(ordinal) FROM file WHERE path = left_out.path) AS saying, line"
            " FROM left_out WHERE kind = ? AND id = ? ORDER BY saying, line, what",
            (kind, id),
            lambda what, sources, saying, line: LeftOut(
                what or "everything", tuple(msgspec.msgpack.decode(sources, type=list[str])), self._files[saying], line
            ),
        )

    def named(self, name: str) -> list[tuple[str, str]]:
        """The kinds and ids of the entries that bear a name, by kind and then in the glossary's order."""
        found = self._query(
            "SELECT name.kind, name.id FROM name JOIN entry ON entry.kind = name.kind AND entry.id = name.id"
            " JOIN file ON file.id = entry.file WHERE folded = ? ORDER BY ordinal, number",
            (fold(name),),
        )
        kinds = list(KINDS)
        return sorted(dict.fromkeys(found), key=lambda entry: kinds.index(entry[0]))

    def names_like(self, name: str) -> list[tuple[str, str, str]]:
        """Folded names that are about as long as a name or have it in them, each with the kind and id of its bearer."""
        folded = fold(name)
        return self._query(
            "SELECT DISTINCT folded, kind, id FROM name WHERE LENGTH(folded) BETWEEN ? AND ? OR INSTR(folded, ?)",
            (len(folded) - 4, len(folded) + 4, folded),
        )

    def beginning(self, kind: str, prefix: str) -> list[str]:
        """The ids of a kind that begin so, in the order of their letters."""
        return self._ids(
            "SELECT DISTINCT id FROM entry WHERE kind = ? AND id >= ? AND id < ?",
            (kind, prefix, prefix + chr(0x10FFFF)),
        )

    def names_beginning(self, prefix: str) -> list[tuple[str, str]]:
        """The kinds and ids of the entries with a name that begins so, whatever its case, spaces and hyphens."""
        folded = fold(prefix)
        return self._query(
            "SELECT DISTINCT kind, id FROM name WHERE folded >= ? AND folded < ?", (folded, folded + chr(0x10FFFF))
        )

    def with_words(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """The kinds and ids of the entries in which all these words stand, or begin a word; in the glossary's order."""
        first, *others = (  # one by one, as one file may say one word of an entry, and another file another
            dict.fromkeys(
                self._query(
                    "SELECT kind, entry.id FROM words JOIN entry ON number = words.rowid JOIN file ON file.id = file"
                    " WHERE words MATCH ? ORDER BY ordinal, number",
                    (f'"{word}"*',),
                )
            )
            for word in words
        )
        return [entry for entry in first if all(entry in other for other in others)]

    def words_like(self, word: str) -> list[str]:
        """The words that can be searched for and are spelled most like this one, the nearest first."""
        self._query("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)", ())
        lengths = (len(word) - 2, len(word) + 2)
        known = self._query(
            "SELECT term FROM temp.vocabulary WHERE LENGTH(term) BETWEEN ? AND ?", lengths, lambda term: term
        )
        return nearest(word, known, likeness=0.8)

    def together(self, terms: Collection[str]) -> list[Together]:
        """What files say that at least two of these terms do together, the last layer's first."""
        return self._query(
            "SELECT body FROM together_of JOIN together USING (file, number) JOIN file ON file.id = together.file"
            " WHERE term IN (SELECT value FROM json_each(?))"
            " GROUP BY file.id, number HAVING COUNT(*) > 1 ORDER BY layer DESC, ordinal, number",
            (_json(terms),),
            lambda body: msgspec.msgpack.decode(body, type=Together),
        )

    def terms_measured_by(self, metric: str) -> list[str]:
        """The ids of the terms that a metric is given to, in the glossary's order."""
        # CROSS JOIN: SQLite would go through all terms first.
        return self._ids(
            "SELECT entry.id FROM measures CROSS JOIN entry ON entry.kind = 'term' AND entry.id = term"
            " JOIN file ON file.id = entry.file WHERE metric = ? ORDER BY ordinal, number",
            (metric,),
        )

    def close(self) -> None:
        """Closes the database. Whatever is asked of it later raises ValueError."""
        with self._lock:
            self._is_closed = True
            self._connection.close()

    def _ids(self, sql: str, parameters: tuple[object, ...]) -> list[str]:
        return list(dict.fromkeys(self._query(sql, parameters, lambda id: id)))

    def _query(
        self, sql: str, parameters: tuple[object, ...], read: Callable[..., Any] = lambda *row: row
    ) -> list[Any]:
        """The rows of a query, each made into something by `read`."""
        with self._lock:
            if self._is_closed:
                raise ValueError("the glossary is closed")
            try:
                return [read(*row) for row in self._connection.execute(sql, parameters)]
            except (sqlite3.DatabaseError, msgspec.MsgspecError, IndexError, TypeError):
                if not self._is_kept:
                    raise
                self._compile_again()
                return [read(*row) for row in self._connection.execute(sql, parameters)]

    def _compile_again(self) -> None:
        from cs_terms.loading.compiling import compile_in_memory

        self._is_kept = False
        self._connection.close()
        forget_kept(self._layers)
        self._connection = compile_in_memory(self._layers)


def open_database(layers: Sequence[Layer]) -> Database:
    """The database of these layers: the kept one if it is of just these files, else a new one.

    Raises CstermsError (BAD_DEFINITIONS) with every error that is in the files.
    """
    path = kept_path(layers)
    if path is not None and (connection := open_kept(path, describe_files(layers), settled=True)) is not None:
        return Database(layers, connection, is_kept=True)
    from cs_terms.loading.compiling import compile_in_memory, compile_into

    if path is not None and (connection := compile_into(path, layers)) is not None:
        return Database(layers, connection, is_kept=True)
    return Database(layers, compile_in_memory(layers), is_kept=False)


def decode_entry(kind: str, body: bytes) -> Entry:
    """What a file says of an entry, from the bytes that are kept."""
    return _decoder(kind).decode(body)


@cache
def _decoder(kind: str) -> msgspec.msgpack.Decoder[Entry]:
    return msgspec.msgpack.Decoder(KINDS[kind])


def _json(ids: Iterable[str]) -> str:
    return msgspec.json.encode(list(ids)).decode()
