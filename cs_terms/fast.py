"""A formula as a Python function of whole numbers: as exact as `formula.evaluate`, for tables of a million rows. Pure.

The function is compiled from a syntax tree that is made here of the formula's own, never from text. It takes each input
as a whole number, all of them in the same unit (hundredths, say) and how many of that unit are one, and returns a
numerator and a denominator. Fractions would look for common divisors at every step.
"""

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from math import lcm
from typing import TypeAlias

from cs_terms.arithmetic import MAX_BITS
from cs_terms.formula import Chain, Constant, Name, Negation, Node

Ratio: TypeAlias = tuple[int, int]
"""A numerator, and a denominator above zero."""
Fast: TypeAlias = Callable[..., Ratio | None]
"""Works a formula out; None where it divides by zero."""

DIGITS, DECIMALS = 15, 6
"""The most digits that an input may have before the point, and after it, for a result to be within MAX_BITS."""
INPUT_BITS, UNIT_BITS = 71, 20
"""What such an input takes, in the smallest unit, and what that unit takes."""
MOST_FACTORS = 12
"""The largest whole power that is written out as a product."""
_UNIT = "unit"


class _TooHardError(Exception):
    """A formula that is left to `formula.evaluate`."""


def compile_formula(tree: Node, names: Sequence[str]) -> Fast | None:
    """Returns a function of these inputs and their unit; None for a formula with series or fractional powers."""
    builder = _Builder(names)
    try:
        function = builder.function(builder.read(tree))
        code = compile(function, "<formula>", "exec")
    except (_TooHardError, RecursionError):
        return None
    made: dict[str, Fast] = {}
    exec(code, {"__builtins__": {}}, made)  # noqa: S102  # of a tree made above, out of numbers and our own names
    return made["work"]


class _Part:
    """A ratio: `top` / (the product of `below` * `whole` * unit ** `scale`)."""

    def __init__(self, top: ast.expr, bits: int, below: Counter[str], whole: int, scale: int) -> None:
        self.top, self.bits, self.below, self.whole, self.scale = top, bits, below, whole, scale
        """`bits`: how long `top` may become; the names in `below` hold numbers other than zero."""


class _Builder:
    def __init__(self, names: Sequence[str]) -> None:
        self.arguments = {name: f"input_{number}" for number, name in enumerate(names)}
        self.statements: list[ast.stmt] = []
        self.bits: dict[str, int] = {}
        """How long the divisors may become, by name."""

    def function(self, result: _Part) -> ast.Module:
        """A module with the one function `work` in it."""
        top = _product(result.top, Counter({_UNIT: -result.scale}) if result.scale < 0 else Counter())
        bottom = _product(ast.Constant(result.whole), result.below + Counter({_UNIT: max(result.scale, 0)}))
        self.statements += [_assign("top", top), _assign("bottom", bottom)]
        below_zero = ast.Compare(_name("bottom"), [ast.Lt()], [ast.Constant(0)])
        turned: list[ast.expr] = [ast.UnaryOp(ast.USub(), _name("top")), ast.UnaryOp(ast.USub(), _name("bottom"))]
        self.statements += [
            ast.If(below_zero, [ast.Return(ast.Tuple(turned, ast.Load()))], []),
            ast.Return(ast.Tuple([_name("top"), _name("bottom")], ast.Load())),
        ]
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(name) for name in (*self.arguments.values(), _UNIT)],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        function = ast.FunctionDef("work", arguments, self.statements, [])
        return ast.fix_missing_locations(ast.Module([function], []))

    def read(self, node: Node) -> _Part:
        """A node and all below it. Raises _TooHardError."""
        match node:
            case Constant(value):
                return self.checked(
                    _constant(value.numerator), value.numerator.bit_length(), Counter(), value.denominator, 0
                )
            case Name(name):
                return self.checked(_name(self.arguments[name]), INPUT_BITS, Counter(), 1, 1)
            case Negation(operand):
                part = self.read(operand)
                return self.checked(ast.UnaryOp(ast.USub(), part.top), part.bits, part.below, part.whole, part.scale)
            case Chain(first, rest):
                part = self.read(first)
                for operator, operand in rest:
                    part = self.apply(operator, part, operand)
                return part
        raise _TooHardError

    def apply(self, operator: str, left: _Part, operand: Node) -> _Part:
        match operator:
            case "**":
                return self.power(left, operand)
            case "*":
                return self.times(left, self.read(operand))
            case "/":
                return self.over(left, self.read(operand))
            case _:
                return self.plus(left, self.read(operand), ast.Add() if operator == "+" else ast.Sub())

    def plus(self, left: _Part, right: _Part, operator: ast.operator) -> _Part:
        below = left.below | right.below
        whole, scale = lcm(left.whole, right.whole), max(left.scale, right.scale)
        tops, bits = [], 0
        for part in (left, right):
            missing = below - part.below + Counter({_UNIT: scale - part.scale})
            factor = whole // part.whole
            tops.append(_product(part.top if factor == 1 else _times(part.top, ast.Constant(factor)), missing))
            bits = max(bits, part.bits + factor.bit_length() + self.size(missing))
        return self.checked(ast.BinOp(tops[0], operator, tops[1]), bits + 1, below, whole, scale)

    def times(self, left: _Part, right: _Part) -> _Part:
        return self.checked(
            _times(left.top, right.top),
            left.bits + right.bits,
            left.below + right.below,
            left.whole * right.whole,
            left.scale + right.scale,
        )

    def over(self, left: _Part, right: _Part) -> _Part:
        """The quotient; the function returns None where what it divides by is zero."""
        divisor = f"divisor_{len(self.bits)}"
        self.bits[divisor] = right.bits
        self.statements += [
            _assign(divisor, right.top),
            ast.If(ast.UnaryOp(ast.Not(), _name(divisor)), [ast.Return(ast.Constant(None))], []),
        ]
        turned = right.below - left.below
        top = _product(left.top if right.whole == 1 else _times(left.top, ast.Constant(right.whole)), turned)
        bits = left.bits + right.whole.bit_length() + self.size(turned)
        below = left.below - right.below + Counter([divisor])
        return self.checked(top, bits, below, left.whole, left.scale - right.scale)

    def power(self, base: _Part, exponent: Node) -> _Part:
        match exponent:
            case Constant(value) if value.denominator == 1 and 0 <= value <= MOST_FACTORS:
                pass
            case _:
                raise _TooHardError
        one = self.checked(ast.Constant(1), 1, Counter(), 1, 0)
        if not value:
            return one
        held = f"base_{len(self.statements)}"
        self.statements.append(_assign(held, base.top))
        part = same = _Part(_name(held), base.bits, base.below, base.whole, base.scale)
        for _ in range(value.numerator - 1):
            part = self.times(part, same)
        return part

    def size(self, factors: Counter[str]) -> int:
        return sum((UNIT_BITS if name == _UNIT else self.bits[name]) * count for name, count in factors.items())

    def checked(self, top: ast.expr, bits: int, below: Counter[str], whole: int, scale: int) -> _Part:
        """A part, unless it might grow beyond what a formula may. Raises _TooHardError."""
        bottom = self.size(below) + whole.bit_length() + UNIT_BITS * abs(scale)
        if max(bits + UNIT_BITS * abs(scale), bottom) > MAX_BITS:
            raise _TooHardError
        return _Part(top, bits, below, whole, scale)


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _constant(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _times(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.BinOp(left, ast.Mult(), right)


def _product(first: ast.expr, factors: Counter[str]) -> ast.expr:
    for name in factors.elements():
        first = _times(first, _name(name))
    return first


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
