"""Readings as SQL: what SQLite and DuckDB make of it is what `calc --data` makes of the same rows."""

import json
import random
import sqlite3
import sys
from contextlib import closing
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
import sqlglot
from conftest import Run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cs_terms import CstermsError, Glossary
from cs_terms.answers.cases import Worker
from cs_terms.answers.columns import bind
from cs_terms.arithmetic import NoResultError
from cs_terms.formula import Chain, Negation, evaluate, parse
from cs_terms.frames import frame
from cs_terms.model import Input, Metric, Reading
from cs_terms.sql import Columns, column_names, write_sql

NUMBERS, SERIES = ["a", "b", "lost_customers"], ["x", "minutes"]
leaves = st.sampled_from(NUMBERS) | st.decimals(0, 100, places=2).map(str) | st.integers(0, 9).map(str)
calls = st.tuples(st.sampled_from(["sum", "mean", "min", "max", "count"]), st.sampled_from(SERIES)).map(
    "{0[0]}({0[1]})".format
)


def formulas(leaf):
    """Formulas as people write them, with and without brackets."""
    return st.recursive(
        leaf,
        lambda inner: (
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join)
            | st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]}) {0[1]} ({0[2]})".format)
            | inner.map("-({})".format)
            | st.tuples(inner, st.sampled_from(["2", "3", "0", "-1", "-2", "0.5", "1.5", "a"])).map(
                "({0[0]}) ** {0[1]}".format
            )
        ),
        max_leaves=8,
    )


cells = st.one_of(st.decimals(-1000, 1000, places=2), st.integers(-50, 50).map(Decimal), st.just(Decimal(0)))
types = st.sampled_from(["NUMERIC", "INTEGER"])


def noisy(node, inputs, source: random.Random) -> Fraction:
    """The formula with an error in every step, larger than those of floating-point numbers."""
    match node:
        case Negation(operand):
            return -noisy(operand, inputs, source)
        case Chain(first, rest):
            value = noisy(first, inputs, source)
            for operator, operand in rest:
                step = Chain(_constant(value), ((operator, _constant(noisy(operand, inputs, source))),))
                value = evaluate_node(step, {}) * (1 + Fraction(source.randint(-9, 9), 10**13))
                assume(not value or Fraction(1, 10**200) < abs(value) < 10**200)
            return value
    return evaluate_node(node, inputs)


def _constant(value: Fraction):
    from cs_terms.formula import Constant

    return Constant(value)


def evaluate_node(node, inputs) -> Fraction:
    from cs_terms.formula import Formula

    return evaluate(Formula("", node, frozenset(), frozenset()), inputs)


def well_conditioned(formula, inputs) -> bool:
    """Whether floating-point numbers can be expected to come to nine digits of the result, or to none as well."""
    found: list[Fraction | None] = []
    for seed in range(3):
        try:
            found.append(noisy(formula.tree, inputs, random.Random(seed)) if seed else evaluate(formula, inputs))
        except NoResultError as error:
            if "large" in str(error):
                return False
            found.append(None)
    if None in found:
        return found == [None] * 3
    exact = found[0]
    return all(abs(each - exact) <= abs(exact) / 10**10 for each in found)


def metric_of(text: str) -> Metric:
    names = parse(text).names
    return Metric("m", readings=(Reading("It", text, {name: Input(name) for name in sorted(names)}),))


def calc(metric: Metric, rows, by: str | None) -> dict[str, Decimal | None]:
    table = frame(rows)
    binding = bind(metric, metric.readings, metric.readings, table, (), None if by else "k", by)
    return {case.label: case.results[0].value for case in Worker(binding, metric, None).cases(table, table.rows())}


def query(connection, sql: str, rows, kind: str) -> dict[str, float | None]:
    names = list(rows[0])
    connection.execute("DROP TABLE IF EXISTS my_table")
    connection.execute(f"CREATE TABLE my_table (k TEXT, {', '.join(f'{name} {kind}' for name in names[1:])})")
    marks = ", ".join("?" * len(names))
    whole = [[row["k"], *(_plain(row[name], kind) for name in names[1:])] for row in rows]
    connection.executemany(f"INSERT INTO my_table VALUES ({marks})", whole)
    return dict(connection.execute(sql).fetchall())


