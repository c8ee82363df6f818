"""The answer of `calc`: a metric worked out by every reading that the inputs suffice for."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from cs_terms.answers.show import mark_reading
from cs_terms.arithmetic import MAX_BITS
from cs_terms.errors import NOT_THERE, USAGE, CstermsError
from cs_terms.formula import Formula, Inputs, NoResultError, evaluate, outside, parse, rounded
from cs_terms.glossary import View
from cs_terms.inputs import convert_inputs, parse_inputs
from cs_terms.model import Citations, Metric, Reading, Source
from cs_terms.names import resolve
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    CODE,
    MUTED,
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
    cite,
    label,
    legend,
)
from cs_terms.output.records import list_sources
from cs_terms.spelling import did_you_mean, fold

WIDE = Context(prec=2 * MAX_BITS)
"""For results: they may have over a thousand digits, and Decimal's own context has 28."""


class Result(Struct, frozen=True):
    """What one reading gives."""

    reading: str
    formula: str
    value: Decimal
    unit: str | None
    sources: Citations
    """Who publishes the formula."""
    unverified: bool | None
    """Whether it is marked as not confirmed."""
    interpretation: bool | None
    """Whether the formula is the glossary's own reading of an ambiguous text."""
    better: str | None
    """higher, lower or depends."""
    note: str | None
    """The glossary's own remark on it."""


class Need(Struct, frozen=True):
    """What a reading lacks."""

    reading: str
    inputs: tuple[str, ...]
    """The inputs that would unlock it."""


class Failure(Struct, frozen=True):
    """A reading that has no result for these inputs."""

    reading: str
    why: str
    """What went wrong."""


class Spread(Struct, frozen=True):
    """How far the readings lie apart."""

    unit: str | None
    """The metric's unit."""
    lowest: Decimal
    """The lowest result in it."""
    highest: Decimal
    """The highest."""

    def width(self) -> Decimal:
        """Returns the difference."""
        return WIDE.subtract(self.highest, self.lowest)


