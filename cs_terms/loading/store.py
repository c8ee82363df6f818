"""The database that definitions are compiled into: what each file says, kept apart, and found by id, name or word.

Layers are put together when an entry is read (see `glossary`), so that a file can be replaced without the others being
read, and a look-up costs the same however many entries there are.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from cs_terms.loading.codec import checksum, decode_entry, encode_entry
from cs_terms.loading.load import Document, Fragment
from cs_terms.model import Term, abbreviations, also_called
from cs_terms.spelling import fold
from cs_terms.words import searchable

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE file (
    id INTEGER PRIMARY KEY,   -- stays when other files come and go
    place INTEGER,            -- its rank among all files of all layers
    layer INTEGER,            -- the rank of its layer
    path BLOB,                -- absolute
    shown TEXT,               -- as the user can open it
    stamp TEXT,               -- size, times and inode when it was read
    digest BLOB,              -- of its bytes
    whole INTEGER,            -- whether it was read to its end
    settled INTEGER           -- whether it was then old enough for any change to show in its times
);
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,  -- rises within a file
    kind TEXT, id TEXT, file INTEGER,
    line INTEGER, column INTEGER,  -- where in the file its id stands
    name TEXT,                -- its full name, empty where this file does not say it
    keys BLOB,                -- where the value of each of its keys stands
    body BLOB,                -- the fragment
    sum INTEGER,              -- of the name and the fragment, to know them for unharmed
    UNIQUE (kind, id, file)
);
CREATE INDEX entry_of_file ON entry (file);
CREATE TABLE name (
    folded TEXT, kind TEXT, id TEXT, file INTEGER, PRIMARY KEY (folded, kind, id, file)
) WITHOUT ROWID;
CREATE INDEX name_of_file ON name (file);
CREATE TABLE measures (
    metric TEXT, term TEXT, file INTEGER, PRIMARY KEY (metric, term, file)
) WITHOUT ROWID;
CREATE TABLE together (number INTEGER PRIMARY KEY, file INTEGER, body BLOB);
CREATE TABLE together_of (term TEXT, together INTEGER, PRIMARY KEY (term, together)) WITHOUT ROWID;
CREATE TABLE reference (file INTEGER, kind TEXT, id TEXT, marks BLOB);
CREATE INDEX reference_to ON reference (kind, id);
CREATE TABLE said (file INTEGER, aspect TEXT, value TEXT, bare INTEGER, marks BLOB);
CREATE TABLE problem (file INTEGER, body BLOB);
CREATE VIRTUAL TABLE words USING fts5 (
    name, abbreviation, synonym, text, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
);
"""
"""`words` has a row for each entry, by its number. It keeps no text of its own: what is removed is said to it again."""


def add(database: sqlite3.Connection, file: int, document: Document) -> None:
    """Writes what one file says under the file's id."""
    database.execute("UPDATE file SET whole = ? WHERE id = ?", (document.whole, file))
    execute = database.executemany
    encode = msgspec.msgpack.encode
    (number,) = database.execute("SELECT COALESCE(MAX(number), 0) FROM entry").fetchone()
    numbered = list(enumerate(document.fragments, start=number + 1))
    bodies = [encode_entry(each.entry) for each in document.fragments]
    execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(number, each.kind, each.entry.id, file, *each.at, each.entry.name),
                *(encode(each.keys), body, checksum(each.entry.name, body)),
            )
            for (number, each), body in zip(numbered, bodies, strict=True)
        ],
    )
    execute(
        "INSERT INTO words (rowid, name, abbreviation, synonym, text) VALUES (?, ?, ?, ?, ?)",
        [(number, *searchable(each.entry).columns()) for number, each in numbered],
    )
    execute(
        "INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)",
        [(fold(name), each.kind, each.entry.id, file) for each in document.fragments for name in _names(each)],
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
    for together in document.together:
        row = database.execute("INSERT INTO together (file, body) VALUES (?, ?)", (file, encode(together)))
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
    for number, kind, body in database.execute(
        "SELECT number, kind, body FROM entry WHERE file = ?", (file,)
    ).fetchall():
        database.execute(
            "INSERT INTO words (words, rowid, name, abbreviation, synonym, text) VALUES ('delete', ?, ?, ?, ?, ?)",
            (number, *searchable(decode_entry(kind, body)).columns()),
        )
    database.execute("DELETE FROM together_of WHERE together IN (SELECT number FROM together WHERE file = ?)", (file,))
    for table in ("entry", "name", "measures", "together", "reference", "said", "problem"):
        database.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
    database.execute("DELETE FROM file WHERE id = ?", (file,))


def _names(fragment: Fragment) -> Iterator[str]:
    """Everything by which an entry can be found."""
    entry = fragment.entry
    yield entry.id
    if entry.name:
        yield entry.name
    for name in also_called(entry) + abbreviations(entry):
        yield name.label