def _plain(value, kind: str):
    return None if value is None else int(value) if kind == "INTEGER" else float(value)


def same(ours: dict[str, Decimal | None], theirs: dict[str, float | None]) -> None:
    assert ours.keys() == theirs.keys()
    for label, value in ours.items():
        other = theirs[label]
        if value is None:
            assert other is None, label
        else:
            assert other is not None, label
            assert other == pytest.approx(float(value), rel=1e-9, abs=1e-200), label


DUCKDB = duckdb.connect(":memory:", config={"threads": 1})
AGREED = {"formulas": set(), "rows": 0}


def compare(text: str, rows, kind: str, by: str | None, groups) -> None:
    """Works a formula out for these rows by calc, SQLite and DuckDB."""
    formula = parse(text)
    assume(formula.names)
    for inputs in groups:
        assume(None in inputs.values() or well_conditioned(formula, inputs))
    metric = metric_of(text)
    ours = calc(metric, rows, by)
    columns = Columns("my_table", {name: name for name in formula.names}, by, None if by else "k")
    with closing(sqlite3.connect(":memory:")) as connection:
        for dialect in ("sqlite", None):
            same(ours, query(connection, write_sql(metric, metric.readings, columns, dialect), rows, kind))
    sql = write_sql(metric, metric.readings, columns, "duckdb")
    same(ours, query(DUCKDB, sql, rows, kind.replace("NUMERIC", "DECIMAL(18, 2)")))
    AGREED["formulas"].add(text)
    AGREED["rows"] += len(ours)


def has_power() -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("SELECT POWER(2, 2)")
        except sqlite3.OperationalError:
            return False
    return True


row_values = st.fixed_dictionaries({name: cells | st.just(None) if name == "b" else cells for name in NUMBERS})


@pytest.mark.skipif(not has_power(), reason="this SQLite is built without powers")
@given(formulas(leaves), st.lists(row_values, min_size=1, max_size=6), types)
@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_sqlite_and_duckdb_make_of_rows_what_calc_makes_of_them(text: str, values, kind: str) -> None:
    if kind == "INTEGER":
        values = [{name: None if each is None else Decimal(int(each)) for name, each in row.items()} for row in values]
    rows = [{"k": f"r{number}", **row} for number, row in enumerate(values)]
    inputs = [{name: None if each is None else Fraction(each) for name, each in row.items()} for row in values]
    used = parse(text).names
    compare(text, rows, kind, None, [{name: row[name] for name in used} for row in inputs])


