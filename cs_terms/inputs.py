"""What a formula is given: NAME=VALUE words, or numbers and series from Python."""

import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from pathlib import Path
from typing import Any

from cs_terms.errors import USAGE, CstermsError
from cs_terms.formula import Value
from cs_terms.model import NUMBER
from cs_terms.spelling import did_you_mean

_ANY_NUMBER = r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?"


def parse_inputs(words: Sequence[str], known: Collection[str]) -> dict[str, Value]:
    """Returns the value of each input. Raises CstermsError (USAGE) for the first that is wrong.

    A value is a number (12, -0.5, 1_000, 1e3), a series (5,7,12), or @FILE for a column of numbers, @- for standard input.
    """
    values: dict[str, Value] = {}
    from_standard_input = ""
    for word in words:
        name, equals, value = word.partition("=")
        name = unicodedata.normalize("NFKC", name)
        if not equals:
            raise _wrong(f"expected NAME=VALUE, got {word!r}", f"the inputs are {', '.join(known)}")
        if name not in known:
            raise _wrong(f"there is no input {name!r}", did_you_mean(name, known))
        if name in values:
            raise _wrong(f"{name} is given twice", "give it once")
        if value == "@-":
            if from_standard_input:
                raise _wrong(
                    f"{name} and {from_standard_input} cannot both come from standard input", "put one in a file"
                )
            from_standard_input = name
        values[name] = _column(name, value[1:]) if value.startswith("@") else _numbers(name, value)
    return values


def convert_inputs(given: Mapping[str, Any], known: Collection[str]) -> dict[str, Value]:
    """Returns the value of each input. Raises CstermsError (USAGE) for the first that is wrong.

    A value is a number (int, float, Decimal, Fraction, or a text such as "0.1") or an iterable of numbers, a series. A
    float counts as the decimal number that Python prints for it.
    """
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            raise _wrong(f"there is no input {name!r}", did_you_mean(name, known))
        if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
            items = enumerate(value, start=1)
            values[name] = tuple(_convert_number(item, f"item {number} of {name}") for number, item in items)
        else:
            values[name] = _convert_number(value, name)
    return values


def _convert_number(value: Any, where: str) -> Fraction:
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Fraction(value)
    return _number("" if value is None else str(value), where)


def _wrong(message: str, hint: str) -> CstermsError:
    return CstermsError(USAGE, message, hint=hint)


def _numbers(name: str, text: str) -> Value:
    if "," not in text:
        return _number(text, name)
    return tuple(_number(part, f"item {place} of {name}") for place, part in enumerate(text.split(","), start=1))


def _column(name: str, path: str) -> Value:
    """The numbers of a file, one a line, blank lines skipped; a single one is a number and not a series."""
    if not path:
        raise _wrong(f"{name}: expected the name of a file after @", "@FILE is a column of numbers, @- standard input")
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
    numbers = tuple(_number(line, f"line {place} of {shown}") for place, line in lines if line)
    return numbers[0] if len(numbers) == 1 else numbers


def _standard_input() -> str:
    return sys.stdin.read().removeprefix("\ufeff") if sys.stdin else ""


def _number(text: str, where: str) -> Fraction:
    if re.fullmatch(NUMBER, text.strip(), re.ASCII):
        return Fraction(Decimal(text.strip()))
    got = repr(text.strip()) if text.strip() else "nothing"
    if text.strip().lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise _wrong(f"{where}: {got} is not finite", "give a number such as 12, -0.5, 1_000 or 1e3")
    if re.fullmatch(_ANY_NUMBER, text.strip(), re.ASCII):
        raise _wrong(
            f"{where}: the number is too long", "30 digits before the point are read, 30 after it, and e-99 to e99"
        )
    raise _wrong(f"{where}: expected a number, got {got}", "numbers are like 12, -0.5, 1_000 or 1e3")
