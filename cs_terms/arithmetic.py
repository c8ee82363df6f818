"""Exact arithmetic on fractions and series of them, within bounds. Pure; `formula` says what is worked out."""

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction

MAX_BITS = 4096
"""How large a number may become while a formula is worked out: about 1,200 digits."""
DIGITS = 12
"""How many significant digits of a result are printed, where hundredths do not need more."""


class NoResultError(ArithmeticError):
    """Inputs for which a formula has no result; the message says why."""


def bounded(value: Fraction) -> Fraction:
    """Returns the value itself. Raises NoResultError where it is beyond MAX_BITS."""
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise NoResultError("the numbers become too large")
    return value


def divide(left: Fraction, right: Fraction) -> Fraction:
    """Returns the quotient. Raises NoResultError for a division by zero."""
    if not right:
        raise NoResultError("it divides by zero")
    return left / right


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Returns the power: exact for a whole exponent, else right to 50 digits. Raises NoResultError where there is none."""
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


OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": Fraction.__add__,
    "-": Fraction.__sub__,
    "*": Fraction.__mul__,
    "/": divide,
    "**": power,
}
"""What a formula can do with two numbers."""


def _mean(series: Sequence[Fraction]) -> Fraction:
    return _sum(series) / len(series)


def _sum(series: Sequence[Fraction]) -> Fraction:
    return Fraction(sum(series))


def _median(series: Sequence[Fraction]) -> Fraction:
    ordered, half = sorted(series), len(series) // 2
    return ordered[half] if len(series) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def _count(series: Sequence[Fraction]) -> Fraction:
    return Fraction(len(series))


FUNCTIONS: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "min": min,
    "max": max,
    "count": _count,
}
"""What a formula can do with a series."""


def round_ratio(numerator: int, denominator: int) -> str:
    """Returns a ratio as it is printed, see `formula.rounded`. The denominator is above zero.

    On whole numbers alone: a table has millions of results, and a division of Decimals takes longer than the formula.
    """
    size = -numerator if numerator < 0 else numerator
    whole, rest = divmod(size, denominator)
    sign = "-" if numerator < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    places = max(DIGITS - len(str(whole)), 2) if whole else DIGITS - 1 + len(str(denominator // size))
    digits = str(round_half_even(size * 10**places, denominator)).zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def round_half_even(numerator: int, denominator: int) -> int:
    """Returns the whole number nearest to a ratio; of two as near, the even one. The denominator is above zero."""
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole % 2))
