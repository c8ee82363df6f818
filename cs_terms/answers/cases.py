"""What each row of a table, or each group of rows, comes to by each reading of a metric."""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from msgspec import Struct

from cs_terms.answers.calc import Spread, shorten, spread_over
from cs_terms.answers.columns import Binding
from cs_terms.arithmetic import FUNCTIONS, NoResultError, bounded, round_half_even, round_ratio
from cs_terms.fast import DECIMALS, DIGITS, Ratio, compile_formula
from cs_terms.formula import Call, Chain, Constant, Formula, Negation, Node, evaluate, outside, parse, rounded
from cs_terms.inputs import counts
from cs_terms.model import Metric, Reading
from cs_terms.numbers import NotANumberError, read_number
from cs_terms.tables import Table

_PLAIN = re.compile(rf"(-?[0-9]{{1,{DIGITS}}})(?:\.([0-9]{{1,{DECIMALS}}}))?", re.ASCII).fullmatch
"""A number as nearly all are: what `fast` takes. Whatever else is one is read in full."""


class Outcome(Struct, frozen=True):
    """What one reading makes of one case."""

    reading: str
    value: Decimal | None
    why: str | None
    """Why there is no value."""


class Case(Struct, frozen=True):
    """One row of a table, or one group of rows."""

    label: str
    """What the table calls it; the number of the row where no column is left for that."""
    results: tuple[Outcome, ...]
    """One for each reading."""
    spread: Spread | None
    """How far the results in the metric's unit lie apart, interpretations left out; None with fewer than two."""


class Worker:
    """Works cases out by the readings that a table's columns suffice for."""

    def __init__(self, binding: Binding, metric: Metric, digits: int | None) -> None:
        self.binding, self.metric, self.digits = binding, metric, digits
        self.readings = [_Worked(each, metric) for each in binding.readings]
        self.compared = [
            place
            for place, each in enumerate(binding.readings)
            if (each.unit or metric.unit) == metric.unit and not each.interpretation
        ]
        """The readings that the spread is over."""
        self.things = counts(binding.readings)
        names = list(dict.fromkeys(name for each in binding.readings for name in each.inputs))
        self.columns = [(name, binding.columns[name]) for name in names if name in binding.columns]
        fixed = {name: binding.constants[name] for name in names if name in binding.constants}
        self.fixed = _scaled(list(fixed.values()))
        if self.fixed is not None and binding.by is None:
            for each in self.readings:
                each.fast = compile_formula(each.formula.tree, [*(name for name, _ in self.columns), *fixed])

    def cases(self, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Case]:
        """Yields the cases of a table: the rows one at a time, or, with a column to group by, the groups at the end."""
        return self._rows(table, rows) if self.binding.by is None else self._groups(table, rows)

    def _rows(self, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Case]:
        width, label = len(table.header), self.binding.label
        for number, cells in enumerate(rows, start=1):
            name = str(number) if label is None or label >= len(cells) else str(cells[label]).strip()
            if len(cells) != width:
                yield self._case(name, [Outcome(each.name, None, _ragged(cells, table)) for each in self.readings])
                continue
            fast = self._fast_inputs(cells)
            values: dict[str, Fraction | str] | None = None
            outcomes = []
            for each in self.readings:
                ratio = each.fast(*fast) if fast is not None and each.fast is not None else None
                if ratio is None or not each.holds(ratio):
                    if values is None:
                        values = {name: self._read(name, cells[place], table, place) for name, place in self.columns}
                        values |= self.binding.constants
                    outcomes.append(each.work_out(values, self.digits))
                else:
                    outcomes.append(Outcome(each.name, _decimal(*ratio, self.digits), None))
            yield self._case(name, outcomes)

    def _fast_inputs(self, cells: Sequence[Any]) -> list[int] | None:
        """The numbers of a row as whole numbers of one unit, and how many of it are one; None where one is not plain."""
        if self.fixed is None:
            return None
        parts: list[tuple[int, int]] = []
        most = 0
        for name, place in self.columns:
            cell = cells[place]
            found = _PLAIN(cell.strip()) if isinstance(cell, str) else None
            if found is None:
                return None
            whole, decimals = found.groups()
            if decimals is None:
                number, places = int(whole), 0
            else:
                number, places = int(whole + decimals), len(decimals)
                most = max(most, places)
            if number < 0 and name in self.things:
                return None
            parts.append((number, places))
        parts += self.fixed
        for _, places in self.fixed:
            most = max(most, places)
        if not most:
            return [*(number for number, _ in parts), 1]
        return [*(number * 10 ** (most - places) for number, places in parts), 10**most]

    def _read(self, name: str, cell: object, table: Table, place: int) -> Fraction | str:
        """The number in a cell, or why there is none."""
        if not isinstance(cell, (str, Fraction)) or cell == "" or (isinstance(cell, str) and not cell.strip()):
            return f"{table.place(place)}: {name} is empty"
        try:
            number = cell if isinstance(cell, Fraction) else read_number(cell)
        except NotANumberError as error:
            return f"{table.place(place)}: {name}: {error}; {error.hint}"
        if number < 0 and name in self.things:
            return f"{table.place(place)}: {name} is a number of things, and {cell} is below 0"
        return number

    def _case(self, label: str, outcomes: Sequence[Outcome]) -> Case:
        values = [value for place in self.compared if (value := outcomes[place].value) is not None]
        return Case(label, tuple(outcomes), spread_over(self.metric.unit, values))

    def _groups(self, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Case]:
        """The groups in the order in which they begin. Rows of a group need not follow one another, so all are kept."""
        by, width = self.binding.by, len(table.header)
        assert by is not None
        series = {name for each in self.readings for name in each.formula.series}
        groups: dict[str | int, dict[str, _Series | Fraction | str]] = {}
        for number, cells in enumerate(rows, start=1):
            label = str(cells[by]).strip() if by < len(cells) else number  # nobody knows the group of that row
            group = groups.setdefault(label, {})
            for name, place in self.columns:
                value = self._read(name, cells[place], table, place) if len(cells) == width else _ragged(cells, table)
                held = group.get(name)
                if isinstance(held, str):
                    continue
                if isinstance(value, str):
                    group[name] = value
                elif name in series:
                    if held is None:
                        group[name] = held = _Series()
                    assert isinstance(held, _Series)
                    held.append(value)
                elif held is None:
                    group[name] = value
                elif held != value:
                    found = f"{shorten(rounded(value))} after {shorten(rounded(held))}"  # type: ignore[arg-type]
                    group[name] = f"{table.place(place)}: {name} has to be the same in all of {label!r}; got {found}"
        for label, group in groups.items():
            values = {**group, **self.binding.constants}
            name = label if isinstance(label, str) else f"row {label}"
            yield self._case(name, [each.work_out(values, self.digits) for each in self.readings])


