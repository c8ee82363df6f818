"""What formulas compute with: exact fractions, and functions of series, within bounds. Pure."""

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

MAX_BITS = 4096
"""How large a number may become while a formula is worked out: about 1,200 digits."""

Value: TypeAlias = Fraction | tuple[Fraction, ...]
"""A number or a series of numbers."""


class NoResultError(ArithmeticError):
    """Inputs for which a formula has no result; the message says why."""


def bounded(value: Fraction) -> Fraction:
    """The value itself. Raises NoResultError where it is beyond MAX_BITS."""
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise NoResultError("the numbers become too large")
    return value


def divide(left: Fraction, right: Fraction) -> Fraction:
    """The quotient. Raises NoResultError for a division by zero."""
    if not right:
        raise NoResultError("it divides by zero")
    return left / right


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """The power: exact for a whole exponent, else right to 50 digits. Raises NoResultError where there is none."""
    if not base and exponent < 0:
        raise NoResultError("it divides by zero")
    if exponent.denominator == 1:
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size > 1 and size * abs(exponent.numerator) > MAX_BITS:
            raise NoResultError("the numbers become too large")
        return base**exponent.numerator
    if base < 0:
        raise NoResultError("it takes a root of a negative number")
    with localcontext(Context(prec=50)) as context:
        quotient = context.divide(Decimal(base.numerator), Decimal(base.denominator))
        by = context.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
        try:
            return Fraction(quotient**by)
        except (ArithmeticError, ValueError) as error:
            raise NoResultError("the numbers become too large") from error


def _mean(series: tuple[Fraction, ...]) -> Fraction:
    return _sum(series) / len(series)


def _sum(series: tuple[Fraction, ...]) -> Fraction:
    return sum(series, Fraction())


def _median(series: tuple[Fraction, ...]) -> Fraction:
    ordered, half = sorted(series), len(series) // 2
    return ordered[half] if len(series) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _count(series: tuple[Fraction, ...]) -> Fraction:
    return Fraction(len(series))


FUNCTIONS: dict[str, Callable[[tuple[Fraction, ...]], Fraction]] = {
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "min": min,
    "max": max,
    "count": _count,
}
"""What a formula can do with a series."""
