"""Formulas parsed and worked out, exactly and within bounds. Pure; nothing is ever handed to eval.

The grammar: + - * / **, parentheses, decimal numbers, the names of inputs, and sum, mean, median, min, max and count
over an input that is a series. Python's own parser reads it, and whatever else it would read is refused.
"""

import ast
import re
import warnings
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from cs_terms.model import Number, Range

MAX_LENGTH = 1000
"""The most characters a formula may have."""
MAX_DEPTH = 50
"""How deep its operations may be nested."""
DIGITS = 12
"""How many significant digits of a result are printed, where hundredths do not need more."""


MAX_BITS = 4096
"""How large a number may become while a formula is worked out: about 1,200 digits."""


class FormulaError(ValueError):
    """A text that is no formula; the message says why."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at
        """The number of the character that is wrong, counted from 0; None where that is the whole."""


Value: TypeAlias = Fraction | tuple[Fraction, ...]
"""A number or a series of numbers."""


class NoResultError(ArithmeticError):
    """Inputs for which a formula has no result; the message says why."""


Inputs: TypeAlias = Mapping[str, Value]
"""A number or a series for each name."""


class Formula(Struct, frozen=True):
    """A formula that has been parsed."""

    text: str
    """As it was written."""
    work: Callable[[Inputs], Fraction]
    """Works it out."""
    numbers: frozenset[str]
    """The names that stand for one number."""
    series: frozenset[str]
    """The names that stand for a series."""

    @property
    def names(self) -> frozenset[str]:
        """The names of all its inputs."""
        return self.numbers | self.series


def parse(text: str) -> Formula:
    """Parses a formula. Raises FormulaError."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"it has {len(text)} characters; at most {MAX_LENGTH} are read")
    for pattern, advice in _ADVICE.items():
        if found := re.search(pattern, text):
            raise FormulaError(_at(found.group().strip(), found.start(), advice), found.start())
    line = " ".join(text.split())
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's, on what it would rather not read
            tree = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _explain(text, error) from error
    parser = _Parser(line)
    work = parser.read(tree, 0)
    if both := parser.numbers & parser.series:
        raise FormulaError(f"{min(both)} stands for a number in one place and for a series in another")
    return Formula(text, work, frozenset(parser.numbers), frozenset(parser.series))


def evaluate(formula: Formula, inputs: Inputs) -> Fraction:
    """Works a formula out, exactly but for powers that are no whole numbers, which are right to 50 digits.

    `inputs` holds a number or a series for each of the formula's names, which are in Unicode's form NFKC. Raises NoResultError for a division by zero, an
    empty series, a root of a negative number, or numbers beyond MAX_BITS.
    """
    return formula.work(inputs)


