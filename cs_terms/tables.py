"""Tables of one's own, a row at a time: CSV or TSV with a header, and where in the file a cell stands."""

import csv
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Protocol, TextIO

from cs_terms.errors import USAGE, CstermsError
from cs_terms.spelling import fold, suggestion

DELIMITERS = "\t;,"
"""What may stand between cells: the one that the first line has most of."""
NAMES = {"\t": "tab", ";": "semicolon", ",": "comma"}
"""What they are called."""


MOST_LETTERS = 100_000_000
"""How long a cell may be: csv's own limit is 131,072, and the whole text of a ticket may be longer."""
_UNREAD = re.compile("[\udc80-\udcff]")
"""Bytes that are not UTF-8, as `surrogateescape` hands them over."""


class Table(Protocol):
    """Rows with a header, read once."""

    name: str
    """What it is called in messages."""
    header: tuple[str, ...]
    """The names of the columns."""
    size: int
    """How much there is to read, in bytes or rows; 0 where nobody knows."""

    def rows(self) -> Iterator[Sequence[object]]:
        """Yields the cells of each row."""

    def done(self) -> int:
        """Returns how much of it has been read."""

    def close(self) -> None:
        """Lets go of it."""

    @property
    def garbled(self) -> bool:
        """Whether letters that could not be read have become escapes."""

    def remark(self) -> str:
        """Returns what may be the matter with a row of a wrong length, as the end of a message."""

    def place(self, column: int | None = None) -> str:
        """Returns where the row that was yielded last stands, or its cell in a column: path:line:column."""


class TextTable:
    """A file of comma, semicolon or tab separated values. Cells are text, as they stand there."""

    def __init__(self, stream: TextIO, name: str, size: int) -> None:
        """Raises CstermsError (USAGE) where there is no header, or no text."""
        self.name, self.size = name, size
        self._stream = stream
        self._raw: list[str] = []
        self._line, self._skipped = 1, 0
        self.garbled = False
        first = self._readable(stream.readline())
        while first and not first.strip():
            self._skipped += 1
            first = self._readable(stream.readline())
        self.delimiter = _delimiter(first)
        self._reader = csv.reader(self._keep(chain([first], stream)), delimiter=self.delimiter)
        if "\0" in first or first.startswith(("\\xff\\xfe", "\\xfe\\xff")):
            raise _wrong(f"{name} is not UTF-8 text", "save it as CSV UTF-8")
        self.header = tuple(each.strip() for each in next(self.rows(), ()))
        if not self.header:
            raise _wrong(
                f"{name} is empty", "expected a header with the names of the columns, then one row for each case"
            )

    def _keep(self, lines: Iterator[str]) -> Iterator[str]:
        for each in lines:
            line = each if each.isascii() else self._readable(each)
            self._raw.append(line)
            yield line

    def _readable(self, line: str) -> str:
        """A line with what is no UTF-8 as an escape to read: it is no number, and no reason to lose the other rows."""
        readable, found = _UNREAD.subn(lambda byte: f"\\x{ord(byte.group()) - 0xDC00:02x}", line)
        self.garbled |= bool(found)
        return readable

    def _turn(self) -> None:
        """Forgets the row that has been read: the next one begins on the next line."""
        self._raw.clear()
        self._line = self._skipped + self._reader.line_num + 1

    def _cells(self) -> list[str] | None:
        usual = csv.field_size_limit(MOST_LETTERS)  # for the whole program, which may read other files by its own limit
        try:
            return next(self._reader, None)
        finally:
            csv.field_size_limit(usual)

    def rows(self) -> Iterator[list[str]]:
        """Yields the cells of each row; lines without any are passed over.

        Raises CstermsError (USAGE) for a cell that is too long, and for what is no CSV.
        """
        self._turn()
        try:
            for cells in iter(self._cells, None):
                if len(cells) > 1 or "".join(cells).strip():
                    yield cells
                self._turn()
        except csv.Error as error:
            if "field larger" in str(error):
                message = f"{self.place()}: a cell of this row has more than {MOST_LETTERS:,} characters"
                raise _wrong(message, "is a quotation mark left open?") from error
            raise _wrong(f"{self.place()}: this row cannot be read: {error}", "save the table as CSV UTF-8") from error

    def done(self) -> int:
        """Returns how many bytes have been read."""
        return self._stream.buffer.tell() if isinstance(self._stream, io.TextIOWrapper) and self.size else 0

    def place(self, column: int | None = None) -> str:
        """Returns where the row that was yielded last begins, or its cell in a column: path:line:column."""
        if column is None:
            return f"{self.name}:{self._line}"
        line, place, quoted = self._line, 1, False
        for letter in "".join(self._raw):
            if not column:
                break
            quoted ^= letter == '"'
            column -= letter == self.delimiter and not quoted
            line, place = (line + 1, 1) if letter == "\n" else (line, place + 1)
        return f"{self.name}:{line}:{place}"

    def close(self) -> None:
        """Closes the file; standard input is not ours to close."""
        if self._stream is not sys.stdin:
            self._stream.close()

    def remark(self) -> str:
        """Returns what may be the matter with a row of a wrong length, as the end of a message."""
        if len(self._raw) > 1:
            return "; is a quotation mark left open?"
        return f"; a cell with a {NAMES[self.delimiter]} in it needs quotation marks around it"


def open_table(path: str) -> TextTable:
    """Opens a file, or standard input for `-`. Raises CstermsError (USAGE) where it cannot be read or has no header."""
    if not path:
        raise _wrong("'' is not a file name", "give a CSV or TSV file with a header, or - for standard input")
    if path == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape", newline="")
        return TextTable(sys.stdin or io.StringIO(), "standard input", 0)
    try:
        stream = open(path, encoding="utf-8-sig", errors="surrogateescape", newline="")  # noqa: SIM115  # `close` closes it
    except OSError as error:
        raise _wrong(f"{path} cannot be read: {error.strerror}", "give a CSV or TSV file with a header") from error
    try:
        return TextTable(stream, path, os.fstat(stream.fileno()).st_size)
    except OSError as error:
        stream.close()
        raise _wrong(f"{path} cannot be read: {error.strerror}", "give a CSV or TSV file with a header") from error
    except CstermsError:
        stream.close()
        raise


def find_column(name: str, header: Sequence[str]) -> int | None:
    """Returns the place of a column; case, spaces, hyphens and underscores make no difference where none is called so.

    Raises CstermsError (USAGE) where several are meant.
    """
    exact = [place for place, each in enumerate(header) if each == name]
    found = exact or [place for place, each in enumerate(header) if fold(each) == fold(name)]
    if len(found) > 1:
        raise _wrong(
            f"{len(found)} columns are called {name!r}: {', '.join(repr(header[each]) for each in found)}",
            "rename all but one of them",
        )
    return found[0] if found else None


def no_column(name: str, table: str, header: Sequence[str]) -> CstermsError:
    """An error that says which columns there are, and which may have been meant."""
    return _wrong(
        f"{table} has no column {name!r}{suggestion(name, header)}", f"its columns are {', '.join(map(repr, header))}"
    )


def _delimiter(line: str) -> str:
    outside = "".join(line.split('"')[::2])
    return max(reversed(DELIMITERS), key=outside.count)


def _wrong(message: str, hint: str) -> CstermsError:
    return CstermsError(USAGE, message, hint=hint)
