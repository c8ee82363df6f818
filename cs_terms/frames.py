"""Rows of Python's as a table: a list of dicts, a dict of columns, or a data frame, whichever library it is of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any

from cs_terms.errors import USAGE, CstermsError


class Frame:
    """Rows that are in memory. Cells become text as a file would have it, and fractions stay what they are."""

    name = "the rows"
    garbled = False

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[Any]], size: int) -> None:
        self.header, self.size = tuple(header), size
        self._rows = rows
        self._number = 0

    def rows(self) -> Iterator[Sequence[object]]:
        """Yields the cells of each row."""
        for cells in self._rows:
            self._number += 1
            yield [_cell(each) for each in cells]

    def done(self) -> int:
        """Returns how many rows have been read."""
        return self._number

    def place(self, column: int | None = None) -> str:
        """Returns where the row that was yielded last stands, and its cell in a column."""
        return f"row {self._number}" + (f", {self.header[column]!r}" if column is not None else "")

    def close(self) -> None:
        """Nothing is open."""

    def remark(self) -> str:
        """Returns nothing: these rows are as long as the header."""
        return ""


def frame(rows: Any) -> Frame:
    """Returns a list of dicts, a mapping of columns, or a data frame as a table. Raises CstermsError (USAGE) for another thing."""
    if isinstance(rows, Mapping) or (hasattr(rows, "columns") and hasattr(rows, "__getitem__")):
        names = list(rows if isinstance(rows, Mapping) else rows.columns)
        columns = [_column(name, rows[name]) for name in names]
        lengths = {len(column) for column in columns}
        if len(lengths) > 1:
            raise _wrong(f"the columns have different lengths: {', '.join(map(str, sorted(lengths)))}")
        return Frame(list(map(str, names)), zip(*columns, strict=True), max(lengths, default=0))
    listed = list(rows) if isinstance(rows, Iterable) and not isinstance(rows, (str, bytes)) else [rows]
    for each in listed:
        if not isinstance(each, Mapping):
            raise _wrong(f"got {type(each).__name__} where a row was expected")
    names = list(dict.fromkeys(name for row in listed for name in row))
    return Frame(list(map(str, names)), ([row.get(name) for name in names] for row in listed), len(listed))


def _column(name: Any, values: Any) -> list[Any]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise _wrong(f"the column {str(name)!r} is {values!r}; expected a list")
    return list(values)


def _cell(value: Any) -> str | Fraction:
    if isinstance(value, str):
        return value
    if isinstance(value, Rational) and not isinstance(value, (bool, int)):
        return Fraction(int(value.numerator), int(value.denominator))
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return "" if text in _MISSING else text


_MISSING = ("None", "nan", "NaN", "<NA>", "NaT")
"""What data frames have where there is nothing."""


def _wrong(message: str) -> CstermsError:
    return CstermsError(USAGE, message, hint="rows are a list of dicts, a dict of columns, or a data frame")