class _Worked:
    """A reading with what is worked out of it once."""

    def __init__(self, reading: Reading, metric: Metric) -> None:
        self.name = reading.name
        self.formula: Formula = parse(reading.formula)
        self.fast: Callable[..., Ratio | None] | None = None
        self.range = reading.range or metric.range
        low, high = self.range or (None, None)
        self.low = None if low is None else Fraction(low).as_integer_ratio()
        self.high = None if high is None else Fraction(high).as_integer_ratio()

    def holds(self, ratio: Ratio) -> bool:
        """Whether a result lies within the range."""
        top, bottom = ratio
        return (self.low is None or top * self.low[1] >= self.low[0] * bottom) and (
            self.high is None or top * self.high[1] <= self.high[0] * bottom
        )

    def work_out(self, values: Mapping[str, "_Series | Fraction | str"], digits: int | None) -> Outcome:
        """What the reading makes of these inputs, a text among them saying why there is none."""
        if wrong := next((str(values[name]) for name in self.formula.names if isinstance(values[name], str)), None):
            return Outcome(self.name, None, wrong)
        try:
            tree = _settle(self.formula.tree, values)
            numbers = {name: value for name, value in values.items() if isinstance(value, Fraction)}
            value = evaluate(Formula("", tree, self.formula.numbers, frozenset()), numbers)
        except NoResultError as error:
            return Outcome(self.name, None, str(error))
        if (out := outside(value, self.range)) is not None:
            why = f"{shorten(rounded(value))} is {out}; the inputs cannot all be right"
            return Outcome(self.name, None, why)
        return Outcome(self.name, _decimal(value.numerator, value.denominator, digits), None)


class _Series:
    """The numbers of a group, as whole numbers of one unit: a million of them are eight megabytes."""

    def __init__(self) -> None:
        self.unit = 1
        self.numbers: array[int] | list[int] = array("q")

    def append(self, value: Fraction) -> None:
        """Adds a number; where the unit does not suffice for it, all become numbers of a smaller one."""
        if self.unit % value.denominator:
            unit = lcm(self.unit, value.denominator)
            self.numbers = [number * (unit // self.unit) for number in self.numbers]
            self.unit = unit
            self._pack()
        try:
            self.numbers.append(value.numerator * (self.unit // value.denominator))
        except OverflowError:
            self.numbers = [*self.numbers, value.numerator * (self.unit // value.denominator)]

    def _pack(self) -> None:
        if all(abs(number) < 2**62 for number in self.numbers):
            self.numbers = array("q", self.numbers)

    def work_out(self, function: str) -> Fraction:
        """What a function makes of it: each of them but `count` comes to a multiple of the unit."""
        value = Fraction(FUNCTIONS[function](self.numbers))  # type: ignore[arg-type]
        return value if function == "count" else value / self.unit


def _settle(node: Node, values: Mapping[str, _Series | Fraction | str]) -> Node:
    """A formula in which what is made of series is worked out."""
    match node:
        case Call(function, name):
            series = values[name]
            if isinstance(series, Fraction):
                (one := _Series()).append(series)
                series = one
            assert isinstance(series, _Series)
            return Constant(bounded(series.work_out(function)))
        case Negation(operand):
            return Negation(_settle(operand, values))
        case Chain(first, rest):
            return Chain(_settle(first, values), tuple((operator, _settle(each, values)) for operator, each in rest))
    return node


def _scaled(values: Sequence[Fraction]) -> list[tuple[int, int]] | None:
    """Numbers that are the same in every row, as `fast` takes them: digits and how many of them are decimals."""
    if any(10**DECIMALS % value.denominator or abs(value) >= 10**DIGITS for value in values):
        return None
    places = [next(each for each in range(DECIMALS + 1) if not 10**each % value.denominator) for value in values]
    return [(int(value * 10**each), each) for value, each in zip(values, places, strict=True)]


def _decimal(top: int, bottom: int, digits: int | None) -> Decimal:
    if digits is not None:
        top, bottom = round_half_even(top * 10**digits, bottom), 10**digits
    return Decimal(round_ratio(top, bottom))


def _ragged(cells: Sequence[object], table: Table) -> str:
    """Why a row of another length than the header has no result: nobody knows which cell is which."""
    return f"{table.place()}: the row has {len(cells)} cells, and the header {len(table.header)}{table.remark()}"
