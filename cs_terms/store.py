"""The database that definitions are compiled into: what each file says, kept apart, and found by id, name or word.

Layers are put together when an entry is read (see `glossary`), so that a file can be replaced without the others being
read, and a look-up costs the same however many entries there are.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from cs_terms.load import Document
from cs_terms.model import Entry, Metric, Source, Term
from cs_terms.names import fold

TABLES = """
CREATE TABLE file (
    id INTEGER PRIMARY KEY,   -- stays when other files come and go
    place INTEGER,            -- its rank among all files of all layers
    layer INTEGER,            -- the rank of its layer
    shown TEXT                -- as the user can open it
);
CREATE TABLE entry (
    kind TEXT, id TEXT, file INTEGER,
    position INTEGER, line INTEGER, column INTEGER,  -- where in the file its id stands
    name TEXT,                -- its full name, empty where this file does not say it
    keys BLOB,                -- where the value of each of its keys stands
    body BLOB,                -- the fragment
    PRIMARY KEY (kind, id, file)
) WITHOUT ROWID;
CREATE INDEX entry_of_file ON entry (file);
CREATE TABLE name (
    folded TEXT, kind TEXT, id TEXT, file INTEGER, PRIMARY KEY (folded, kind, id, file)
) WITHOUT ROWID;
CREATE TABLE measures (
    metric TEXT, term TEXT, file INTEGER, PRIMARY KEY (metric, term, file)
) WITHOUT ROWID;
CREATE TABLE together (id INTEGER PRIMARY KEY, file INTEGER, position INTEGER, body BLOB);
CREATE TABLE together_of (term TEXT, together INTEGER, PRIMARY KEY (term, together)) WITHOUT ROWID;
CREATE TABLE reference (file INTEGER, kind TEXT, id TEXT, marks BLOB);
CREATE TABLE said (file INTEGER, aspect TEXT, value TEXT, bare INTEGER, marks BLOB);
CREATE TABLE problem (file INTEGER, body BLOB);
"""


def add(database: sqlite3.Connection, file: int, document: Document) -> None:
    """Writes what one file says under the file's id."""
    execute = database.executemany
    encode = msgspec.msgpack.encode
    execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (each.kind, each.entry.id, file, position, *each.at, each.entry.name, encode(each.keys), encode(each.entry))
            for position, each in enumerate(document.fragments)
        ],
    )
    execute(
        "INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)",
        [(fold(name), each.kind, each.entry.id, file) for each in document.fragments for name in _names(each.entry)],
    )
    execute(
        "INSERT INTO measures VALUES (?, ?, ?)",
        [
            (metric, each.entry.id, file)
            for each in document.fragments
            if isinstance(each.entry, Term)
            for metric in each.entry.metrics
        ],
    )
    for position, together in enumerate(document.together):
        row = database.execute(
            "INSERT INTO together (file, position, body) VALUES (?, ?, ?)", (file, position, encode(together))
        )
        execute("INSERT INTO together_of VALUES (?, ?)", [(term, row.lastrowid) for term in together.terms])
    execute(
        "INSERT INTO reference VALUES (?, ?, ?, ?)",
        [(file, *reference, encode(marks)) for reference, marks in document.mentions.references.items()],
    )
    execute(
        "INSERT INTO said VALUES (?, ?, ?, ?, ?)",
        [(file, *said, encode(marks)) for said, marks in document.mentions.said.items()],
    )
    execute("INSERT INTO problem VALUES (?, ?)", [(file, encode(problem)) for problem in document.problems])


def remove(database: sqlite3.Connection, file: int) -> None:
    """Forgets what one file says."""
    database.execute("DELETE FROM together_of WHERE together IN (SELECT id FROM together WHERE file = ?)", (file,))
    for table in ("entry", "name", "measures", "together", "reference", "said", "problem", "file"):
        column = "id" if table == "file" else "file"
        database.execute(f"DELETE FROM {table} WHERE {column} = ?", (file,))


def _names(entry: Entry) -> Iterator[str]:
    """Everything by which an entry can be found."""
    yield entry.id
    if entry.name:
        yield entry.name
    if not isinstance(entry, Source):
        for name in entry.also_called:
            yield name.label
    if isinstance(entry, (Term, Metric)):
        for name in entry.abbreviations:
            yield name.label
