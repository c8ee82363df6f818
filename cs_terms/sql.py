"""Readings as one SELECT, for the database that holds the numbers. Pure; plain ANSI here, other dialects by sqlglot.

The statement has NULL where `calc --data` has no result. What a user writes, names of columns and tables, is quoted; what
a formula says is written from its tree, so no text becomes SQL.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from cs_terms.arithmetic import OPERATORS, NoResultError
from cs_terms.errors import USAGE, CstermsError
from cs_terms.formula import Call, Chain, Constant, Formula, Name, Negation, Node, parse
from cs_terms.inputs import counts
from cs_terms.model import Metric, Range, Reading
from cs_terms.spelling import did_you_mean

WITH_MEDIAN = ("databricks", "duckdb", "oracle", "postgres", "redshift", "snowflake", "teradata")
"""The dialects that are known to have PERCENTILE_CONT as an aggregate, which is exact."""
_UNTYPED = (None, "sqlite")
"""Where a column may hold text beside its numbers; what is plain ANSI may be run there as well."""
_SOURCE = "source"
"""What the table is called in the statement."""
_HIGHEST = "1e300"
"""Above every number that `calc` reads."""
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How tightly a piece of SQL holds together."""
_AGGREGATES = {"sum": "SUM", "mean": "AVG", "min": "MIN", "max": "MAX"}


class Columns(Struct, frozen=True):
    """Where the numbers are."""

    table: str
    """The table; dots stand between it and its schema."""
    inputs: Mapping[str, str | Fraction]
    """The column of each input, or the number that it is in every row."""
    by: str | None
    """The column whose equal values make a group."""
    label: str | None
    """The column that names the rows."""


def write_sql(metric: Metric, readings: Sequence[Reading], columns: Columns, dialect: str | None) -> str:
    """Returns a SELECT with a column for each reading. Raises CstermsError (USAGE) for what the dialect cannot say."""
    ansi = _write_ansi(metric, readings, columns, typed=dialect not in _UNTYPED)
    if dialect is None:
        return ansi
    try:
        import sqlglot
    except ImportError as error:
        raise _wrong(
            "--dialect needs sqlglot, which is not installed",
            "pip install 'csterms[sql]'; without --dialect the SQL is plain ANSI",
        ) from error
    known = sorted(each for each in sqlglot.Dialect.classes if each)
    if dialect not in known:
        raise _wrong(f"there is no dialect {dialect!r}", did_you_mean(dialect, known))
    for each in readings:
        if "median" in _functions(parse(each.formula).tree) and dialect not in WITH_MEDIAN:
            raise _wrong(
                f"{dialect} has no exact median of a group, which {each.name!r} takes",
                f"--reading names a reading without one; {', '.join(WITH_MEDIAN)} have it",
            )
    statement = sqlglot.parse_one(ansi)
    for division in statement.find_all(sqlglot.exp.Div):
        division.set("typed", True)  # its numbers are floating-point already, and need no further CAST
    return str(statement.sql(dialect, identify=True, pretty=True)) + "\n"


def column_names(readings: Sequence[Reading]) -> list[str]:
    """Returns a column name for each reading, of letters, digits and underscores, which every database takes."""
    names: list[str] = []
    for each in readings:
        bare = re.sub(r"\W+", "_", each.name.lower()).strip("_")[:55].rstrip("_") or "reading"
        name, number = bare, 1
        while name in names:
            number += 1
            name = f"{bare}_{number}"
        names.append(name)
    return names


def _write_ansi(metric: Metric, readings: Sequence[Reading], columns: Columns, *, typed: bool) -> str:
    """Three steps: the columns as floating-point numbers, the formulas, and NULL for what lies outside its range."""
    names = column_names(readings)
    formulas = [parse(each.formula) for each in readings]
    taken = list(dict.fromkeys(name for each in readings for name in each.inputs))
    things = counts(readings)
    shown = columns.by if columns.by is not None else columns.label
    heads = (
        [_quote(shown if shown.lower() not in map(str.lower, (*taken, *names)) else f"{shown}_label")]
        if shown is not None
        else []
    )
    # Every column is qualified: SQLite takes a quoted name that is no column for a text, and works with that.
    inner = [f"{_SOURCE}.{_quote(shown)} AS {heads[0]}"] if shown is not None else []
    inner += [f"{_read(columns.inputs[name], thing=name in things, typed=typed)} AS {_quote(name)}" for name in taken]
    worked = [
        f"{_write_reading(each, grouped=columns.by is not None)} AS {_quote(name)}"
        for each, name in zip(formulas, names, strict=True)
    ]
    table = ".".join(map(_quote, columns.table.split(".")))
    sql = f"SELECT\n  {_lines([*heads, *worked])}\nFROM (\n  SELECT\n    {_lines(inner, 4)}\n  FROM {table} AS {_SOURCE}\n) AS inputs\n"
    if columns.by is not None:
        sql += f"GROUP BY {heads[0]}\n"
    ranges = [each.range or metric.range for each in readings]
    if not any(ranges):
        return sql
    bounded = [_within(_quote(name), bounds) for name, bounds in zip(names, ranges, strict=True)]
    indented = "".join(f"  {line}\n" for line in sql.splitlines())
    return f"SELECT\n  {_lines([*heads, *bounded])}\nFROM (\n{indented}) AS results\n"


