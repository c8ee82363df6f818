"""The answer of `calc --data`: a metric worked out for every row of a table, by every reading whose inputs are columns."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from cs_terms.answers.calc import check_digits, choose_readings, write_short
from cs_terms.answers.cases import Case, Worker
from cs_terms.answers.columns import bind
from cs_terms.answers.show import mark_reading
from cs_terms.errors import NOT_THERE
from cs_terms.glossary import View
from cs_terms.model import Citations, Source
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    MUTED,
    NOTHING,
    PLAIN,
    VALUE,
    Block,
    Cell,
    Grid,
    Heading,
    Line,
    Lines,
    Page,
    Row,
    cell,
    cite,
    draw_bars,
    label,
    legend,
)
from cs_terms.progress import progress_bar
from cs_terms.tables import Table

MOST_ROWS = 400
"""How many rows a page shows: the days of a year. Records and JSON have them all."""
MOST_BARS = 40
"""How many rows a sparkline shows; it is left out where there are more."""


class ReadingUsed(Struct, frozen=True):
    """A reading whose inputs are there."""

    reading: str
    formula: str
    unit: str | None
    better: str | None
    """higher, lower or depends."""
    sources: Citations
    """Who publishes the formula."""
    unverified: bool | None
    """Whether it is marked as not confirmed."""
    interpretation: bool | None
    """Whether the formula is the glossary's own reading of an ambiguous text."""
    note: str | None
    """The glossary's own remark on it."""


class Tally:
    """What has been seen of the cases so far: they may be too many to be kept."""

    def __init__(self, *, grouped: bool) -> None:
        self.grouped = grouped
        self.rows = 0
        self.lacking = 0
        """How many lack the result of a reading."""
        self.first = ""
        """The first of these, and why."""
        self.garbled = ""
        """The name of the table, where letters of it could not be read."""
        self.kept = False
        """Whether nothing is written before all is read: a progress bar may be drawn where it will be."""

    def call(self, number: int) -> str:
        """Returns what a case without a name is called."""
        return "(no name)" if self.grouped else f"row {number}"

    def count(self, cases: Iterable[Case]) -> Iterator[Case]:
        """Yields the cases, and counts them."""
        for case in cases:
            self.rows += 1
            if why := next((each.why for each in case.results if each.why is not None), None):
                self.lacking += 1
                # A label can be as long as a file, where a quotation mark is left open.
                self.first = self.first or f"{case.label[:100] or self.call(self.rows)}: {why}"
            yield case


