"""Which columns of a table feed which readings of a metric."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from cs_terms.errors import USAGE, CstermsError
from cs_terms.formula import parse
from cs_terms.inputs import convert_number, counts, split_given
from cs_terms.model import Metric, Reading
from cs_terms.spelling import suggestion
from cs_terms.tables import Table, find_column, no_column


class Binding(Struct, frozen=True):
    """Which columns feed which inputs."""

    readings: tuple[Reading, ...]
    """Those whose inputs are there."""
    columns: dict[str, int]
    """The place of each input's column."""
    constants: dict[str, Fraction]
    """The inputs that are the same in every row."""
    label: int | None
    """The place of the column that names the rows."""
    by: int | None
    """The place of the column whose equal values make a group."""


def bind(
    metric: Metric,
    published: Sequence[Reading],
    readings: Sequence[Reading],
    table: Table,
    given: Sequence[str] | Mapping[str, Any],
    label: str | None,
    by: str | None,
) -> Binding:
    """Returns which columns of a table feed which readings.

    `given` says, by input, the column or the number where the input's own name is no column. Raises CstermsError (USAGE)
    where a column is missing, and where the columns suffice for no reading.
    """
    refuse_both(by, label)
    columns: dict[str, int] = {}
    constants: dict[str, Fraction] = {}
    for name, value in split_given(given, published):
        place = find_column(value, table.header) if isinstance(value, str) else None
        if place is not None:
            columns[name] = place
        elif isinstance(value, str) and not re.match(r"[-+]?\.?\d", value):
            raise no_column(value, table.name, table.header)
        else:
            constants[name] = constant(name, value, published)
    for name in dict.fromkeys(name for each in readings for name in each.inputs if name not in columns | constants):
        if (place := find_column(name, table.header)) is not None:
            columns[name] = place
    fed = [each for each in readings if each.inputs.keys() <= columns.keys() | constants.keys()]
    fitting = [each for each in fed if by is not None or not parse(each.formula).series]
    if not fed:
        raise _missing(metric, readings, {*columns, *constants}, table)
    if not fitting:
        series = min(parse(fed[0].formula).series)
        raise _wrong(
            f"{series} is a series, and a row has one number of it",
            f"--by COLUMN makes each group of rows one case; {series}=@FILE:COLUMN, without --data, takes the whole column",
        )
    used = {columns[name] for each in fitting for name in each.inputs if name in columns}
    group = _place(by, table)
    free = (place for place in range(len(table.header)) if place not in used and place != group)
    shown = _place(label, table) if label is not None else next(free, None)
    return Binding(tuple(fitting), columns, constants, shown if group is None else group, group)


def refuse_both(by: str | None, label: str | None) -> None:
    """Raises CstermsError (USAGE) where groups are to be named by another column than the one that makes them."""
    if by is not None and label is not None:
        raise _wrong(
            "--by and --label cannot both be given: groups are called by the column that makes them",
            f"leave --label out, or --by: --by {by}",
        )


def constant(name: str, value: Any, readings: Sequence[Reading]) -> Fraction:
    """Returns the number that an input is in every row. Raises CstermsError (USAGE) where it can be none."""
    number = convert_number(value, name)
    if name in counts(readings) and number < 0:
        raise _wrong(f"{name} is a number of things, and {value} is below 0", "give how many there are")
    return number


def _place(column: str | None, table: Table) -> int | None:
    if column is None:
        return None
    place = find_column(column, table.header)
    if place is None:
        raise no_column(column, table.name, table.header)
    return place


def _missing(metric: Metric, readings: Sequence[Reading], there: set[str], table: Table) -> CstermsError:
    """An error that says reading by reading which columns are missing, and which may have been meant."""
    begun = [each for each in readings if there & each.inputs.keys()] or readings
    lacking = {each.name: [name for name in each.inputs if name not in there] for each in begun}
    lines = [f"  {name}: {', '.join(names)}" for name, names in lacking.items()]
    name, meant = next(
        (
            (name, found)
            for names in lacking.values()
            for name in names
            if (found := suggestion(name, table.header).removeprefix("; did you mean ").rstrip("?"))
        ),
        (next(iter(lacking.values()))[0], "COLUMN"),
    )
    return _wrong(
        "\n".join(
            [f"the columns of {table.name} are not enough for any reading of {metric.name}; missing are", *lines]
        ),
        f"its columns are {', '.join(map(repr, table.header))}; say which is meant, as in {name}={meant}",
    )


def _wrong(message: str, hint: str) -> CstermsError:
    return CstermsError(USAGE, message, hint=hint)