def _lines(items: Sequence[str], indent: int = 2) -> str:
    return (",\n" + " " * indent).join(items)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read(source: str | Fraction, *, thing: bool, typed: bool) -> str:
    """A column as a floating-point number: whole numbers would be divided as such, and decimals lose digits.

    Where columns are not `typed`, the number is bounded: SQLite counts '1,000' as 1, but in a comparison with a number it
    takes a text for one only where all of it is, and any other text lies above all numbers.
    """
    if isinstance(source, Fraction):
        return _cast(_literal(source)[0])
    column = f"{_SOURCE}.{_quote(source)}"
    if not typed:
        low = "0.0" if thing else f"-{_HIGHEST}"
        return f"CASE WHEN {column} BETWEEN {_cast(low)} AND {_cast(_HIGHEST)} THEN {_cast(column)} END"
    return f"CASE WHEN {column} >= 0 THEN {_cast(column)} END" if thing else _cast(column)


def _cast(text: str) -> str:
    return f"CAST({text} AS DOUBLE PRECISION)"


def _within(name: str, bounds: Range | None) -> str:
    low, high = bounds or (None, None)
    tests = [f"{name} >= {low:f}"] if low is not None else []
    tests += [f"{name} <= {high:f}"] if high is not None else []
    return f"CASE WHEN {' AND '.join(tests)} THEN {name} END AS {name}" if tests else name


def _write_reading(formula: Formula, *, grouped: bool) -> str:
    """A formula; of a group, NULL where one of the numbers is missing, or one that has to be the same is not."""
    try:
        text, _ = _write(_fold(formula.tree), grouped=grouped)
    except (NoResultError, OverflowError):  # of the formula's own numbers
        return "CAST(NULL AS DOUBLE PRECISION)"
    if not grouped:
        return text
    tests = [f"COUNT({_quote(name)}) = COUNT(*)" for name in sorted(formula.names)]
    tests += [f"MIN({_quote(name)}) = MAX({_quote(name)})" for name in sorted(formula.numbers)]
    return f"CASE WHEN {' AND '.join(tests)} THEN {text} END" if tests else text


def _fold(node: Node) -> Node:
    """The formula with its own numbers worked out where they meet: databases divide these as decimals, to few digits.

    Raises NoResultError.
    """
    match node:
        case Negation(operand):
            inside = _fold(operand)
            return Constant(-inside.value) if isinstance(inside, Constant) else Negation(inside)
        case Chain(first, rest):
            value = _fold(first)
            left: list[tuple[str, Node]] = []
            for operator, operand in rest:
                right = _fold(operand)
                if not left and isinstance(value, Constant) and isinstance(right, Constant):
                    value = Constant(OPERATORS[operator](value.value, right.value))
                else:
                    left.append((operator, right))
            return Chain(value, tuple(left)) if left else value
    return node


def _write(node: Node, *, grouped: bool) -> tuple[str, int]:
    """A node as SQL, and how tightly it holds together."""
    match node:
        case Constant(value):
            return _literal(value)
        case Name(name):
            return (f"MIN({_quote(name)})" if grouped else _quote(name)), _ATOM
        case Call("median", name):
            return f"PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {_quote(name)})", _ATOM
        case Call("count", name):
            return f"CAST(COUNT({_quote(name)}) AS DOUBLE PRECISION)", _ATOM
        case Call(function, name):
            return f"{_AGGREGATES[function]}({_quote(name)})", _ATOM
        case Negation(operand):
            return f"(-{_hold(_write(operand, grouped=grouped), _ATOM)})", _ATOM
        case Chain(first, rest):
            written = _write(first, grouped=grouped)
            for operator, operand in rest:
                written = _apply(operator, written, operand, grouped=grouped)
            return written


def _apply(operator: str, left: tuple[str, int], operand: Node, *, grouped: bool) -> tuple[str, int]:
    right = _write(operand, grouped=grouped)
    match operator:
        case "**":
            return _raise(left[0], right[0], operand), _ATOM
        case "/":
            zero_free = isinstance(operand, Constant) and bool(operand.value)
            divisor = _hold(right, _ATOM) if zero_free else f"NULLIF({right[0]}, 0)"
            return f"{_hold(left, _PRODUCT)} / {divisor}", _PRODUCT
        case "*":
            return f"{_hold(left, _PRODUCT)} * {_hold(right, _ATOM)}", _PRODUCT
        case _:
            return f"{left[0]} {operator} {_hold(right, _PRODUCT)}", _SUM


def _raise(base: str, exponent: str, node: Node) -> str:
    """A power; NULL for a root of a negative number and for zero to a negative power, as `calc` has no result there."""
    power = f"POWER({base}, {exponent})"
    match node:
        case Constant(value) if value.denominator == 1:
            return power if value >= 0 else f"POWER(NULLIF({base}, 0), {exponent})"
        case Constant():
            return f"CASE WHEN {_wrap(base)} {'>=' if node.value > 0 else '>'} 0 THEN {power} END"
    whole = f"{_wrap(exponent)} = FLOOR({exponent})"
    return f"CASE WHEN {_wrap(base)} > 0 OR ({_wrap(exponent)} >= 0 AND ({_wrap(base)} = 0 OR {whole})) OR ({_wrap(base)} < 0 AND {whole}) THEN {power} END"


def _wrap(text: str) -> str:
    return f"({text})"


def _literal(value: Fraction) -> tuple[str, int]:
    """A number of a formula, with a point or an exponent, so that it is never taken for a whole one."""
    text = repr(float(value))
    return (f"({text})" if value < 0 else text), _ATOM


def _hold(written: tuple[str, int], needed: int) -> str:
    """A piece of SQL, in brackets where it would not hold together."""
    text, strength = written
    return text if strength >= needed else f"({text})"


def _functions(node: Node) -> set[str]:
    """The functions of series in a formula."""
    match node:
        case Call(function):
            return {function}
        case Negation(operand):
            return _functions(operand)
        case Chain(first, rest):
            return _functions(first).union(*(_functions(operand) for _, operand in rest))
    return set()


def _wrong(message: str, hint: str) -> CstermsError:
    return CstermsError(USAGE, message, hint=hint)