@pytest.mark.skipif(not has_power(), reason="this SQLite is built without powers")
@given(
    formulas(calls | st.sampled_from(NUMBERS)),
    st.lists(
        st.tuples(row_values, st.lists(st.fixed_dictionaries(dict.fromkeys(SERIES, cells)), min_size=1, max_size=5)),
        min_size=1,
        max_size=3,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_groups_come_to_the_same_in_any_order_of_rows(text: str, groups, shuffler) -> None:
    rows, inputs = [], []
    for number, (fixed, members) in enumerate(groups):
        rows += [{"k": f"g{number}", **fixed, **member} for member in members]
        series = {name: tuple(Fraction(member[name]) for member in members) for name in SERIES}
        inputs.append({name: None if each is None else Fraction(each) for name, each in fixed.items()} | series)
    shuffler.shuffle(rows)
    used = parse(text).names
    compare(text, rows, "NUMERIC", "k", [{name: group[name] for name in used} for group in inputs])


@given(st.lists(cells, min_size=1, max_size=9))
@settings(max_examples=30)
def test_a_median_is_the_same_in_duckdb(series) -> None:
    metric = metric_of("median(x) / 2")
    rows = [{"k": "g", "x": each} for each in series]
    sql = write_sql(metric, metric.readings, Columns("my_table", {"x": "x"}, "k", None), "duckdb")
    same(calc(metric, rows, "k"), query(DUCKDB, sql, rows, "DECIMAL(18, 2)"))


NRR = "sql nrr starting_mrr=start expansion_mrr contraction_mrr churned_mrr"


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "bigquery", "snowflake", "spark", "tsql", "duckdb", "sqlite"])
def test_the_sql_of_every_metric_is_read_by_its_dialect(dialect: str, run: Run) -> None:
    for entry in json.loads(run("list metrics -f json").out)["entries"]:
        ran = run("sql", entry["id"], "--dialect", dialect, "--by", "month")
        if ran.code == 0:
            (statement,) = sqlglot.parse(ran.out, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
            assert len(statement.selects) > 1
            assert "PERCENTILE_CONT" not in ran.out or dialect in ("postgres", "snowflake", "duckdb")
        else:
            assert "no formula is agreed" in ran.err or "has no exact median of a group" in ran.err


def test_columns_are_mapped_and_numbers_are_numbers(run: Run) -> None:
    ran = run(f"{NRR} --reading plain --table finance.mrr --label month")
    assert (ran.code, ran.err) == (0, "csterms: this is plain ANSI SQL; --dialect writes it for your database\n")
    assert 'CAST(source."start" AS DOUBLE PRECISION) END AS "starting_mrr"' in ran.out
    assert 'FROM "finance"."mrr" AS source\n' in ran.out
    assert 'CAST(100.0 AS DOUBLE PRECISION) AS "responses"' in run("sql nps promoters=p detractors=d responses=100").out
    assert "`start`" in run(f"{NRR} --dialect mysql").out


def test_nothing_from_the_command_line_becomes_sql(run: Run) -> None:
    evil = 'x"; DROP TABLE t; --'
    for dialect in ("postgres", "mysql", "bigquery", "tsql", "sqlite"):
        ran = run(
            "sql",
            "nps",
            f"promoters={evil}",
            "detractors",
            "responses",
            "--table",
            evil,
            "--label",
            evil,
            "--dialect",
            dialect,
        )
        statements = sqlglot.parse(ran.out, dialect=dialect)
        assert len(statements) == 1
        names = {column.name for column in statements[0].find_all(sqlglot.exp.Column)}
        assert evil in names
        assert {table.name for table in statements[0].find_all(sqlglot.exp.Table)} == {evil}


def test_a_label_that_is_called_as_an_input_keeps_apart_from_it(run: Run) -> None:
    ran = run("sql nps promoters detractors responses --label Responses --dialect sqlite")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE my_table (promoters, detractors, responses)")
        connection.execute("INSERT INTO my_table VALUES (6, 1, 10)")
        assert connection.execute(ran.out).fetchall() == [(10, 50.0)]


@pytest.mark.parametrize("dialect", ["", " --dialect sqlite"])
def test_a_column_that_is_not_there_is_an_error_in_sqlite(dialect: str, run: Run) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE my_table (month, promoters, detractors, responses)")
        connection.execute("INSERT INTO my_table VALUES ('Jan', 6, 1, 10)")
        for words in ("promoters=promotors detractors responses --label month", "--label moth", "--by moth"):
            with pytest.raises(sqlite3.OperationalError, match=r"no such column: source\.(promotors|moth)"):
                connection.execute(run(f"sql nps {words}{dialect}").out)


TEXTS = ["1,000", "12,5", "5%", "n/a", "", " ", "12", " 12 ", "-3", "0.5", "1e3", "12abc", "0x10", "inf", "nan", "€ 5"]


@pytest.mark.parametrize("by", [None, "k"])
@pytest.mark.parametrize("dialect", ["sqlite", None])
@pytest.mark.parametrize("kind", ["TEXT", "NUMERIC", "REAL", "INTEGER", "BLOB", ""])
def test_text_is_a_number_in_sqlite_where_it_is_one_in_calc(kind: str, dialect: str | None, by: str | None) -> None:
    for unit in (None, "count"):
        names = {"x": Input("x", unit=unit), "y": Input("y")}
        metric = Metric("m", readings=(Reading("It", "sum(x) + y" if by else "x + y", names),))
        rows = [{"k": f"r{number}", "x": each, "y": Decimal(1)} for number, each in enumerate(TEXTS)]
        rows += [{"k": each["k"], "x": Decimal(7), "y": Decimal(1)} for each in rows if by]
        sql = write_sql(
            metric, metric.readings, Columns("my_table", {"x": "x", "y": "y"}, by, None if by else "k"), dialect
        )
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(f"CREATE TABLE my_table (k TEXT, x {kind}, y {kind})")
            cells = [(row["k"], row["x"] if isinstance(row["x"], str) else 7, 1) for row in rows]
            connection.executemany("INSERT INTO my_table VALUES (?, ?, ?)", cells)
            same(calc(metric, rows, by), dict(connection.execute(sql).fetchall()))


def test_readings_of_one_name_are_different_columns() -> None:
    readings = [
        Reading(name, "a", {"a": Input("a")}) for name in ("A, b", "a b", "A (b)", "!", "Ω 1", "Rate 2", "Rate", "rate")
    ]
    assert column_names(readings) == ["a_b", "a_b_2", "a_b_3", "reading", "ω_1", "rate_2", "rate", "rate_3"]


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (
            "sql frt --by day --dialect sqlite",
            2,
            "sqlite has no exact median of a group, which 'Median' takes\n--reading",
        ),
        (
            "sql frt --reading mean",
            2,
            "first_response_minutes is a series, and a row has one number of it\n--by COLUMN",
        ),
        ("sql nrr starting_mrr", 2, "missing are\n  Plain: expansion_mrr, contraction_mrr, churned_mrr\n"),
        ("sql nrr starting_mr", 2, "did you mean 'starting_mrr'?"),
        ("sql nps --dialect postgre", 2, "there is no dialect 'postgre'\ndid you mean 'postgres'?"),
        ("sql nps --table a..b", 2, "'a..b' is not a table name"),
        ("sql nps promoters=", 2, "promoters: expected the name of a column, got nothing"),
        ("sql nps --by ''", 2, "--by: expected the name of a column, got nothing"),
        ("sql nps --label ''", 2, "--label: expected the name of a column, got nothing"),
        ("sql nps promoters=-1 detractors responses", 2, "promoters is a number of things, and -1 is below 0"),
        ("sql nps --by m --label n", 2, "--by and --label cannot both be given"),
        ("sql top-agents", 1, "no formula is agreed for Top agents"),
    ],
)
def test_what_cannot_be_said_in_sql(line: str, code: int, message: str, run: Run) -> None:
    ran = run(line)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_without_sqlglot_there_is_plain_sql_and_a_way_to_more(run: Run, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    assert run("sql nps").code == 0
    ran = run("sql nps --dialect postgres")
    assert (ran.code, ran.out) == (2, "")
    assert "needs sqlglot, which is not installed\npip install 'csterms[sql]'" in ran.err


@pytest.mark.parametrize("mark", ["\n", "\r", "\0", "\x1b", "\x85", "\u2028"])
@pytest.mark.parametrize("words", ["promoters={}", "--by {}", "--label {}", "--table {}"])
def test_a_name_that_would_not_reach_the_database_as_it_is_is_refused(words: str, mark: str, run: Run) -> None:
    given = [word.format(f"a{mark}b") for word in words.split(" ")]
    ran = run("sql", "nps", *given, "--reading", "promoters less detractors", "--dialect", "sqlite")
    assert (ran.code, ran.out) == (2, "")
    assert f"the name {f'a{mark}b'!r} has the character {mark!r} in it" in ran.err


@pytest.mark.parametrize("name", ["2024 MRR", "2024-01", "12,5", "1e", "5%", "-x", "."])
def test_a_column_is_a_number_only_where_its_name_is_one(name: str, run: Run) -> None:
    ran = run("sql", "nps", f"promoters={name}", "detractors", "responses")
    assert ran.code == 0
    assert f'source."{name}"' in ran.out
    assert "CAST(2024.0 AS" in run("sql nps promoters=2024 detractors responses").out


def test_one_text_is_one_column() -> None:
    with Glossary() as glossary:
        one = glossary.sql("nps", "promoters", "promoters less detractors")
        assert one == glossary.sql("nps", ["promoters"], "promoters less detractors")


@pytest.mark.parametrize("name", ["promoters=x", "\uff50romoters"])
def test_in_python_only_the_names_of_inputs_are_taken(name: str) -> None:
    glossary = Glossary()
    for refused in (
        lambda: glossary.sql("nps", columns={name: "p"}),
        lambda: glossary.over("nps", [{"promoters": 1, "detractors": 1, "responses": 4}], {name: 5}),
    ):
        with pytest.raises(CstermsError, match="there is no input"):
            refused()
