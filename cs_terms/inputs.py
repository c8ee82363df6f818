"""What a formula is given: NAME=VALUE words, or numbers and series from Python."""

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from numbers import Rational
from pathlib import Path
from typing import Any

from cs_terms.errors import USAGE, CstermsError
from cs_terms.formula import Value, parse
from cs_terms.model import Reading
from cs_terms.numbers import NotANumberError, read_number
from cs_terms.spelling import did_you_mean, nearest

COUNTS = ("count", "series of counts")
"""The units of inputs that are numbers of things: there are never fewer than none."""


def parse_inputs(words: Sequence[str], readings: Sequence[Reading]) -> dict[str, Value]:
    """Returns the value of each input. Raises CstermsError (USAGE) for the first that is wrong.

    A value is a number (12, -0.5, 1_000, 1e3), a series (5,7,12), @FILE for a column of numbers, @- for standard input,
    or @FILE:COLUMN for a column of a table.
    """
    series = {name for each in readings for name in parse(each.formula).series}
    values: dict[str, Value] = {}
    from_standard_input = ""
    for name, value in split_words(words, readings):
        if value == "@-" or value.startswith("@-:"):
            if from_standard_input:
                raise _wrong(
                    f"{name} and {from_standard_input} cannot both come from standard input", "put one in a file"
                )
            from_standard_input = name
        if value.startswith("@"):
            values[name] = _column(name, value[1:])
        else:
            values[name] = _numbers(name, value) if name in series else _one_number(name, value)
    _check_counts(values, readings)
    return values


def split_words(words: Sequence[str], readings: Sequence[Reading]) -> Iterator[tuple[str, str]]:
    """Yields the name and the value of each NAME=VALUE word. Raises CstermsError (USAGE) for the first that is none."""
    given: set[str] = set()
    for word in words:
        name, equals, value = word.partition("=")
        name = unicodedata.normalize("NFKC", name)
        if not equals:
            raise _wrong(f"expected NAME=VALUE, got {word!r}", list_inputs(readings))
        _check_known(name, [other.partition("=")[0] for other in words if other != word], readings)
        if name in given:
            raise _wrong(f"{name} is given twice", "give it once")
        given.add(name)
        yield name, value


def split_given(given: Sequence[str] | Mapping[str, Any], readings: Sequence[Reading]) -> list[tuple[str, Any]]:
    """Returns the name and the value of each input, given by name or as NAME=VALUE words. Raises CstermsError (USAGE)."""
    if not isinstance(given, Mapping):
        return list(split_words(given, readings))
    for name in given:
        _check_known(name, [other for other in given if other != name], readings)
    return list(given.items())


def convert_inputs(given: Mapping[str, Any], readings: Sequence[Reading]) -> dict[str, Value]:
    """Returns the value of each input. Raises CstermsError (USAGE) for the first that is wrong.

    A value is a number (int, float, Decimal, Fraction, or a text such as "0.1") or an iterable of numbers, a series. A
    float counts as the decimal number that Python prints for it.
    """
    values: dict[str, Value] = {}
    for name, value in given.items():
        _check_known(name, [other for other in given if other != name], readings)
        if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
            items = enumerate(value, start=1)
            values[name] = tuple(convert_number(item, f"item {number} of {name}") for number, item in items)
        else:
            values[name] = convert_number(value, name)
    _check_counts(values, readings)
    return values


def convert_number(value: Any, where: str) -> Fraction:
    """Returns a number of Python's, exactly. Raises CstermsError (USAGE) where it is none."""
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Fraction(int(value.numerator), int(value.denominator))
    return parse_number("" if value is None else str(value), where)


def parse_number(text: str, where: str) -> Fraction:
    """Returns the number that a text is. Raises CstermsError (USAGE), which says `where`, where it is none."""
    try:
        return read_number(text)
    except NotANumberError as error:
        raise _wrong(f"{where}: {error}", error.hint) from error


def list_inputs(readings: Sequence[Reading]) -> str:
    """Returns what each reading takes, reading by reading."""
    return "\n".join(["inputs are", *(f"  {each.name}: {', '.join(each.inputs)}" for each in readings)])


