"""Formulas, at the pure functions: what is one, and what it comes to."""

import operator
import re
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_terms.formula import FormulaError, NoResultError, evaluate, parse, rounded

NAMES = ["a", "b", "lost_customers"]
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
numbers = st.fractions(-1000, 1000, max_denominator=100)

# A formula's text, together with what works the same out in Python.
leaves = st.sampled_from(NAMES).map(lambda name: (name, lambda values: values[name])) | st.decimals(
    0, 1000, places=2
).map(lambda number: (str(number), lambda _: Fraction(number)))
formulas = st.recursive(
    leaves,
    lambda inner: (
        st.tuples(inner, st.sampled_from(sorted(OPERATORS)), inner).map(
            lambda each: (
                f"({each[0][0]}) {each[1]} ({each[2][0]})",
                lambda values: OPERATORS[each[1]](each[0][1](values), each[2][1](values)),
            )
        )
        | inner.map(lambda each: (f"-({each[0]})", lambda values: -each[1](values)))
        | st.tuples(inner, st.integers(-3, 3)).map(
            lambda each: (f"({each[0][0]}) ** {each[1]}", lambda values: each[0][1](values) ** each[1])
        )
    ),
    max_leaves=10,
)


@given(formulas, st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)))
@settings(max_examples=200)
def test_a_formula_comes_to_what_python_makes_of_it(formula, values) -> None:
    text, python = formula
    try:
        expected = python(values)
    except ZeroDivisionError:
        with pytest.raises(NoResultError, match=r"divides by zero|too large"):
            evaluate(parse(text), values)
        return
    try:
        result = evaluate(parse(text), values)
    except NoResultError:  # too large on the way, if not in the end
        assert max(expected.numerator.bit_length(), expected.denominator.bit_length()) > 300 or not expected
        return
    assert result == expected


@given(st.lists(numbers, min_size=1, max_size=9).map(tuple))
def test_series_come_to_what_the_statistics_module_makes_of_them(series) -> None:
    expected = {
        "sum": sum(series),
        "mean": statistics.fmean(series),
        "median": statistics.median(series),
        "min": min(series),
        "max": max(series),
        "count": len(series),
    }
    for function, value in expected.items():
        assert float(evaluate(parse(f"{function}(x)"), {"x": series})) == pytest.approx(float(value))


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("0.1 + 0.2", {}, "0.3"),
        ("1 / 3 * 3", {}, "1"),
        ("2 / 3", {}, "0.666666666667"),
        ("2 + 3 * 4 - -1", {}, "15"),
        ("-2 ** 2", {}, "-4"),
        ("2 ** 3 ** 2", {}, "512"),
        ("2 ** 0.5", {}, "1.41421356237"),
        ("(2 ** 0.5) ** 2", {}, "2"),
        ("0 ** 0", {}, "1"),
        ("1_000 + 1e3 + .5", {}, "2000.5"),
        ("1e15 + 1", {}, "1000000000000001"),
        ("+".join("a" * 500), {"a": Fraction(2)}, "1000"),
        ("2 - 1 - 1 - 1", {}, "-1"),
        ("8 / 4 / 2 * 3", {}, "3"),
        ("10 ** 20 / 3", {}, "33333333333333333333.33"),
        ("1 / 10 ** 9", {}, "0.000000001"),
        ("sum(x) / n", {"x": (Fraction(1), Fraction(2)), "n": Fraction(2)}, "1.5"),
        ("count(x)", {"x": Fraction(7)}, "1"),
        ("sum(x)", {"x": ()}, "0"),
        ("a\n + b", {"a": Fraction(1), "b": Fraction(2)}, "3"),
    ],
)
def test_results_as_they_are_printed(text: str, inputs, expected: str) -> None:
    assert f"{rounded(evaluate(parse(text), inputs)):f}" == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read"),
        ("a +", "cannot be read"),
        ("a ! b", "cannot be read at character 3"),
        ("1if a else 2", "has no place|cannot be read"),
        ("a b", "'a' at character 1; put + - * or / after 'a'"),
        ("a # b", "'#' at character 3; leave it out"),
        ("a; b", "';' at character 2; leave it out"),
        ("a = b", "'=' at character 3; leave out = and what stands before it"),
        ("a if b else c", "'a if b else c' has no place"),
        ("a > b", "'a > b' has no place"),
        ("a and b", "'a and b' has no place"),
        ("not a", "'not a' has no place"),
        ("a % b", "'%' at character 3; leave it out"),
        ("a // b", "'a // b' has no place"),
        ("a.real", "'a.real' has no place"),
        ("a[0]", "'a[0]' has no place"),
        ("[a]", "has no place"),
        ("(lambda: 1)()", "has no place"),
        ("(a := 1)", "leave out = and what stands before it"),
        ("'a'", "'a' is not a number"),
        ("f'{a}'", "has no place"),
        ("True", "True is not a number"),
        ("0x10", "0x10 is not a number"),
        ("1j", "1j is not a number"),
        ("1e999", "1e999 is not a number"),
        ("1" * 40, "is not a number"),
        ("__import__('os')", "there is no __import__()"),
        ("sum(a + b)", "sum takes the name of one input"),
        ("sum(a, b)", "sum takes the name of one input"),
        ("sum(x=a)", "leave out = and what stands before it"),
        ("sum(*a)", "sum takes the name of one input"),
        ("sum", "sum takes a series in brackets"),
        ("len(a)", "there is no len(); write count(...)"),
        ("root(a)", "there is no root(); expected sum, mean, median, min, max, count"),
        ("(a + b", "'(' at character 1; it is never closed; add )"),
        ("a + b)", "')' at character 6; it closes nothing; delete it"),
        ("100a", "'100' at character 1; put + - * or / after"),
        ("a \u00d7 b", "write * to multiply"),
        ("a + sum(a)", "a stands for a number in one place and for a series in another"),
        ("-(" * 60 + "a" + ")" * 60, "nested more than"),
        ("a**" * 60 + "a", "nested more than"),
        ("(" * 300 + "a" + ")" * 300, "cannot be read"),
        ("-" * 900 + "a", "nested more than|cannot be read"),
        ("a" * 1001, "1001 characters"),
        ("a\x00b", "cannot be read"),
    ],
)
def test_what_is_no_formula_says_why(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message if "|" in message else re.escape(message)):
        parse(text)


@pytest.mark.parametrize(
    ("text", "inputs", "message"),
    [
        ("1 / a", {"a": Fraction()}, "divides by zero"),
        ("a ** -1", {"a": Fraction()}, "divides by zero"),
        ("a ** 0.5", {"a": Fraction(-1)}, "root of a negative number"),
        ("9 ** 9 ** 9", {}, "too large"),
        ("0.5 ** 1e9", {}, "too large"),
        ("2 ** 1e30 ** 0.5", {}, "too large"),
        ("10 ** 99.5 ** 5", {}, "too large"),
        ("mean(x)", {"x": ()}, "x is empty"),
        ("min(x)", {"x": ()}, "x is empty"),
    ],
)
def test_what_has_no_result_says_why(text: str, inputs, message: str) -> None:
    with pytest.raises(NoResultError, match=message):
        evaluate(parse(text), inputs)


def test_whole_numbers_are_printed_whole() -> None:
    assert rounded(Fraction(10**20)) == Decimal(10**20)
