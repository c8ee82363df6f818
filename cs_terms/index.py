"""Layers to a compiled glossary."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from cs_terms.errors import BAD_DEFINITIONS, CstermsError
from cs_terms.layers import Layer
from cs_terms.load import load
from cs_terms.rules import errors
from cs_terms.store import TABLES, add


def compiled(layers: Sequence[Layer]) -> sqlite3.Connection:
    """The database of these layers, however much is wrong with them."""
    database = sqlite3.connect(":memory:")
    database.executescript(TABLES)
    files = [(number, file) for number, layer in enumerate(layers) for file in layer.files]
    for place, (number, file) in enumerate(files, start=1):
        database.execute("INSERT INTO file VALUES (?, ?, ?, ?)", (place, place, number, file.shown))
        add(database, place, load(Path(file.path), file.shown))
    return database


def opened(layers: Sequence[Layer]) -> sqlite3.Connection:
    """The database of these layers. Raises CstermsError (BAD_DEFINITIONS) with every error that is in them."""
    database = compiled(layers)
    if found := errors(database):
        many = "1 error" if len(found) == 1 else f"{len(found)} errors"
        raise CstermsError(
            BAD_DEFINITIONS,
            f"{many} in the definition files",
            hint="mend them; csterms check PATH lists warnings as well",
            problems=tuple(found),
        )
    return database
