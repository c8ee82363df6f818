"""The compiled glossary, so that a look-up does not pay for the glossary's size: what is kept of it, or a new one.

What is kept is a cache and nothing more: whatever is wrong with it, the files are compiled anew, and where it cannot be
written the answer comes out of memory.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from cs_terms.errors import CstermsError
from cs_terms.loading.cache import files_of, forget, place_of, read_kept
from cs_terms.loading.layers import File, Layer

Answer = TypeVar("Answer")


class Compiled(Struct, frozen=True):
    """A compiled glossary, ready to be read."""

    database: sqlite3.Connection
    """See `store`."""
    files: tuple[File, ...]
    """The files in the order of their places."""
    verified: bool
    """Whether every byte of it is known for unharmed."""


def opened(layers: Sequence[Layer], *, keep: bool = True) -> Compiled:
    """The compiled glossary of these layers: the one that is kept if it is of just these files, else a new one.

    Raises CstermsError (BAD_DEFINITIONS) with every error that is in the files. Without `keep` it is compiled in
    memory, and what is kept is neither read nor written.
    """
    files = tuple(file for layer in layers for file in layer.files)
    place = place_of(layers) if keep else None
    if place is not None and (kept := read_kept(place, files_of(layers))) is not None:
        database, verified, settled = kept
        if settled:
            return Compiled(database, files, verified)
        database.close()
    from cs_terms.loading.compile import compiled

    return Compiled(compiled(layers, place), files, verified=True)


def look_up(layers: Sequence[Layer], answer: Callable[[Compiled], Answer]) -> Answer:
    """What `answer` finds in the compiled glossary; if what is kept proves to have come to harm, in a new one.

    Raises what `answer` raises, and CstermsError as `opened` does.
    """
    try:
        compiled = opened(layers)
        with contextlib.closing(compiled.database):
            try:
                return answer(compiled)
            except CstermsError:
                if compiled.verified or _sound(compiled.database):
                    raise
    except (sqlite3.Error, msgspec.MsgspecError):
        pass
    forget(layers)
    compiled = opened(layers, keep=False)
    with contextlib.closing(compiled.database):
        return answer(compiled)


def _sound(database: sqlite3.Connection) -> bool:
    """Whether a database is whole. A name that is not there may be one that was lost."""
    found: tuple[str] = database.execute("PRAGMA integrity_check(1)").fetchone()
    return found[0] == "ok"
