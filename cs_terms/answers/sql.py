"""What `sql` prints: the readings that are asked for as one SELECT."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from cs_terms.answers.calc import choose_readings
from cs_terms.answers.columns import constant, refuse_both
from cs_terms.errors import USAGE, CstermsError
from cs_terms.formula import parse
from cs_terms.glossary import View
from cs_terms.inputs import split_given
from cs_terms.model import Metric, Reading
from cs_terms.numbers import NotANumberError, read_number
from cs_terms.sql import Columns, write_sql


def select(
    view: View,
    name: str,
    given: Sequence[str] | Mapping[str, Any],
    reading: str | None = None,
    *,
    table: str = "my_table",
    by: str | None = None,
    label: str | None = None,
    dialect: str | None = None,
) -> str:
    """Returns a SELECT of the metric of that name: by the reading that is named, or those that the columns suffice for.

    `given` says the column of each input, or a number that is the same in every row; an input alone stands for the column
    of that name. Where nothing is given, all readings are meant, and columns are called as the inputs are. Raises
    CstermsError: NOT_THERE where no formula is agreed or there is no such reading; USAGE where columns are missing or the
    dialect cannot say it.
    """
    metric, published, readings = choose_readings(view, name, reading)
    refuse_both(by, label)
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, Mapping):
        given = [word if "=" in word else f"{word}={word}" for word in given]
    pairs = split_given(given, published)
    inputs: dict[str, str | Fraction] = {}
    if reading is not None or not pairs:
        inputs |= {taken: taken for each in readings for taken in each.inputs}
    inputs |= {each: _source(each, value, published) for each, value in pairs}
    chosen = [each for each in readings if each.inputs.keys() <= inputs.keys()]
    if not chosen:
        raise _missing(metric, readings, inputs)
    said = [each for each in chosen if by is not None or not parse(each.formula).series]
    if not said:
        series = min(parse(chosen[0].formula).series)
        raise CstermsError(
            USAGE, f"{series} is a series, and a row has one number of it", hint="--by COLUMN makes each group one case"
        )
    if any(not part for part in table.split(".")):
        raise CstermsError(USAGE, f"{table!r} is not a table name", hint="it is like numbers, or finance.numbers")
    for option, column in (("--by", by), ("--label", label)):
        if column == "":
            raise CstermsError(USAGE, f"{option}: expected the name of a column, got nothing", hint=f"{option} COLUMN")
    for each in (table, by, label, *inputs.values()):
        if isinstance(each, str) and (wrong := _UNWRITABLE(each)):
            raise CstermsError(
                USAGE,
                f"the name {each[:200]!r} has the character {wrong.group()!r} in it, which would not reach the database as it is",
                hint="give the column or the table another name, in a view, say",
            )
    return write_sql(metric, said, Columns(table, inputs, by, label), dialect)


_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]").search
"""Line breaks, which would be indented, and what else no terminal and no file passes on."""


def _source(name: str, value: Any, readings: Sequence[Reading]) -> str | Fraction:
    if isinstance(value, str):
        if not value:
            raise CstermsError(USAGE, f"{name}: expected the name of a column, got nothing", hint=f"{name}=COLUMN")
        try:
            read_number(value)
        except NotANumberError:  # as `2024 MRR` is none
            return value
    return constant(name, value, readings)


def _missing(metric: Metric, readings: Sequence[Reading], there: Mapping[str, Any]) -> CstermsError:
    lines = [f"  {each.name}: {', '.join(name for name in each.inputs if name not in there)}" for each in readings]
    return CstermsError(
        USAGE,
        "\n".join([f"these columns are not enough for any reading of {metric.name}; missing are", *lines]),
        hint="name each: NAME where the column is called so, else NAME=COLUMN; or one reading with --reading",
    )
