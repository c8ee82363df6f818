"""The file in which a database is kept between runs, and what tells that it is still right.

It is a cache: it may be deleted at any time, and whatever is wrong with it, the layers are compiled again. It is never
changed: a new one is written beside it and renamed, so that nobody waits for a lock.
"""

import contextlib
import os
import sqlite3
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

import cs_terms
from cs_terms.loading.files import STANDARD_INPUT, Layer

DECIDING = ("model.py", "merge.py", "spelling.py", "words.py")
"""The modules outside this folder that decide what is kept."""


def kept_path(layers: Sequence[Layer]) -> Path | None:
    """Where the database of these layers is kept; None without a cache folder, or where one is standard input."""
    if any(layer.path == STANDARD_INPUT for layer in layers):
        return None
    paths = "\0".join([cs_terms.__version__, *(os.path.abspath(layer.path) for layer in layers)])
    folder = _cache_folder()
    return folder / f"{zlib.crc32(os.fsencode(paths)):08x}.db" if folder else None


def open_kept(path: Path, files: bytes | None = None, *, settled: bool = False) -> sqlite3.Connection | None:
    """The kept database if this csterms wrote it and nothing has changed it since.

    With `files`, only if it is of just these (see `describe_files`). With `settled`, only if all of them were old
    enough when they were read that any later change shows in their times.
    """
    with contextlib.suppress(OSError, sqlite3.Error):
        # Immutable: nobody writes to it, so SQLite need not lock it.
        database = connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
        with contextlib.ExitStack() as stack:
            stack.callback(database.close)
            meta = dict(database.execute("SELECT key, value FROM meta").fetchall())
            is_ours = meta.get("made_by") == made_by() and meta.get("written") == path.stat().st_mtime_ns
            is_current = files in (None, meta.get("files")) and meta.get("settled") in (1, int(settled))
            if is_ours and is_current:
                stack.pop_all()
                return database
    return None


def forget_kept(layers: Sequence[Layer]) -> None:
    """Deletes what is kept of these layers."""
    if path := kept_path(layers):
        with contextlib.suppress(OSError):
            path.unlink()


def connect(uri: str) -> sqlite3.Connection:
    """A database that any thread may use, one at a time."""
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def made_by() -> str:
    """What tells which csterms wrote a database: its version, and for whoever works on it the state of its modules."""
    package, room = os.path.dirname(cs_terms.__file__), os.path.dirname(__file__)
    modules = []
    with contextlib.suppress(OSError):  # in a zipped package there are no such files, and it does not change either
        paths = [entry.path for entry in os.scandir(room) if entry.name.endswith(".py")]
        for path in (*sorted(paths), *(os.path.join(package, name) for name in DECIDING)):
            status = os.stat(path)
            modules.append((os.path.basename(path), status.st_size, status.st_mtime_ns))
    return repr((cs_terms.__version__, modules))


def describe_files(layers: Sequence[Layer]) -> bytes:
    """What tells just these files in just this state, however the paths of their layers are written."""
    return msgspec.msgpack.encode(
        [
            (
                os.fsencode(os.path.abspath(layer.path)),
                [(os.fsencode(file.path[len(layer.path) :].lstrip(os.sep)), file.stamp) for file in layer.files],
            )
            for layer in layers
        ]
    )


def _cache_folder() -> Path | None:
    """The user's folder for caches: $XDG_CACHE_HOME, else that of the platform.

    platformdirs would cost a tenth of a look-up.
    """
    with contextlib.suppress(RuntimeError):  # no home
        given = os.environ.get("XDG_CACHE_HOME", "")
        if os.path.isabs(given):
            return Path(given) / "csterms"
        if os.environ.get("HOME") == "" or not Path.home().is_absolute():
            return None
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "csterms" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library/Caches/csterms"
        return Path.home() / ".cache" / "csterms"
    return None
