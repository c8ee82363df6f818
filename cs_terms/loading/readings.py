"""What can be wrong with a reading by itself: its formula, its inputs, its worked example. Pure."""

import keyword
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from cs_terms.formula import Formula, FormulaError, NoResultError, evaluate, exact, outside, parse, rounded
from cs_terms.model import Example, Range, Reading
from cs_terms.spelling import did_you_mean

Fault: TypeAlias = tuple[str, str, str]
"""A rule, the key of the reading that breaks it, and a message."""


def faults(reading: Reading, metric_range: Range | None) -> Iterator[Fault]:
    """Everything that is wrong with a reading of a metric of that range."""
    if reversed_range(reading.range):
        yield "range", "range", f"the range of {reading.name!r} ends below its start; expected [low, high]"
    if unfit := [name for name in reading.inputs if not name.isidentifier() or keyword.iskeyword(name)]:
        expected = "expected letters, digits and underscores, no digit first, and no word of Python's own"
        yield from (("input-name", "inputs", f"{name!r} cannot stand in a formula; {expected}") for name in unfit)
        return
    try:
        formula = parse(reading.formula)
    except FormulaError as error:
        yield "formula", "formula", f"the formula of {reading.name!r} is none: {error}"
        return
    declared = reading.inputs.keys()
    for name in sorted(formula.names - declared):
        hint = did_you_mean(name, declared)
        yield (
            "undeclared-input",
            "formula",
            f"the formula of {reading.name!r} names {name!r}, which is no input; {hint}",
        )
    for name in sorted(declared - formula.names):
        yield "unused-input", "inputs", f"the formula of {reading.name!r} does not use the input {name!r}"
    if reading.example and formula.names == declared:
        yield from (
            ("example", "example", f"the example of {reading.name!r} {message}")
            for message in _example_faults(formula, reading.example, reading.range or metric_range)
        )


def reversed_range(bounds: Range | None) -> bool:
    """Whether a range ends below its start."""
    low, high = bounds or (None, None)
    return low is not None and high is not None and low > high


def _example_faults(formula: Formula, example: Example, bounds: Range | None) -> Iterator[str]:
    given = example.inputs
    missing, extra = formula.names - given.keys(), given.keys() - formula.names
    if missing or extra:
        words = [f"leaves out {', '.join(sorted(missing))}"] if missing else []
        words += [f"gives {', '.join(sorted(extra))}, which is no input"] if extra else []
        yield " and ".join(words)
        return
    for name, value in given.items():
        if name in formula.numbers and isinstance(value, tuple):
            yield f"gives a series for {name}, which is one number"
            return
    try:
        result = evaluate(formula, {name: exact(value) for name, value in given.items()})
    except NoResultError as error:
        yield f"has no result: {error}"
        return
    if not _holds(result, example.result):
        yield f"comes to {rounded(result):f}, not {example.result:f}"
    elif (out := outside(result, bounds)) is not None:
        yield f"comes to {rounded(result):f}, which is {out}"


def _holds(result: Fraction, printed: Decimal) -> bool:
    """Whether a result is the printed one, to the digits it is printed with."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(result - Fraction(printed)) <= Fraction(1, 2) * Fraction(10) ** min(exponent, 0)
