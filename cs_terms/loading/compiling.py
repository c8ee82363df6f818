"""Writes what the definition files say into a database; only files that may have changed are read again."""

import contextlib
import gc
import os
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import structs

from cs_terms.errors import BAD_DEFINITIONS, CstermsError, Problem
from cs_terms.loading.between import check_all
from cs_terms.loading.build import Document, read_document, refuse_document
from cs_terms.loading.database import decode_entry
from cs_terms.loading.files import File, Layer, UnreadableError, read_bytes
from cs_terms.loading.kept import connect, describe_files, made_by, open_kept
from cs_terms.loading.omissions import Cause, leave_out_of, leave_out_of_together
from cs_terms.loading.rules import ERROR, INFO, RULES, WARNING
from cs_terms.model import Entry, Omission, Term, abbreviations, also_called
from cs_terms.progress import progress_bar
from cs_terms.spelling import fold
from cs_terms.words import searchable

YOUNG = 2_000_000_000
"""Nanoseconds within which two changes of a file may bear the same time: two seconds, on the coarsest file systems."""
_CHANGED = 1 if sys.platform == "win32" else 2
"""Where in a file's stamp its last change is: as the system sets it, where users cannot set that."""
ABANDONED = 3600
"""Seconds after which a file that was begun and never renamed is deleted."""
UNUSED = 60 * 24 * 3600
"""Seconds after which a database that has not been compiled again is deleted."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE file (
    id INTEGER PRIMARY KEY,   -- stays when other files come and go
    ordinal INTEGER,             -- its number among all files of all layers
    layer INTEGER,            -- the number of its layer
    path BLOB,                -- absolute
    shown TEXT,               -- as the user can open it
    stamp TEXT,               -- size, times and inode when it was read
    whole INTEGER,            -- whether it was read to its end
    settled INTEGER           -- whether it was then old enough for any change to show in its times
);
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,  -- rises within a file
    kind TEXT, id TEXT, file INTEGER,
    line INTEGER, column INTEGER,  -- where in the file its id stands
    name TEXT,                -- its full name, empty where this file does not give it
    keys BLOB,                -- where the value of each of its keys stands
    body BLOB,                -- the fragment
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
CREATE TABLE together (file INTEGER, number INTEGER, body BLOB, PRIMARY KEY (file, number)) WITHOUT ROWID;
CREATE TABLE together_of (
    term TEXT, file INTEGER, number INTEGER, PRIMARY KEY (term, file, number)
) WITHOUT ROWID;
CREATE INDEX together_of_file ON together_of (file);
CREATE TABLE reference (file INTEGER, kind TEXT, id TEXT, marks BLOB);
CREATE INDEX reference_to ON reference (kind, id);
CREATE TABLE aspect_value (file INTEGER, aspect TEXT, value TEXT, bare INTEGER, marks BLOB);
CREATE TABLE omission (file INTEGER, line INTEGER, column INTEGER, body BLOB);  -- what a file does not adopt
CREATE TABLE omitted (file INTEGER, kind TEXT, id TEXT, line INTEGER, column INTEGER);  -- the ids that it names there
CREATE TABLE left_out (       -- what is therefore missing here of what a file says
    kind TEXT, id TEXT, file INTEGER,
    what TEXT,                -- the key that lost something; empty for the whole entry
    sources BLOB,             -- whose words it lost; everybody's where empty
    path BLOB, line INTEGER, column INTEGER  -- where that is said
);
CREATE INDEX left_out_of ON left_out (kind, id);
CREATE INDEX left_out_file ON left_out (file);
CREATE VIRTUAL TABLE words USING fts5 (
    name, abbreviation, synonym, text, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
);
"""
"""`words` has a row for each entry, by its number. It keeps no text: to remove a row, the same text is given again."""

_OF_A_FILE = (
    *("entry", "name", "measures", "together", "together_of", "reference", "aspect_value"),
    *("omission", "omitted", "left_out"),
)
"""The tables with rows of a file."""


