"""The answer of `calc`: a metric worked out by every reading that the inputs suffice for. Its fields are the public JSON."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from cs_terms.answers.inputs import parse_inputs
from cs_terms.arithmetic import NoResultError, Value
from cs_terms.errors import NOT_THERE, USAGE, CstermsError
from cs_terms.formula import Formula, evaluate, outside, parse, rounded
from cs_terms.glossary import Glossary
from cs_terms.legend import legend
from cs_terms.model import Citations, Metric, Reading, Source
from cs_terms.names import did_you_mean, fold
from cs_terms.resolve import resolve


class Result(Struct, frozen=True):
    """What one reading gives."""

    reading: str
    """The reading's name."""
    formula: str
    """Its formula."""
    value: Decimal
    """The result."""
    unit: str | None
    """Its unit."""
    sources: Citations
    """Who publishes the formula."""
    unverified: bool | None
    """Whether it is marked as not confirmed."""
    note: str | None
    """The glossary's own remark on it."""


class Need(Struct, frozen=True):
    """What a reading lacks."""

    reading: str
    """The reading's name."""
    inputs: tuple[str, ...]
    """The inputs that would unlock it."""


class Failure(Struct, frozen=True):
    """A reading that has no result for these inputs."""

    reading: str
    """The reading's name."""
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


class Calculation(Struct, frozen=True):
    """A metric, worked out."""

    metric: str
    """The metric's id."""
    metric_name: str
    """Its full name."""
    unit: str | None
    """Its unit."""
    better: str | None
    """higher, lower or depends."""
    results: tuple[Result, ...]
    """In the order of the readings."""
    needs: tuple[Need, ...]
    """The readings that want further inputs."""
    failures: tuple[Failure, ...]
    """The readings that have no result for these inputs."""
    spread: Spread | None
    """Over the results in the metric's unit, where there are several."""
    sources: tuple[Source, ...]
    """Who is cited."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said beside the answer."""
        return tuple(f"{failure.reading!r} has no result: {failure.why}" for failure in self.failures)


def calculate(glossary: Glossary, name: str, words: Sequence[str], reading: str | None) -> Calculation:
    """The metric of that name, worked out by every reading that the inputs suffice for, or by the one that is named.

    Raises CstermsError: NOT_THERE where no formula is agreed, there is no such reading, or no reading has a result;
    USAGE where inputs are wrong or suffice for no reading.
    """
    metric = glossary.metric(resolve(glossary, name, ("metric",))[1])
    published = glossary.whole.metric(metric.id).readings
    if published and not metric.readings:
        raise _published_by_others(glossary, metric, published)
    readings = _chosen(metric, reading)
    # Whatever any reading takes may be given: the same inputs serve for all readings and for one of them.
    known = dict.fromkeys(name for each in published for name in each.inputs)
    inputs = parse_inputs(words, list(known))
    results: list[Result] = []
    needs: list[Need] = []
    failures: list[Failure] = []
    wrong_usage = False
    for each in readings:
        formula = parse(each.formula)
        if missing := tuple(name for name in each.inputs if name not in inputs):
            needs.append(Need(each.name, missing))
            continue
        try:
            value = _worked_out(formula, inputs, each, metric)
        except NoResultError as error:
            failures.append(Failure(each.name, str(error)))
            wrong_usage |= isinstance(error, _SeriesGivenError)
            continue
        results.append(
            Result(
                each.name,
                each.formula,
                rounded(value),
                each.unit or metric.unit,
                each.sources,
                each.unverified or metric.unverified,
                each.note,
            )
        )
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
        legend(glossary, tuple(results)),
    )


def _published_by_others(glossary: Glossary, metric: Metric, readings: tuple[Reading, ...]) -> CstermsError:
    asked = ", ".join(sorted(glossary.only))
    others = [source.id for source in legend(glossary, readings)]
    hint = f"-s may be {', '.join(others)}" if others else f"leave -s out: csterms calc {metric.id} NAME=VALUE..."
    return CstermsError(NOT_THERE, f"no formula of {metric.name} is published by {asked}", hint=hint)


def _chosen(metric: Metric, reading: str | None) -> tuple[Reading, ...]:
    if not metric.readings:
        raise CstermsError(
            NOT_THERE, f"no formula is agreed for {metric.name}", hint=metric.note or f"csterms show {metric.id}"
        )
    if reading is None:
        return metric.readings
    exact = tuple(each for each in metric.readings if each.name == reading)
    chosen = exact or tuple(each for each in metric.readings if fold(each.name) == fold(reading))
    if not chosen:
        hint = did_you_mean(reading, [each.name for each in metric.readings])
        raise CstermsError(NOT_THERE, f"{metric.name} has no reading called {reading!r}", hint=hint)
    return chosen


def _worked_out(formula: Formula, inputs: Mapping[str, Value], reading: Reading, metric: Metric) -> Fraction:
    """Raises NoResultError, also for a result outside the range and for a series in a number's place."""
    for name in formula.numbers:
        if isinstance(series := inputs[name], tuple):
            raise _SeriesGivenError(f"{name} is one number, got {'a series' if series else 'none'}")
    value = evaluate(formula, inputs)
    if (out := outside(value, reading.range or metric.range)) is not None:
        raise NoResultError(f"{_short(rounded(value))} is {out}; the inputs cannot all be right")
    return value


class _SeriesGivenError(NoResultError):
    """A series where a formula takes one number: wrong usage, unless another reading takes it."""


def _short(value: Decimal) -> str:
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
        "\n".join([f"these inputs suffice for no reading of {metric.name}; missing are", *lines]),
        hint=f"csterms show {metric.id} says what each input means",
    )


def _spread(metric: Metric, results: Sequence[Result]) -> Spread | None:
    values = [result.value for result in results if result.unit == metric.unit]
    return Spread(metric.unit, min(values), max(values)) if len(values) > 1 else None