class Cases(Answer, frozen=True):
    """A metric, worked out for every case of a table."""

    metric: str
    """The metric's id."""
    metric_name: str
    unit: str | None
    better: str | None
    """higher, lower or depends."""
    readings: tuple[ReadingUsed, ...]
    """Those whose inputs are there."""
    sources: tuple[Source, ...]
    """Who is cited."""
    label: str
    """What the column is called that names the cases."""
    cases: Iterable[Case]
    """In the order of the table. Of a file they are read once, as they are printed."""
    tally: Tally
    """What has been seen of them."""

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON; `rows` comes last, and is written as it is worked out."""
        left_out = ("label", "cases", "tally")
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name not in left_out}
        return {**said, "rows": self.cases}

    def columns(self) -> dict[str, list[Decimal | None]]:
        """Returns the results of each reading, in the order of the rows; None where there is none."""
        columns: dict[str, list[Decimal | None]] = {each.reading: [] for each in self.readings}
        for case in self.cases:
            for result in case.results:
                columns[result.reading].append(result.value)
        return columns

    def header(self) -> Record:
        """Returns the names of the columns."""
        others = (*(each.reading for each in self.readings), "spread", "why")
        return (f"{self.label}_label" if self.label in others else self.label, *others)

    def rows(self) -> Iterator[Record]:
        """Yields a record for each case; its last field says why results are missing."""
        for case in self.cases:
            values = (f"{each.value:f}" if each.value is not None else "" for each in case.results)
            spread = f"{case.spread.width():f}" if case.spread else ""
            yield (case.label, *values, spread, _say_why(case))

    def code(self) -> int:
        """Returns what the exit code says: whether a row lacks a result."""
        return NOT_THERE if self.tally.lacking else 0

    def remarks(self) -> tuple[str, ...]:
        """Returns how many rows lack a result, and what is the matter with the first."""
        seen = self.tally
        garbled = f"{seen.garbled} is not UTF-8; letters that could not be read are written as escapes"
        said = [garbled] if seen.garbled else []
        if not seen.rows:
            said.append("the table has a header and no rows")
        if seen.lacking:
            said.append(f"{seen.lacking:,} of {seen.rows:,} rows lack a result; the first is {seen.first}")
        return tuple(said)

    def page(self) -> Page:
        """Returns how far the readings lie apart, the extremes of each over all rows, and the rows."""
        extremes = [_Extremes() for _ in self.readings]
        spreads = _Extremes()
        shown: list[Case] = []
        self.tally.kept = True
        for case in self.cases:
            if len(shown) < MOST_ROWS:
                shown.append(case)
            for each, result in zip(extremes, case.results, strict=True):
                each.see(result.value, case.label)
            spreads.see(case.spread.width() if case.spread else None, case.label)
        if not shown:
            return ()
        blocks: list[Block] = [Lines((self._describe_spread(spreads),))] if spreads.highest else []
        blocks += [self._overview(extremes, shown), self._rows_grid(shown), *_list_failures(shown)]
        notes = [((each.reading, VALUE), (f": {each.note}", PLAIN)) for each in self.readings if each.note]
        if notes:
            blocks += [Heading("Notes"), Lines(tuple(notes), listed=True)]
        return (*blocks, *legend(self.sources))

    def _describe_spread(self, spreads: "_Extremes") -> Line:
        assert spreads.lowest is not None
        assert spreads.highest is not None
        (low, where_low), (high, where_high) = spreads.lowest, spreads.highest
        unit = f" {self.unit}" if self.unit else ""
        if not high:
            said = "none; the readings give the same in every row"
        elif low == high:
            said = f"{write_short(high)}{unit} in every row"
        else:
            said = f"from {write_short(low)} ({where_low}) to {write_short(high)}{unit} ({where_high})"
        left = [
            *(["other units"] if any(each.unit != self.unit for each in self.readings) else []),
            *(["interpretations"] if any(each.interpretation for each in self.readings) else []),
        ]
        aside = f"; {' and '.join(left)} left out" if left else ""
        return (("Spread: ", VALUE), (said + aside, PLAIN))

    def _overview(self, extremes: Sequence["_Extremes"], shown: Sequence[Case]) -> Grid:
        drawn = 1 < self.tally.rows <= MOST_BARS
        rows = []
        for number, (reading, seen) in enumerate(zip(self.readings, extremes, strict=True)):
            mark = mark_reading(reading.interpretation, reading.unverified)
            heading = (*label(reading.reading, mark=mark), cite(reading.sources))
            bars = draw_bars([case.results[number].value for case in shown]) if drawn else ""
            cells: list[Cell] = [_extreme_cell(seen.lowest), _extreme_cell(seen.highest)]
            rows.append(Row(heading, (*cells, *([(((bars, PLAIN),),)] if drawn else []))))
        over = f"{shown[0].label} to {shown[-1].label}"
        columns = (self.metric_name, "lowest", "highest", *([over] if drawn else []))
        better = f"{self.better} is better" if self.better in ("higher", "lower") else ""
        said = "; ".join(filter(None, (self.unit, better)))
        return Grid(columns, tuple(rows), footer=((f"{said.capitalize()}.", MUTED),) if said else ())

    def _rows_grid(self, shown: Sequence[Case]) -> Grid:
        several = len(self.readings) > 1
        columns = [[case.results[place].value for case in shown] for place in range(len(self.readings))]
        if several:
            columns.append([case.spread.width() if case.spread else None for case in shown])
        cells = zip(*(_align(column) for column in columns), strict=True)
        rows = tuple(Row(label(case.label), figures) for case, figures in zip(shown, cells, strict=True))
        names = (self.label, *(each.reading for each in self.readings), *(["spread"] if several else []))
        more = self.tally.rows - len(shown)
        footer: Line = ((f"{more:,} more rows: -f csv and -f json have them all", MUTED),) if more else ()
        return Grid(names, rows, footer=footer, figures=True)


class _Extremes:
    """The lowest and the highest of some numbers, and where each was seen first."""

    def __init__(self) -> None:
        self.lowest: tuple[Decimal, str] | None = None
        self.highest: tuple[Decimal, str] | None = None

    def see(self, value: Decimal | None, where: str) -> None:
        if value is None:
            return
        if self.lowest is None or value < self.lowest[0]:
            self.lowest = (value, where)
        if self.highest is None or value > self.highest[0]:
            self.highest = (value, where)


def _align(values: Sequence[Decimal | None]) -> list[Cell]:
    """Numbers as one would print them under one another, with as many decimals each."""
    short = [write_short(value) for value in values if value is not None]
    places = min(max((len(each.partition(".")[2]) for each in short), default=0), 2)
    small = all(abs(value) < 1 for value in values if value is not None)
    return [
        NOTHING if value is None else cell(write_short(value) if small else f"{value:.{places}f}") for value in values
    ]


def _extreme_cell(seen: tuple[Decimal, str] | None) -> Cell:
    return (((write_short(seen[0]), VALUE), (f" ({seen[1]})", MUTED)),) if seen else NOTHING


MOST_FAILURES = 20
"""How many rows without a result a page explains."""


def _list_failures(shown: Sequence[Case]) -> list[Block]:
    lines: list[Line] = [
        ((case.label or "(no name)", VALUE), (f": {why}", PLAIN)) for case in shown if (why := _say_why(case))
    ]
    if not lines:
        return []
    more: list[Line] = [((f"{len(lines) - MOST_FAILURES} more", MUTED),)] if len(lines) > MOST_FAILURES else []
    return [Heading("Without a result"), Lines((*lines[:MOST_FAILURES], *more), listed=True)]


def _say_why(case: Case) -> str:
    """Why results are missing, each reason once; which readings they are missing of, unless it is all of them."""
    reasons: dict[str, list[str]] = {}
    for each in case.results:
        if each.why is not None:
            reasons.setdefault(each.why, []).append(each.reading)
    return "; ".join(
        why if len(names) == len(case.results) else f"{', '.join(names)}: {why}" for why, names in reasons.items()
    )


def calculate_cases(
    view: View,
    name: str,
    table: Table,
    given: Sequence[str] | Mapping[str, Any],
    reading: str | None = None,
    *,
    by: str | None = None,
    label: str | None = None,
    digits: int | None = None,
) -> Cases:
    """Returns the metric of that name for every row of a table, or every group of rows with the same value `by` a column.

    `given` says which columns feed which inputs, where they are called otherwise, and what is the same in every row. The
    rows are worked out when the answer is read, which can be done once. Raises CstermsError: NOT_THERE where no formula is
    agreed or there is no such reading; USAGE where the columns suffice for no reading.
    """
    try:
        check_digits(digits)
        metric, published, readings = choose_readings(view, name, reading)
        binding = bind(metric, published, readings, table, given, label, by)
    except BaseException:
        table.close()
        raise
    used = tuple(
        ReadingUsed(
            each.name,
            each.formula,
            each.unit or metric.unit,
            each.better or metric.better,
            each.sources,
            each.unverified or metric.unverified,
            each.interpretation,
            each.note,
        )
        for each in binding.readings
    )
    tally = Tally(grouped=by is not None)
    cases = Worker(binding, metric, digits).cases(table, _watch(table, tally))
    heading = table.header[binding.label] if binding.label is not None else "row"
    return Cases(
        metric.id,
        metric.name,
        metric.unit,
        metric.better,
        used,
        view.cited_in(used),
        heading or "row",
        tally.count(cases),
        tally,
    )


def keep(answer: Cases) -> Cases:
    """Returns the same answer with its cases worked out, so that it can be read again and again."""
    return structs.replace(answer, cases=tuple(answer.cases))


def _watch(table: Table, tally: Tally) -> Iterator[Sequence[Any]]:
    """The rows of a table, with a progress bar while they are read, unless answers are printed where it would be."""
    with closing(table), progress_bar(f"reading {table.name}") as tell:
        drawn = table.size and (tally.kept or not sys.stdout or not sys.stdout.isatty())
        for number, cells in enumerate(table.rows()):
            if drawn and not number % 1000:
                tell(table.done(), table.size)
            yield cells
        tally.garbled = table.name if table.garbled else ""