def find_problems(layers: Sequence[Layer]) -> list[Problem]:
    """Every error and warning in these layers, by file and position."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        found = [*_update(database, layers), *check_all(database, (ERROR, WARNING, INFO))]
    return _add_excerpts(_sort(found), layers)


def compile_in_memory(layers: Sequence[Layer]) -> sqlite3.Connection:
    """The database of these layers. Raises CstermsError (BAD_DEFINITIONS) with every error in the files."""
    database = connect(":memory:")
    try:
        _compile(database, layers)
    except BaseException:
        database.close()
        raise
    return database


def compile_into(path: Path, layers: Sequence[Layer]) -> sqlite3.Connection | None:
    """The database of these layers, kept at `path`; None where it cannot be written.

    Raises CstermsError (BAD_DEFINITIONS) with every error in the files; nothing is kept then.
    """
    with contextlib.suppress(OSError, sqlite3.Error):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _delete_old_files(path.parent)
        beside = path.with_name(f"{path.name}.{os.urandom(8).hex()}.tmp")
        try:
            if (kept := open_kept(path)) is not None:
                kept.close()
                shutil.copyfile(path, beside)
            with contextlib.closing(sqlite3.connect(beside)) as database:
                # No journal: nobody sees the file before it is done.
                database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                _compile(database, layers)
                # Any later change shows in the file's time. Every file system keeps even seconds exactly.
                written = int(time.time()) // 2 * 2_000_000_000
                database.execute("INSERT OR REPLACE INTO meta VALUES ('written', ?)", (written,))
                database.commit()
            os.utime(beside, ns=(written, written))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return open_kept(path, describe_files(layers))
    return None


def _compile(database: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    found = [problem for problem in _update(database, layers) if problem.severity == ERROR]
    if errors := _sort([*found, *check_all(database, (ERROR,))]):
        many = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        halted = any(RULES[problem.rule].halts for problem in errors)
        unjudged = "; references were not judged, as a file could not be read to its end" if halted else ""
        raise CstermsError(
            BAD_DEFINITIONS,
            f"{many} in the definition files{unjudged}",
            hint="correct the lines that are shown; csterms check PATH lists warnings as well",
            problems=tuple(_add_excerpts(errors, layers)),
        )


def _sort(problems: Iterable[Problem]) -> list[Problem]:
    """By file and position, errors first; what an alias repeats is reported once."""
    return sorted(
        dict.fromkeys(problems), key=lambda each: (each.path, each.line, each.column, each.severity, each.message)
    )


def _add_excerpts(problems: Iterable[Problem], layers: Sequence[Layer]) -> list[Problem]:
    """The problems, each with the line that it is about."""
    files = {file.shown: file for layer in layers for file in layer.files}

    @cache
    def lines_of(shown: str) -> list[str]:
        with contextlib.suppress(UnreadableError, KeyError):
            return re.split("\r\n|\r|\n", read_bytes(files[shown]).decode("utf-8", "replace").removeprefix("\ufeff"))
        return []

    return [
        structs.replace(problem, excerpt="".join(lines_of(problem.path)[problem.line - 1 : problem.line]))
        for problem in problems
    ]


def _update(database: sqlite3.Connection, layers: Sequence[Layer]) -> list[Problem]:
    """Makes a database, new or of an earlier run, one of just these files; returns what is wrong with those it read."""
    if not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        database.executescript(_TABLES)
    rows = database.execute("SELECT layer, path, id, stamp, settled FROM file")
    known = {(layer, path): (id, stamp, settled) for layer, path, id, stamp, settled in rows}
    files = sum(len(layer.files) for layer in layers)
    ordinal = files
    problems: list[Problem] = []
    with _no_collection(), progress_bar() as show:
        causes: list[Cause] = []
        for number, layer in reversed(
            list(enumerate(layers))
        ):  # what a layer leaves out decides what is read before it
            own: list[Cause] = []
            for file in reversed(layer.files):
                ordinal -= 1
                path = os.fsencode(os.path.abspath(file.path))
                now = repr((file.stamp, causes))
                id, stamp, settled = known.pop((number, path), (None, None, 0))
                if id is None or stamp != now or not settled:
                    if id is not None:
                        _remove(database, id)
                    id, document = _read_file(database, (number, path, now), file, causes)
                    problems += document.problems
                database.execute("UPDATE file SET ordinal = ?, shown = ? WHERE id = ?", (ordinal, file.shown, id))
                own += _list_causes(database, id, path)
                show(files - ordinal, files)
            causes += own
        for id, *_ in known.values():
            _remove(database, id)
    (settled,) = database.execute("SELECT COALESCE(MIN(settled), 1) FROM file").fetchone()
    meta = {"made_by": made_by(), "files": describe_files(layers), "settled": settled}
    database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
    database.commit()
    return problems


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without the garbage collector, which would go through the growing heap again and again and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _list_causes(database: sqlite3.Connection, file: int, path: bytes) -> Iterator[Cause]:
    """What a file does not adopt."""
    for line, column, body in database.execute("SELECT line, column, body FROM omission WHERE file = ?", (file,)):
        yield Cause(path, line, column, msgspec.msgpack.decode(body, type=Omission))


def _read_file(
    database: sqlite3.Connection, key: tuple[int, bytes, str], file: File, causes: Sequence[Cause]
) -> tuple[int, Document]:
    """Reads a file into the database, without what later layers do not adopt.

    `key` is the number of its layer, its absolute path, and what tells its state.
    """
    # A change after this moment is younger than the file will be found to be.
    settled = bool(file.stamp) and file.stamp[_CHANGED] < time.time_ns() - YOUNG
    try:
        document = read_document(read_bytes(file), file.shown)
    except UnreadableError as error:
        document = refuse_document(file.shown, error)
    row = database.execute(
        "INSERT INTO file (layer, path, stamp, whole, settled) VALUES (?, ?, ?, ?, ?)",
        (*key, document.whole, settled),
    )
    assert row.lastrowid is not None
    _add(database, row.lastrowid, _leave_out(database, row.lastrowid, document, causes) if causes else document)
    return row.lastrowid, document


def _leave_out(database: sqlite3.Connection, file: int, document: Document, causes: Sequence[Cause]) -> Document:
    """The document without what later layers do not adopt; what that is, is written down."""
    fragments, losses = leave_out_of(document.fragments, causes)
    database.executemany(
        "INSERT INTO left_out VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (kind, id, file, what, msgspec.msgpack.encode(_silenced(omission)), path, line, column)
            for kind, id, what, (path, line, column, omission) in losses
        ],
    )
    gone = {(each.omission.kind, each.omission.id) for each in causes if not each.omission.field}
    return structs.replace(
        document,
        fragments=tuple(fragments),
        together=tuple(leave_out_of_together(document.together, causes)),
        references={key: marks for key, marks in document.references.items() if key not in gone},
        values={key: marks for key, marks in document.values.items() if ("aspect", key[0]) not in gone},
    )


def _silenced(omission: Omission) -> tuple[str, ...]:
    """The sources whose words are left out; none where everybody's are."""
    return (omission.id,) if omission.kind == "source" else omission.sources