def rounded(value: Fraction) -> Decimal:
    """A result as it is printed: whole numbers whole, others to DIGITS significant digits, and to hundredths at least."""
    if value.denominator == 1:
        return Decimal(value.numerator)
    digits = max(DIGITS, len(str(abs(value.numerator) // value.denominator)) + 2)
    quotient = Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(format(quotient.normalize(), "f"))


_EXPECTED = "expected + - * / ** ( ), numbers, inputs, and sum, mean, median, min, max or count of a series"
_ADVICE = {
    r"[\u00d7\u00b7\u2022]": "write * to multiply",
    r"[\u00f7]": "write / to divide",
    r"[\u2212\u2013]": "write - to subtract",
    r"\^": "write ** for a power",
    r"%": "leave it out, and write * 100 where the result is in percent",
    r"=": "leave out = and what stands before it; only what is worked out belongs here",
    r"(?<=\d),(?=\d{3}(?!\d))": "write numbers without a comma, such as 1000",
    r"[#\\;\u20ac$]": "leave it out",
}
"""What people write in formulas by habit, and what to write instead."""
_OTHER_NAMES = {"average": "mean", "avg": "mean", "total": "sum", "number": "count", "len": "count"}
"""What the functions are called elsewhere."""


def _at(found: str, place: int, advice: str) -> str:
    return f"{found!r} at character {place + 1}; {advice}"


def _explain(text: str, error: Exception) -> FormulaError:
    """Why Python's parser cannot read a formula, and where."""
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter == "(":
            opened.append(place)
        elif letter == ")" and not opened:
            return FormulaError(_at(")", place, "it closes nothing; delete it"), place)
        elif letter == ")":
            opened.pop()
    if opened:
        return FormulaError(_at("(", opened[-1], "it is never closed; add )"), opened[-1])
    if found := re.search(r"([\w.)]+)\s+(?=[\w(])|(?<![\w.])(\d+)(?=[^\W\d_eE])|(\))(?=[\w(])", text):
        missing = f"put + - * or / after {found.group().strip()!r}"
        return FormulaError(_at(found.group().strip(), found.start(), missing), found.start())
    if isinstance(error, SyntaxError) and error.offset:
        return FormulaError(f"it cannot be read at character {error.offset}; {_EXPECTED}", error.offset - 1)
    return FormulaError(f"it cannot be read; {_EXPECTED}")


_NUMBER = re.compile(r"(\d[\d_]{0,29}(\.\d{0,30})?|\.\d{1,30})([eE][-+]?\d{1,2})?", re.ASCII)


class _Parser:
    """Turns Python's tree into functions, and refuses what is not in the grammar."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.numbers: set[str] = set()
        self.series: set[str] = set()

    def read(self, node: ast.expr, depth: int) -> Callable[[Inputs], Fraction]:
        """What works out a node and all below it. Raises FormulaError."""
        if depth > MAX_DEPTH:
            raise FormulaError(f"it is nested more than {MAX_DEPTH} deep; split it")
        match node:
            case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
                return self.chain(node, depth)
            case ast.UnaryOp(ast.UAdd() | ast.USub() as sign, operand):
                one, factor = self.read(operand, depth + 1), -1 if isinstance(sign, ast.USub) else 1
                return lambda inputs: factor * one(inputs)
            case ast.Constant():
                return self.constant(self.written(node))
            case ast.Name(name) if name not in FUNCTIONS:
                self.numbers.add(name)
                return lambda inputs: _number(name, inputs)
            case ast.Call(ast.Name(function), [ast.Name(name)], []) if function in FUNCTIONS:
                self.series.add(name)
                return lambda inputs: bounded(FUNCTIONS[function](_series(name, function, inputs)))
        raise FormulaError(self.refusal(node), node.col_offset)

    def chain(self, node: ast.expr, depth: int) -> Callable[[Inputs], Fraction]:
        """A row of operations, worked out from the left: however many they are, they nest no deeper."""
        rest = []
        while isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            rest.append((_OPERATORS[type(node.op)], self.read(node.right, depth + 1)))
            node = node.left
        first = self.read(node, depth + 1)

        def work(inputs: Inputs) -> Fraction:
            value = first(inputs)
            for apply, operand in reversed(rest):
                value = bounded(apply(value, operand(inputs)))
            return value

        return work

    def constant(self, written: str) -> Callable[[Inputs], Fraction]:
        if not _NUMBER.fullmatch(written):
            raise FormulaError(f"{written} is no number; expected one like 12, 0.5 or 1e3")
        value = Fraction(Decimal(written))  # from the text, so that 0.1 is a tenth
        return lambda _: value

    def refusal(self, node: ast.expr) -> str:
        """Why a node is not in the grammar."""
        match node:
            case ast.Name(name):
                return f"{name} takes a series in brackets, as in {name}(minutes)"
            case ast.Call(ast.Name(name)) if name in FUNCTIONS:
                return f"{name} takes the name of one input, which is a series"
            case ast.Call(ast.Name(name)):
                other = _OTHER_NAMES.get(name.lower(), name.lower())
                meant = f"write {other}(...)" if other in FUNCTIONS else f"expected {', '.join(FUNCTIONS)}"
                return f"there is no {name}(); {meant}"
        return f"{self.written(node)!r} has no place in a formula; {_EXPECTED}"

    def written(self, node: ast.expr) -> str:
        """A node as it was written."""
        return ast.get_source_segment(self.line, node) or type(node).__name__


def _number(name: str, inputs: Inputs) -> Fraction:
    value = inputs[name]
    assert isinstance(value, Fraction), f"{name} stands for one number"
    return value


def _series(name: str, function: str, inputs: Inputs) -> tuple[Fraction, ...]:
    value = inputs[name]
    series = value if isinstance(value, tuple) else (value,)
    if not series and function not in ("sum", "count"):
        raise NoResultError(f"{name} is empty, and {function} needs a number at least")
    return series


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


_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: Fraction.__add__,
    ast.Sub: Fraction.__sub__,
    ast.Mult: Fraction.__mul__,
    ast.Div: divide,
    ast.Pow: power,
}


def exact(value: Number) -> Value:
    """Returns a number or series of the model as the evaluator takes it."""
    return tuple(map(Fraction, value)) if isinstance(value, tuple) else Fraction(value)


def outside(result: Fraction, bounds: Range | None) -> str | None:
    """Returns how a result lies outside a range, in words; None where it does not."""
    low, high = bounds or (None, None)
    if low is not None and result < Fraction(low):
        return f"below {low:f}"
    if high is not None and result > Fraction(high):
        return f"above {high:f}"
    return None