class Calculation(Answer, frozen=True):
    """A metric, worked out."""

    metric: str
    """The metric's id."""
    metric_name: str
    unit: str | None
    better: str | None
    """higher, lower or depends."""
    results: tuple[Result, ...]
    """In the order of the readings."""
    needs: tuple[Need, ...]
    """The readings that want further inputs."""
    failures: tuple[Failure, ...]
    """The readings that have no result for these inputs."""
    spread: Spread | None
    """Over the results in the metric's unit, where there are several; interpretations are left out."""
    sources: tuple[Source, ...]
    """Who is cited."""

    def page(self) -> Page:
        """Returns how far the readings lie apart, what each gives, and which inputs the others need."""
        rows = tuple(
            Row(
                (
                    *label(result.reading, mark=mark_reading(result.interpretation, result.unverified)),
                    ((result.formula, CODE),),
                ),
                (self._result_cell(result), (cite(result.sources),)),
            )
            for result in self.results
        )
        blocks: list[Block] = [Lines((self._describe_spread(self.spread),))] if self.spread else []
        better: Line = (
            ((f"{self.better.capitalize()} is better.", MUTED),) if self.better in ("higher", "lower") else ()
        )
        blocks.append(Grid((self.metric_name, "result", "published by"), rows, footer=better))
        notes = [((result.reading, VALUE), (f": {result.note}", PLAIN)) for result in self.results if result.note]
        if notes:
            blocks += [Heading("Notes"), Lines(tuple(notes), listed=True)]
        if self.needs:
            missing = (((need.reading, VALUE), (f" needs {', '.join(need.inputs)}", PLAIN)) for need in self.needs)
            blocks += [Heading("With further inputs"), Lines(tuple(missing), listed=True)]
        return (*blocks, *legend(self.sources))

    def _result_cell(self, result: Result) -> Cell:
        lines: list[Line] = [((f"{write_short(result.value)} {result.unit or ''}".strip(), VALUE),)]
        if result.better != self.better:
            lines.append(((f"{result.better} is better", MUTED),))
        return tuple(lines)

    def _describe_spread(self, spread: Spread) -> Line:
        low, high = write_short(spread.lowest), write_short(spread.highest)
        unit = f" {spread.unit}" if spread.unit else ""
        left = [
            *(["other units"] if any(result.unit != spread.unit for result in self.results) else []),
            *(["interpretations"] if any(result.interpretation for result in self.results) else []),
        ]
        aside = f" ({' and '.join(left)} left out)" if left else ""
        apart = f"from {low} to {high}{unit}, {write_short(spread.width())} apart"
        return (("Spread: ", VALUE), ((f"all give {low}{unit}" if low == high else apart) + aside, PLAIN))

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("reading", "value", "unit", "formula", "sources")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each result."""
        for each in self.results:
            yield (each.reading, f"{each.value:f}", each.unit or "", each.formula, list_sources(each.sources))

    def remarks(self) -> tuple[str, ...]:
        """Returns why readings have no result."""
        return tuple(f"{failure.reading!r} has no result: {failure.why}" for failure in self.failures)


def write_short(value: Decimal) -> str:
    """Returns a number as one would print it: to hundredths, or to three digits where it is smaller."""
    large = value == value.to_integral_value() or abs(value) >= 1
    short = value.quantize(Decimal("0.01"), context=WIDE) if large else Context(prec=3).plus(value)
    return f"{short.normalize(WIDE):f}"


def calculate(
    view: View,
    name: str,
    given: Sequence[str] | Mapping[str, Any],
    reading: str | None = None,
    digits: int | None = None,
) -> Calculation:
    """Returns the metric of that name, worked out by every reading that the inputs suffice for, or by the one named.

    The inputs are NAME=VALUE words, or numbers and series by name. With `digits`, results have so many decimals.
    Raises CstermsError: NOT_THERE where no formula is agreed, there is no such reading, or no reading has a result;
    USAGE where inputs are wrong or suffice for no reading.
    """
    check_digits(digits)
    metric, published, readings = choose_readings(view, name, reading)
    # Whatever any reading takes may be given: the same inputs serve for all readings and for one of them.
    inputs = convert_inputs(given, published) if isinstance(given, Mapping) else parse_inputs(given, published)
    results: list[Result] = []
    needs: list[Need] = []
    failures: list[Failure] = []
    wrong_usage = False
    for each in readings:
        if missing := tuple(name for name in each.inputs if name not in inputs):
            needs.append(Need(each.name, missing))
            continue
        try:
            value = _work_out(parse(each.formula), inputs, each, metric)
        except NoResultError as error:
            failures.append(Failure(each.name, str(error)))
            wrong_usage |= isinstance(error, _SeriesGivenError)
            continue
        results.append(_result(each, metric, value if digits is None else round(value, digits)))
    if not results:
        raise _no_result(metric, needs, failures, USAGE if wrong_usage else NOT_THERE)
    return Calculation(
        metric.id,
        metric.name,
        metric.unit,
        metric.better,
        tuple(results),
        tuple(needs),
        tuple(failures),
        _spread(metric, results),
        view.cited_in(tuple(results)),
    )


def check_digits(digits: object) -> None:
    """Raises CstermsError (USAGE) where results cannot be rounded to so many decimals."""
    if digits is not None and (not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= 30):
        raise CstermsError(USAGE, f"digits: expected a whole number, got {digits!r}", hint="it is between 0 and 30")


def choose_readings(
    view: View, name: str, reading: str | None
) -> tuple[Metric, tuple[Reading, ...], tuple[Reading, ...]]:
    """Returns the metric of that name, all its readings, whoever publishes them, and those that are asked for.

    Raises CstermsError (NOT_THERE) where no formula is agreed or there is no such reading.
    """
    metric = view.metric(resolve(view, name, ("metric",))[1])
    published = view.listening_to(()).metric(metric.id).readings
    if published and not metric.readings:
        raise _published_by_others(view, metric, published)
    return metric, published, _choose(metric, reading)


def _result(reading: Reading, metric: Metric, value: Fraction) -> Result:
    return Result(
        reading.name,
        reading.formula,
        rounded(value),
        reading.unit or metric.unit,
        reading.sources,
        reading.unverified or metric.unverified,
        reading.interpretation,
        reading.better or metric.better,
        reading.note,
    )


def _published_by_others(view: View, metric: Metric, readings: tuple[Reading, ...]) -> CstermsError:
    asked = ", ".join(sorted(view.only))
    others = [source.id for source in view.cited_in(readings)]
    hint = f"-s may be {', '.join(others)}" if others else f"leave -s out: csterms calc {metric.id} NAME=VALUE..."
    return CstermsError(NOT_THERE, f"no formula of {metric.name} is published by {asked}", hint=hint)


def _choose(metric: Metric, reading: str | None) -> tuple[Reading, ...]:
    if not metric.readings:
        raise CstermsError(
            NOT_THERE, f"no formula is agreed for {metric.name}", hint=metric.note or f"csterms show {metric.id}"
        )
    if reading is None:
        return metric.readings
    exact = tuple(each for each in metric.readings if each.name == reading)
    found = exact or tuple(each for each in metric.readings if fold(each.name) == fold(reading))
    if not found:
        hint = did_you_mean(reading, [each.name for each in metric.readings])
        raise CstermsError(NOT_THERE, f"{metric.name} has no reading called {reading!r}", hint=hint)
    return found


def _work_out(formula: Formula, inputs: Inputs, reading: Reading, metric: Metric) -> Fraction:
    """Raises NoResultError, also for a result outside the range and for a series in a number's place."""
    for name in formula.numbers:
        if isinstance(series := inputs[name], tuple):
            raise _SeriesGivenError(f"{name} is one number, got {'a series' if series else 'none'}")
    value = evaluate(formula, inputs)
    if (out := outside(value, reading.range or metric.range)) is not None:
        raise NoResultError(f"{shorten(rounded(value))} is {out}; the inputs cannot all be right")
    return value


class _SeriesGivenError(NoResultError):
    """A series where a formula takes one number: wrong usage, unless another reading takes it."""


def shorten(value: Decimal) -> str:
    """A number in a message, where nobody wants to read a hundred digits."""
    text = f"{value:f}"
    return text if len(text) <= 30 else f"{value:.3e}"


def _no_result(metric: Metric, needs: Sequence[Need], failures: Sequence[Failure], code: int) -> CstermsError:
    if failures:
        lines = [f"{each.reading!r} has no result: {each.why}" for each in failures]
        return CstermsError(code, "\n".join(lines), hint=f"csterms show {metric.id} says what each input means")
    lines = [f"  {each.reading}: {', '.join(each.inputs)}" for each in needs]
    return CstermsError(
        USAGE,
        "\n".join([f"these inputs are not enough for any reading of {metric.name}; missing are", *lines]),
        hint=f"csterms show {metric.id} says what each input means",
    )


def _spread(metric: Metric, results: Sequence[Result]) -> Spread | None:
    values = [result.value for result in results if result.unit == metric.unit and not result.interpretation]
    return spread_over(metric.unit, values)


def spread_over(unit: str | None, values: Sequence[Decimal]) -> Spread | None:
    """Returns how far results lie apart; None with fewer than two."""
    return Spread(unit, min(values), max(values)) if len(values) > 1 else None