def _add(database: sqlite3.Connection, file: int, document: Document) -> None:
    """Writes what one file says under the file's id."""
    execute = database.executemany
    encode = msgspec.msgpack.encode
    (number,) = database.execute("SELECT COALESCE(MAX(number), 0) FROM entry").fetchone()
    numbered = list(enumerate(document.fragments, start=number + 1))
    execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, each.kind, each.entry.id, file, *each.at, each.entry.name, encode(each.keys), encode(each.entry))
            for number, each in numbered
        ],
    )
    execute(
        "INSERT INTO words (rowid, name, abbreviation, synonym, text) VALUES (?, ?, ?, ?, ?)",
        [(number, *searchable(each.entry).columns()) for number, each in numbered],
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
    points = list(enumerate(document.together))
    execute("INSERT INTO together VALUES (?, ?, ?)", [(file, number, encode(point)) for number, point in points])
    execute(
        "INSERT INTO together_of VALUES (?, ?, ?)",
        [(term, file, number) for number, point in points for term in point.terms],
    )
    execute(
        "INSERT INTO reference VALUES (?, ?, ?, ?)",
        [(file, *reference, encode(marks)) for reference, marks in document.references.items()],
    )
    execute(
        "INSERT INTO omission VALUES (?, ?, ?, ?)",
        [(file, *at, encode(omission)) for omission, at in document.omissions.omissions],
    )
    execute(
        "INSERT INTO omitted VALUES (?, ?, ?, ?, ?)",
        [(file, kind, id, *at) for kind, id, at in document.omissions.named],
    )
    execute(
        "INSERT INTO aspect_value VALUES (?, ?, ?, ?, ?)",
        [(file, *value, encode(marks)) for value, marks in document.values.items()],
    )


def _remove(database: sqlite3.Connection, file: int) -> None:
    """Removes what one file says."""
    rows = database.execute("SELECT number, kind, body FROM entry WHERE file = ?", (file,)).fetchall()
    for number, kind, body in rows:
        database.execute(
            "INSERT INTO words (words, rowid, name, abbreviation, synonym, text) VALUES ('delete', ?, ?, ?, ?, ?)",
            (number, *searchable(decode_entry(kind, body)).columns()),
        )
    for table in _OF_A_FILE:
        database.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
    database.execute("DELETE FROM file WHERE id = ?", (file,))


def _names(entry: Entry) -> list[str]:
    """Every name by which an entry can be found."""
    labels = [name.label for name in also_called(entry) + abbreviations(entry)]
    return [entry.id, *([entry.name] if entry.name else []), *labels]


def _delete_old_files(folder: Path) -> None:
    """Deletes what interrupted runs have left, and what has not been of use for long."""
    now = time.time()
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):
            age = now - entry.stat().st_mtime
            if age > (ABANDONED if entry.name.endswith(".tmp") else UNUSED):
                os.unlink(entry.path)
