"""Formulas parsed and worked out, exactly and within bounds. Pure; nothing is ever handed to eval.

The grammar: + - * / **, parentheses, decimal numbers, the names of inputs, and sum, mean, median, min, max and count
over an input that is a series. Python's own parser reads it, and whatever else it would read is refused. What is left is
a tree of our own, which is worked out here, made into a Python function by `fast`, and into SQL by `sql`.
"""

import ast
import re
import warnings
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from cs_terms.arithmetic import FUNCTIONS, OPERATORS, NoResultError, bounded, round_ratio
from cs_terms.model import Number, Range

__all__ = [  # NoResultError among it: it is what `evaluate` raises
    "Call",
    "Chain",
    "Constant",
    "Formula",
    "FormulaError",
    "Inputs",
    "Name",
    "Negation",
    "NoResultError",
    "Node",
    "Value",
    "evaluate",
    "exact",
    "outside",
    "parse",
    "rounded",
]

MAX_LENGTH = 1000
"""The most characters a formula may have."""
MAX_DEPTH = 50
"""How deep its operations may be nested."""


class FormulaError(ValueError):
    """A text that is no formula; the message says why."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at
        """The number of the character that is wrong, counted from 0; None where that is the whole."""


Value: TypeAlias = Fraction | tuple[Fraction, ...]
"""A number or a series of numbers."""
Inputs: TypeAlias = Mapping[str, Value]
"""A number or a series for each name."""


class Constant(Struct, frozen=True):
    """A number that the formula prints."""

    value: Fraction


class Name(Struct, frozen=True):
    """An input that is one number."""

    name: str


class Call(Struct, frozen=True):
    """A function of an input that is a series."""

    function: str
    """One of FUNCTIONS."""
    name: str
    """The input."""


class Negation(Struct, frozen=True):
    """Zero less what is negated."""

    operand: "Node"


class Chain(Struct, frozen=True):
    """A row of operations, worked out from the left: however many they are, they nest no deeper."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]
    """An operator, one of OPERATORS, and what stands to its right."""


Node: TypeAlias = Constant | Name | Call | Negation | Chain
"""A part of a formula."""


class Formula(Struct, frozen=True):
    """A formula that has been parsed."""

    text: str
    """As it was written."""
    tree: Node
    """What it means."""
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
    node = parser.read(tree, 0)
    if both := parser.numbers & parser.series:
        raise FormulaError(f"{min(both)} stands for a number in one place and for a series in another")
    return Formula(text, node, frozenset(parser.numbers), frozenset(parser.series))


def evaluate(formula: Formula, inputs: Inputs) -> Fraction:
    """Works a formula out, exactly but for powers that are no whole numbers, which are right to 50 digits.

    `inputs` holds a number or a series for each of the formula's names, which are in Unicode's form NFKC. Raises NoResultError for a division by zero, an
    empty series, a root of a negative number, or numbers beyond MAX_BITS.
    """
    return _work_out(formula.tree, inputs)


def _work_out(node: Node, inputs: Inputs) -> Fraction:
    match node:
        case Constant(value):
            return value
        case Name(name):
            number = inputs[name]
            assert isinstance(number, Fraction), f"{name} stands for one number"
            return number
        case Call(function, name):
            given = inputs[name]
            series = given if isinstance(given, tuple) else (given,)
            if not series and function not in ("sum", "count"):
                raise NoResultError(f"{name} is empty, and {function} needs a number at least")
            return bounded(FUNCTIONS[function](series))
        case Negation(operand):
            return -_work_out(operand, inputs)
        case Chain(first, rest):
            value = _work_out(first, inputs)
            for operator, operand in rest:
                value = bounded(OPERATORS[operator](value, _work_out(operand, inputs)))
            return value


def rounded(value: Fraction) -> Decimal:
    """A result as it is printed: whole numbers whole, others to DIGITS significant digits, and to hundredths at least."""
    return Decimal(round_ratio(value.numerator, value.denominator))


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
    """Turns Python's tree into a formula's, and refuses what is not in the grammar."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.numbers: set[str] = set()
        self.series: set[str] = set()

    def read(self, node: ast.expr, depth: int) -> Node:
        """A node and all below it. Raises FormulaError."""
        if depth > MAX_DEPTH:
            raise FormulaError(f"it is nested more than {MAX_DEPTH} deep; split it")
        match node:
            case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
                return self.chain(node, depth)
            case ast.UnaryOp(ast.UAdd() | ast.USub() as sign, operand):
                one = self.read(operand, depth + 1)
                return Negation(one) if isinstance(sign, ast.USub) else one
            case ast.Constant():
                return self.constant(self.written(node))
            case ast.Name(name) if name not in FUNCTIONS:
                self.numbers.add(name)
                return Name(name)
            case ast.Call(ast.Name(function), [ast.Name(name)], []) if function in FUNCTIONS:
                self.series.add(name)
                return Call(function, name)
        raise FormulaError(self.refusal(node), node.col_offset)

    def chain(self, node: ast.expr, depth: int) -> Chain:
        rest = []
        while isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            rest.append((_OPERATORS[type(node.op)], self.read(node.right, depth + 1)))
            node = node.left
        return Chain(self.read(node, depth + 1), tuple(reversed(rest)))

    def constant(self, written: str) -> Constant:
        if not _NUMBER.fullmatch(written):
            raise FormulaError(f"{written} is not a number; expected one like 12, 0.5 or 1e3")
        return Constant(Fraction(Decimal(written)))  # from the text, so that 0.1 is a tenth

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


_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
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
