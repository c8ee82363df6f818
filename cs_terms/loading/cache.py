"""Where compiled glossaries are kept, and what tells that one is of just these files and unharmed.

A file in this folder is never changed: a new one is written beside it and renamed into place, so that nobody waits for a
lock, and its name ends in the sum of its bytes.
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
from cs_terms.loading.layers import Layer

SMALL = 4 * 1024 * 1024
"""A file of this many bytes or fewer is summed at every run; of a larger one, each entry when it is read."""


def place_of(layers: Sequence[Layer]) -> Path | None:
    """Where the compiled glossary of these layers is kept: the beginning of its name; None without a cache folder."""
    paths = "\0".join([cs_terms.__version__, *(os.path.abspath(layer.path) for layer in layers)])
    folder = _cache_folder()
    return folder / f"{zlib.crc32(os.fsencode(paths)):08x}" if folder else None


def forget(layers: Sequence[Layer]) -> None:
    """Deletes what is kept of these layers."""
    if place := place_of(layers):
        for path in kept_files(place):
            with contextlib.suppress(OSError):
                path.unlink()


def made_by() -> str:
    """What tells the csterms that compiles: its version, and the state of its modules, for whoever works on them."""
    code = []
    # In a zipped package there are no such files, and it does not change either.
    package = os.path.dirname(cs_terms.__file__)
    for folder in (package, os.path.dirname(__file__)):
        with contextlib.suppress(OSError), os.scandir(folder) as modules:
            for module in modules:
                if module.name.endswith(".py"):
                    status = module.stat()
                    code.append((module.name, status.st_size, status.st_mtime_ns))
    return repr((cs_terms.__version__, sorted(code)))


def files_of(layers: Sequence[Layer]) -> bytes:
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


def read_kept(place: Path, files: bytes) -> tuple[sqlite3.Connection, bool, bool] | None:
    """What is kept at a place, if it is of these files: the database, whether it was summed, and whether it is settled.

    It is not settled while one of its files was so young when it was read that a change might not show in its times.
    """
    for path in kept_files(place):
        with contextlib.suppress(OSError, sqlite3.Error):
            verified = path.stat().st_size <= SMALL
            if verified and f"{zlib.crc32(path.read_bytes()):08x}" != path.stem.rpartition("-")[2]:
                continue
            # Immutable: nobody writes to it, so nobody has to be asked for a lock.
            database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                meta = dict(database.execute("SELECT key, value FROM meta").fetchall())
            except BaseException:
                database.close()
                raise
            if (meta.get("made_by"), meta.get("files")) == (made_by(), files):
                return database, verified, meta.get("settled") == 1
            database.close()
    return None


def kept_files(place: Path) -> list[Path]:
    """The files kept at a place: one, or none, or two while one takes the other's place."""
    with contextlib.suppress(OSError):
        return [Path(entry.path) for entry in os.scandir(place.parent) if entry.name.startswith(f"{place.name}-")]
    return []


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
