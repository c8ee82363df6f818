"""Layers compiled into a database: only what may have changed is read again."""

import contextlib
import gc
import hashlib
import os
import shutil
import sqlite3
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cs_terms.errors import BAD_DEFINITIONS, CstermsError
from cs_terms.loading.cache import files_of, kept_files, made_by, read_kept
from cs_terms.loading.layers import File, Layer
from cs_terms.loading.load import decode, refused
from cs_terms.loading.read import UnreadableError, read_bytes
from cs_terms.loading.rules import errors
from cs_terms.loading.store import TABLES, add, remove
from cs_terms.progress import progress_bar

YOUNG = 2_000_000_000
"""Nanoseconds within which two changes of a file may bear the same time: two seconds, on the coarsest file systems."""
_CHANGED = 1 if sys.platform == "win32" else 2
"""Where in a file's stamp the time of its last change is, as the system and not the user sets it where there is such."""
ABANDONED = 3600
"""Seconds after which a file that was begun and never renamed is cleared away."""
UNUSED = 60 * 24 * 3600
"""Seconds after which what has not been compiled again is cleared away."""


def compiled(layers: Sequence[Layer], place: Path | None) -> sqlite3.Connection:
    """The database of these layers, kept at `place` where that can be written.

    Raises CstermsError (BAD_DEFINITIONS) with every error in the files; nothing is kept then.
    """
    if place is not None:
        with contextlib.suppress(OSError, sqlite3.Error):
            return _kept(layers, place)
    database = sqlite3.connect(":memory:")
    try:
        update(database, layers)
        _refuse_errors(database)
    except BaseException:
        database.close()
        raise
    return database


def _refuse_errors(database: sqlite3.Connection) -> None:
    if found := errors(database):
        many = "1 error" if len(found) == 1 else f"{len(found)} errors"
        raise CstermsError(
            BAD_DEFINITIONS,
            f"{many} in the definition files",
            hint="mend them; csterms check PATH lists warnings as well",
            problems=tuple(found),
        )


def update(database: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    """Makes a database, new or of an earlier run, one of just these files; reads only those that may have changed."""
    if not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        database.executescript(TABLES)
    rows = database.execute("SELECT layer, path, id, stamp, digest, settled FROM file")
    known = {(layer, path): _Known(*rest) for layer, path, *rest in rows}
    files = [(number, file) for number, layer in enumerate(layers) for file in layer.files]
    with _no_collection(), progress_bar() as show:
        for place, (layer, file) in enumerate(files):
            path = os.fsencode(os.path.abspath(file.path))
            id = _taken_in(database, (layer, path), file, known.pop((layer, path), None))
            database.execute("UPDATE file SET place = ?, shown = ? WHERE id = ?", (place, file.shown, id))
            show(place + 1, len(files))
        for gone in known.values():
            remove(database, gone.id)
    (settled,) = database.execute("SELECT COALESCE(MIN(settled), 1) FROM file").fetchone()
    meta = {"made_by": made_by(), "files": files_of(layers), "settled": settled}
    database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
    database.commit()


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


class _Known(NamedTuple):
    """What is known of a file from an earlier run."""

    id: int
    stamp: str
    digest: bytes
    settled: int


def _taken_in(database: sqlite3.Connection, key: tuple[int, bytes], file: File, known: _Known | None) -> int:
    """The id under which the database has what a file says now; the file is read only if it may have changed.

    `key` is the rank of its layer and its absolute path.
    """
    stamp = repr(file.stamp)
    if known is not None and known.stamp == stamp and known.settled:
        return known.id
    # A change after this moment is younger than the file will be found to be.
    settled = bool(file.stamp) and file.stamp[_CHANGED] < time.time_ns() - YOUNG
    unreadable = None
    try:
        data = read_bytes(Path(file.path))
    except UnreadableError as error:
        data, unreadable = b"", error
    digest = hashlib.blake2b(data, digest_size=16).digest()
    if known is not None and known.digest == digest and not unreadable:
        database.execute("UPDATE file SET stamp = ?, settled = ? WHERE id = ?", (stamp, settled, known.id))
        return known.id
    if known is not None:
        remove(database, known.id)
    row = database.execute(
        "INSERT INTO file (layer, path, stamp, digest, settled) VALUES (?, ?, ?, ?, ?)",
        (*key, stamp, digest, settled),
    )
    assert row.lastrowid is not None
    add(database, row.lastrowid, refused(file.shown, unreadable) if unreadable else decode(data, file.shown))
    return row.lastrowid


def _kept(layers: Sequence[Layer], place: Path) -> sqlite3.Connection:
    """Compiles into a file of its own and puts it at its place. Raises OSError or sqlite3.Error where that fails."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_away(place.parent)
    beside = place.with_name(f"{place.name}.{os.urandom(8).hex()}.tmp")
    try:
        with contextlib.closing(_begun(beside, place)) as database:
            update(database, layers)
            _refuse_errors(database)
        final = place.with_name(f"{place.name}-{zlib.crc32(beside.read_bytes()):08x}.db")
        before = kept_files(place)
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)
    for path in before:
        if path != final:
            with contextlib.suppress(OSError):
                path.unlink()
    kept = read_kept(place, files_of(layers))
    if kept is None:  # another run has taken the place in the meantime
        raise FileNotFoundError(final)
    return kept[0]


def _begun(beside: Path, place: Path) -> sqlite3.Connection:
    """A database to go on with: a copy of what is kept, if that is of this csterms and unharmed, else an empty one."""
    for path in kept_files(place):
        with contextlib.suppress(OSError, sqlite3.Error, TypeError):
            shutil.copyfile(path, beside)
            if f"{zlib.crc32(beside.read_bytes()):08x}" == path.stem.rpartition("-")[2] and _is_ours(beside):
                return _unlogged(beside)
        beside.write_bytes(b"")
    return _unlogged(beside)


def _is_ours(path: Path) -> bool:
    """Whether this csterms has made a database. Raises sqlite3.Error where it is none."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        row = database.execute("SELECT value FROM meta WHERE key = 'made_by'").fetchone()
        return bool(row == (made_by(),))


def _unlogged(path: Path) -> sqlite3.Connection:
    """A database that keeps no journal: nobody sees it before it is done."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    return database


def _clear_away(folder: Path) -> None:
    """Deletes what runs that were killed have left, and what has long been of no use."""
    now = time.time()
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):
            age = now - entry.stat().st_mtime
            if age > (ABANDONED if entry.name.endswith(".tmp") else UNUSED):
                os.unlink(entry.path)
