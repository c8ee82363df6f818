"""The answer of `import`: another system's file as a definition file, checked."""

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Mapping, Sequence

from msgspec import Struct

from cs_terms.errors import BAD_DEFINITIONS, UNWRITABLE, USAGE, CstermsError, Problem
from cs_terms.exchange.definitions import write_definitions
from cs_terms.exchange.draft import BadFileError, Imported
from cs_terms.loading.compiling import find_problems
from cs_terms.loading.files import SUFFIXES, layer

FORMATS = ("csv", "datahub", "skos")
MAX_BYTES = 64 * 1024 * 1024
"""A larger file is refused unread."""


class Definitions(Struct, frozen=True):
    """A definition file made of another system's file."""

    texts: tuple[str, ...]
    """The definition file; several where it is too much for one."""
    found: Imported
    """What was found, and what was left out."""
    warnings: tuple[Problem, ...]
    """What `check` would say of it; errors are raised."""

    def remarks(self) -> tuple[str, ...]:
        """Returns what was read, what was not, and what was left out and why."""
        content, left_out = self.found.content, self.found.left_out
        counts = (
            (len(content.terms), "term"),
            (len(content.metrics), "metric"),
            (len(content.aspects), "aspect"),
            (len(content.sources), "source"),
        )
        said = [
            f"read {', '.join(f'{count:,} {kind}{chr(115) if count != 1 else str()}' for count, kind in counts if count)}"
        ]
        said += [f"used: {', '.join(self.found.used)}"] if self.found.used else []
        said += [f"not used: {', '.join(self.found.unused)}"] if self.found.unused else []
        said += [f"left out: {each}" for each in left_out[:20]]
        said += [f"left out: {len(left_out) - 20:,} more"] if len(left_out) > 20 else []
        return (*said, *(f"{each.severity}[{each.rule}]: {each.message}" for each in self.warnings[:5]))


def import_file(format: str, path: str, columns: Mapping[str, str], source: str = "") -> Definitions:
    """Returns another system's file as definitions. Raises CstermsError where it cannot be read or comes out wrong."""
    if format not in FORMATS:
        raise CstermsError(USAGE, f"there is no format {format!r} to import", hint=f"expected {', '.join(FORMATS)}")
    if format != "csv" and (columns or source):
        raise CstermsError(USAGE, f"{format} has no use for --column and --source", hint="they are for csv")
    found = _read(format, path, columns, source)
    if not (found.content.terms or found.content.metrics):
        raise BadFileError(
            f"{path}: no term and no metric in it", found.left_out[0] if found.left_out else "name another file"
        )
    texts = write_definitions(found.content)
    return Definitions(tuple(texts), found, _check(texts, path))


def _read(format: str, path: str, columns: Mapping[str, str], source: str) -> Imported:
    data = read_bytes(path)
    try:
        if format == "csv":
            from cs_terms.exchange.spreadsheet import read

            return read(data, path, columns, source)
        if format == "datahub":
            from cs_terms.exchange.datahub import read as read_datahub

            return read_datahub(data, path)
        from cs_terms.exchange.skos_import import read as read_skos

        return read_skos(data, path)
    except BadFileError as error:
        if error.message.startswith((path, "--column")):
            raise
        raise BadFileError(f"{path}: {error.message}", error.hint) from error


def _check(texts: Sequence[str], path: str) -> tuple[Problem, ...]:
    """The warnings about a definition file that is not written yet. Raises CstermsError where there are errors."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            with open(os.path.join(folder, f"{number}.yaml"), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        problems = find_problems([layer(folder)])
    errors = tuple(each for each in problems if each.severity == "error")
    if errors:
        wrong = re.sub(r" \([^()]*\.yaml:\d+\)", "", errors[0].message)  # a file that is gone
        message = f"{path}: no valid definition file can be made from it: {wrong}"
        more = f" and {len(errors) - 1:,} more" if len(errors) > 1 else ""
        raise CstermsError(BAD_DEFINITIONS, message + more, hint="correct that in the file, and import it again")
    return tuple(problems)


def read_bytes(path: str) -> bytes:
    """Returns the bytes of a file; those of standard input for `-`. Raises BadFileError."""
    import sys

    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""
        else:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise BadFileError(f"{path}: not a regular file", "name a file, or - for standard input")
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read: {error.strerror}", "name a file that you may read") from error
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{path}: more than {MAX_BYTES:,} bytes", "split it into several files")
    return data


def write_new(path: str, texts: Sequence[str]) -> list[str]:
    """Writes definition files, none of which is there yet, and returns their paths: NEW.yaml, NEW-2.yaml, ...

    Raises CstermsError: USAGE where one is there, UNWRITABLE; then none is written.
    """
    stem, ending = os.path.splitext(path)
    if ending not in SUFFIXES:
        message = f"{path!r} is not the name of a definition file; expected one that ends in {' or '.join(SUFFIXES)}"
        raise CstermsError(USAGE, message, hint=f"-o {path}.yaml")
    written: list[str] = []
    try:
        for number, text in enumerate(texts, start=1):
            name = path if number == 1 else f"{stem}-{number}{ending}"
            with open(name, "x", encoding="utf-8", newline="\n") as file:  # x: never over a file
                written.append(name)
                file.write(text)
    except OSError as error:
        for name in written:
            with contextlib.suppress(OSError):
                os.unlink(name)
        if isinstance(error, FileExistsError):
            raise CstermsError(USAGE, f"{error.filename} is there already", hint="name a new file") from error
        message = f"{error.filename or path}: cannot be written: {error.strerror}"
        raise CstermsError(UNWRITABLE, message, hint="name a file in a folder that you may write to") from error
    return written