def counts(readings: Iterable[Reading]) -> set[str]:
    """Returns the inputs that are numbers of things."""
    return {name for each in readings for name, of in each.inputs.items() if of.unit in COUNTS}


def _check_known(name: str, others: Sequence[str], readings: Sequence[Reading]) -> None:
    """Raises CstermsError for a name that no reading takes, with what the readings that take the others lack."""
    if any(name in each.inputs for each in readings):
        return
    fitting = [each for each in readings if any(other in each.inputs for other in others)]
    fitting.sort(key=lambda each: -sum(other in each.inputs for other in others))  # those that fit best come first
    for some in (fitting[:1], fitting, readings):
        lacking = [known for each in some for known in each.inputs if known not in others]
        if nearest(name, lacking):
            raise _wrong(f"there is no input {name!r}", did_you_mean(name, lacking))
    raise _wrong(f"there is no input {name!r}", list_inputs(fitting or readings))


def _check_counts(values: Mapping[str, Value], readings: Sequence[Reading]) -> None:
    things = counts(readings)
    for name, value in values.items():
        if name in things and (below := [each for each in as_series(value) if each < 0]):
            raise _wrong(f"{name} is a number of things, and {below[0]} is below 0", "give how many there are")


def as_series(value: Value) -> tuple[Fraction, ...]:
    """Returns the numbers of a series; of a single number, a series of one."""
    return value if isinstance(value, tuple) else (value,)


def _wrong(message: str, hint: str) -> CstermsError:
    return CstermsError(USAGE, message, hint=hint)


def _numbers(name: str, text: str) -> Value:
    if "," not in text:
        return parse_number(text, name)
    return tuple(parse_number(part, f"item {place} of {name}") for place, part in enumerate(text.split(","), start=1))


def _one_number(name: str, text: str) -> Value:
    """A number; where commas make it a series, the message says what a thousand or a decimal is written like."""
    try:
        return read_number(text)
    except NotANumberError as error:
        message = f"{name} is one number, got a series: {text!r}" if "," in text else f"{name}: {error}"
        raise _wrong(message, error.hint) from error


def _column(name: str, path: str) -> Value:
    """The numbers of a file, one a line, blank lines skipped, or of a column of a table; one alone is no series."""
    if not path:
        raise _wrong(f"{name}: expected the name of a file after @", "@FILE is a column of numbers, @- standard input")
    if ":" in path and not os.path.exists(path):
        return _named_column(name, *path.rsplit(":", 1))
    shown = "standard input" if path == "-" else path
    try:
        text = _standard_input() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _wrong(
            f"{name}: {shown} cannot be read: {error.strerror}", "give a file with a number on each line"
        ) from error
    except UnicodeDecodeError as error:
        raise _wrong(f"{name}: {shown} is not UTF-8 text", "give a file with a number on each line") from error
    lines = [(place, line.strip()) for place, line in enumerate(text.splitlines(), start=1)]
    if lines and re.search(r"[^\W\d_]", lines[0][1]) and re.search("[,;\t]", lines[0][1]):
        raise _wrong(f"{name}: {shown} is a table", f"name the column: {name}=@{path}:COLUMN")
    numbers = tuple(parse_number(line, f"line {place} of {shown}") for place, line in lines if line)
    return numbers[0] if len(numbers) == 1 else numbers


def _named_column(name: str, path: str, column: str) -> Value:
    from cs_terms.tables import find_column, no_column, open_table

    table = open_table(path)
    with closing(table):
        place = find_column(column, table.header)
        if place is None:
            raise no_column(column, table.name, table.header)
        cells = (each[place] if place < len(each) else "" for each in table.rows())
        numbers = tuple(parse_number(cell, f"{table.place(place)}: {name}") for cell in cells)
    return numbers[0] if len(numbers) == 1 else numbers


def _standard_input() -> str:
    return sys.stdin.read().removeprefix("\ufeff") if sys.stdin else ""
