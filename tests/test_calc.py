"""Metrics worked out, from the command line."""

import io
import json
from decimal import Decimal

import pytest
from conftest import ROOT, Run

from cs_terms.answers.calc import Spread, write_short

BOOK = "starting_mrr=100 expansion_mrr=20 contraction_mrr=5 churned_mrr=10"


def results(run: Run, line: str) -> dict[str, float]:
    answer = json.loads(run(f"calc {line} -f json").out)
    return {each["reading"]: each["value"] for each in answer["results"]}


def test_one_book_of_business_has_as_many_retentions_as_it_has_readings(run: Run) -> None:
    answer = json.loads(run(f"calc nrr {BOOK} -f json").out)
    values = {each["reading"]: (each["value"], [cite["id"] for cite in each["sources"]]) for each in answer["results"]}
    assert values["Plain"][0] == 105
    assert values["Without contraction, as Baremetrics prints it"] == (110, ["baremetrics"])
    assert sorted(value for value, sources in values.values() if sources == ["totango-nrr"]) == [90, 105]
    assert answer["spread"] == {"unit": "percent", "lowest": 105, "highest": 110}  # interpretations apart
    assert {"reading": "Earned growth", "inputs": ["nrr_percent", "earned_new_customer_revenue_percent"]} in answer[
        "needs"
    ]
    assert {each["unit"] for each in answer["results"]} == {"percent"}
    assert all(each["note"] for each in answer["results"] if "Totango" in each["reading"])


def test_the_spread_is_over_the_metrics_own_unit(run: Run) -> None:
    answer = json.loads(run("calc ces agreeing_responses=160 responses=200 easy_6_7=110 difficult_1_3=20 -f json").out)
    assert [(each["value"], each["unit"]) for each in answer["results"]] == [(80, "percent"), (45, "points")]
    assert answer["spread"] is None


def test_values_may_be_numbers_series_and_columns(run: Run, tmp_path, monkeypatch) -> None:
    column = tmp_path / "minutes.txt"
    column.write_text("\ufeff12\n\n 30 \r\n45\n8\n205\n")
    expected = {"Mean": 60, "Median": 30}
    assert results(run, "frt first_response_minutes=12,30,45,8,205") == expected
    assert results(run, f"frt first_response_minutes=@{column}") == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(column.read_text()))
    assert results(run, "frt first_response_minutes=@-") == expected
    assert results(run, "frt first_response_minutes=1_2") == {"Mean": 12, "Median": 12}
    assert results(run, "'Net Promoter Score' promoters=1e3 detractors=0 responses=+2e3") == {
        "Promoters less detractors": 50
    }


@pytest.mark.parametrize("table", ["t;minutes\r\n1;12\r\n2;30\r\n", "\ufeffMinutes\tt\n12\t1\n\n30\t2"])
def test_a_series_may_be_a_column_of_a_table(table: str, run: Run, tmp_path, monkeypatch) -> None:
    file = tmp_path / "a:b.csv"
    file.write_text(table, newline="")
    assert results(run, f"frt 'first_response_minutes=@{file}:minutes'") == {"Mean": 21, "Median": 21}
    monkeypatch.setattr("sys.stdin", io.StringIO(table.removeprefix("\ufeff"), newline=""))
    assert results(run, "frt first_response_minutes=@-:minutes") == {"Mean": 21, "Median": 21}


def test_a_reading_is_picked_by_its_name(run: Run) -> None:
    assert results(run, f"nrr {BOOK} --reading plain") == {"Plain": 105}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("calc nrr", 2, "Plain: starting_mrr, expansion_mrr, contraction_mrr, churned_mrr"),
        ("calc nrr starting_mr=1", 2, "there is no input 'starting_mr'\ndid you mean 'starting_mrr'?"),
        ("calc nrr starting_mrr", 2, "expected NAME=VALUE, got 'starting_mrr'"),
        ("calc nrr starting_mrr=1 starting_mrr=2", 2, "starting_mrr is given twice"),
        ("calc nrr starting_mrr=x", 2, "starting_mrr: expected a number, got 'x'"),
        ("calc nrr starting_mrr=", 2, "starting_mrr: expected a number, got nothing"),
        ("calc nrr starting_mrr=nan", 2, "starting_mrr: 'nan' is not finite"),
        ("calc nrr starting_mrr=-inf", 2, "starting_mrr: '-inf' is not finite"),
        ("calc nrr starting_mrr=1e400", 2, "starting_mrr: the number is too long"),
        ("calc nrr starting_mrr=1,5", 2, "starting_mrr is one number, got a series: '1,5'\nwrite 1.5\n"),
        (
            "calc nps promoters=1,200",
            2,
            "promoters is one number, got a series: '1,200'\nwrite 1200 or 1_200, or 1.200 if the comma is a decimal one\n",
        ),
        ("calc nps promoters=1,234,567.5", 2, "write 1234567.5\n"),
        ("calc nps promoters=12%", 2, "promoters: expected a number, got '12%'\nwrite 12 without the percent sign\n"),
        ("calc nrr starting_mrr=$1,200", 2, "write 1200 alone\n"),
        ("calc nrr churned_mrr='(1.200,50)'", 2, "write -1200.50\n"),
        (f"calc nrr {BOOK.replace('=100', '=100,1')}", 2, "starting_mrr is one number, got a series"),
        ("calc frt first_response_minutes=1,,2", 2, "item 2 of first_response_minutes: expected a number, got nothing"),
        ("calc frt first_response_minutes=@README.md/absent", 2, "README.md/absent cannot be read: Not a directory"),
        (f"calc nrr {BOOK.replace('=100', '=0')}", 1, "'Plain' has no result: it divides by zero"),
        ("calc nps promoters=3 detractors=0 responses=1", 1, "300 is above 100"),
        (
            "calc churn customers_lost=-1 customers_start=10",
            2,
            "customers_lost is a number of things, and -1 is below 0",
        ),
        ("calc ticket-volume tickets_created_by_channel=3,-2", 2, "is a number of things, and -2 is below 0"),
        (
            "calc grr starting_mrr=100 contraction_mrr=0 churned_mrr=-1 --reading all",
            1,
            "Gross revenue retention has no",
        ),
        ("calc churn churned_mrr=-5 contraction_mrr=0 starting_mrr=10", 1, "-50 is below 0"),
        # What the other inputs leave open is suggested before what merely is spelled alike.
        ("calc churn customers_lost=1 customer_start=10", 2, "did you mean 'customers_start'?"),
        ("calc churn churned_mrr=1 contraction_mrr=2 start=10", 2, "inputs are\n  Gross revenue churn: churned_mrr, "),
        (
            "calc nrr starting_mrr",
            2,
            "inputs are\n  Plain: starting_mrr, expansion_mrr, contraction_mrr, churned_mrr\n",
        ),
        ("calc frt first_response_minutes=@{tickets}", 2, "is a table\nname the column: first_response_minutes=@"),
        ("calc frt first_response_minutes=@{tickets}:minuts", 2, "has no column 'minuts'; did you mean 'minutes'?"),
        (
            "calc frt first_response_minutes=@{tickets}:note",
            2,
            "tickets.csv:2:8: first_response_minutes: expected a number",
        ),
        ("calc frt first_response_minutes=@{tickets}:Id", 2, "2 columns are called 'Id'"),
        ("calc 'customer health score'", 1, "no formula is agreed for Customer health score"),
        ("calc portfolio-growth x=1", 1, "no formula is agreed for Portfolio growth"),
        ("calc nrr --reading plian", 1, "did you mean 'Plain'?"),
        ("calc nsp", 1, "did you mean net-promoter-score?"),
        ("calc ART", 4, "resolution-time"),
        ("calc success", 1, "'success' is no metric; it is the term 'success'"),
        ("calc cs", 1, "it is the term 'service' or the term 'success' or the term 'support'"),
        ("calc nrr --reading ''", 1, "Net revenue retention has no reading called ''"),
        ("calc nps promoters=1 -s uprighte", 1, "is published by uprighte\n-s may be bain, dela, retently"),
        ("calc frt first_response_minutes=@", 2, "expected the name of a file after @"),
        ("calc churn monthly_churn_percent=1e99", 1, "no result: -1.000e+1166 is below 0"),
    ],
)
def test_what_cannot_be_worked_out(line: str, code: int, message: str, run: Run, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(ROOT)
    tickets = tmp_path / "tickets.csv"
    tickets.write_text('id,minutes,"note",ID\n1,"12",late,9\n2,30,,9\n')
    ran = run(line.replace("{tickets}", str(tickets)))
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_a_bad_line_of_a_column_is_named_by_its_number(run: Run, tmp_path) -> None:
    column = tmp_path / "minutes.txt"
    column.write_text("12\n\nthirty\n")
    ran = run(f"calc frt first_response_minutes=@{column}")
    assert (ran.code, ran.out) == (2, "")
    assert f"line 3 of {column}: expected a number, got 'thirty'" in ran.err
    column.write_bytes(b"12\n\xff\n")
    assert f"{column} is not UTF-8 text" in run(f"calc frt first_response_minutes=@{column}").err


def test_a_reading_without_a_result_does_not_take_the_others_with_it(run: Run) -> None:
    ran = run("calc customer-satisfaction-score satisfied_responses=8 responses=10 good=0 bad=0 -f json")
    assert (ran.code, ran.err) == (0, "csterms: 'Good over good and bad' has no result: it divides by zero\n")
    assert [each["value"] for each in json.loads(ran.out)["results"]] == [80]


def test_results_lose_no_hundredths(run: Run) -> None:
    parts = "upgrade_mrr={} seat_and_usage_mrr=0.1 cross_sell_mrr=0.2"
    for given, expected in (("0", "0.3"), ("1234567890123.15", "1234567890123.45"), ("7e-1", "1")):
        assert run(f"calc expansion-revenue {parts.format(given)}").out.split("\t")[1] == expected
    assert run("calc churn monthly_churn_percent=3").out.split("\t")[1] == "30.6157639005"


def test_inputs_are_the_same_however_their_letters_are_composed(run: Run, glossary) -> None:
    folder = glossary(
        a="metrics: {m: {name: M, readings: [{name: r, formula: cou\u0302t * 2, inputs: {cou\u0302t: x}}]}}"
    )
    for name in ("co\u00fbt", "cou\u0302t"):
        assert run("calc", "m", f"{name}=3", "--no-builtin", "-D", str(folder)).out.split("\t")[1] == "6"
        assert "is one number, got a series" in run("calc", "m", f"{name}=3,4", "--no-builtin", "-D", str(folder)).err


def test_inputs_serve_the_readings_that_they_suit(run: Run, glossary) -> None:
    readings = "{name: One, formula: mean(x), inputs: {x: a}}, {name: Two, formula: x / 2, inputs: {x: a}}"
    folder = glossary(
        a=f"metrics: {{m: {{name: M, unverified: true, readings: [{readings}, {{name: two, formula: x, inputs: {{x: a}}}}]}}}}"
    )
    ran = run(f"calc m x=1,2 --no-builtin -D {folder}")
    assert (ran.code, ran.out) == (0, "One\t1.5\t-\tmean(x)\t-\n")
    assert "'Two' has no result: x is one number, got a series" in ran.err
    assert run(f"calc m x=1,2 --reading Two --no-builtin -D {folder}").code == 2
    assert run(f"calc m x=4 --reading Two --no-builtin -D {folder}").out == "Two\t2\t-\tx / 2\t-\n"
    (folder / "none").write_text("\n")
    assert "x is one number, got none" in run(f"calc m x=@{folder}/none --reading Two --no-builtin -D {folder}").err
    assert "(unverified)" in run(f"calc m x=4 --no-builtin -D {folder} -f table").out


def test_the_spread_says_of_which_results_it_is(run: Run) -> None:
    page = run("calc frt first_response_hours=1,2 first_response_minutes=60,120 -f table").out
    assert "Spread: all give 90 minutes (other units left out)\n" in page


def test_results_are_rounded_as_asked(run: Run) -> None:
    line = "calc csat satisfied_responses=1 responses=3 --reading"
    name = run("show csat -f json").out.split('"name": "')[2].partition('"')[0]
    values = [run(*line.split(), name, *more).out.split("\t")[1] for more in ([], ["--digits", "1"], ["--digits", "0"])]
    assert values == ["33.3333333333", "33.3", "33"]
    assert "33.33 percent" in run(*line.split(), name, "-f", "table").out
    assert run(*line.split(), name, "--digits", "-1").code == 2


def test_numbers_are_printed_in_full(run: Run, glossary) -> None:
    example = "example: {inputs: {a: 1e2}, result: 2e2}"
    folder = glossary(
        a=f"metrics: {{m: {{name: M, range: [0, 1e3], readings: [{{name: r, formula: a * 2, inputs: {{a: q}}, {example}}},"
        " {name: s, formula: a, inputs: {a: q}}]}}"
    )
    assert "10000 is above 1000" in run(f"calc m a=5000 --no-builtin -D {folder}").err
    assert "a=100 gives 200\n" in run(f"show m --no-builtin -D {folder} -f table").out
    assert "Spread: from 5 to 10, 5 apart\n" in run(f"calc m a=5 --no-builtin -D {folder} -f table").out


def test_only_readings_of_the_sources_asked_for(run: Run) -> None:
    answer = json.loads(run(f"calc nrr {BOOK} -s baremetrics -f json").out)
    assert [each["value"] for each in answer["results"]] == [110]
    assert [source["id"] for source in answer["sources"]] == ["baremetrics"]


def test_every_shipped_reading_gives_its_example_on_the_command_line(run: Run) -> None:
    entries = json.loads(run("list metrics -f json").out)["entries"]
    shown = json.loads(run("show", *(each["id"] for each in entries), "-f", "json").out)["entries"]
    worked = 0
    for metric in shown:
        for reading in metric["readings"]:
            given = {
                name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
                for name, value in reading["example"]["inputs"].items()
            }
            words = [f"{name}={value}" for name, value in given.items()]
            ran = run("calc", metric["id"], *words, "--reading", reading["name"], "-f", "json")
            value = json.loads(ran.out)["results"][0]["value"]
            expected = reading["example"]["result"]
            places = len(str(expected).partition(".")[2])
            assert value == pytest.approx(expected, abs=0.5 * 10**-places), (metric["id"], reading["name"])
            worked += 1
    assert worked > 80
    assert [metric["id"] for metric in shown if not metric["readings"]] == [
        "portfolio-growth",
        "customer-health-score",
        "top-agents",
    ]


@pytest.mark.parametrize("form", ["table", "markdown", "json", "tsv", "csv"])
def test_a_result_may_be_longer_than_a_decimal_of_python_s(form: str, run: Run, tmp_path) -> None:
    """Decimal rounds to 28 digits, and refuses to round a longer number to hundredths."""
    large = "1" + "0" * 29
    ran = run(f"calc frt first_response_minutes={large},{large},4e99 -f {form}")
    assert (ran.code, ran.err) == (0, "")
    assert large in ran.out
    path = tmp_path / "t.csv"
    path.write_text(f"k,first_response_minutes\na,{large}\na,{large}\na,4e99\nb,3\n")
    ran = run(f"calc frt --data {path} --by k -f {form}")
    assert (ran.code, ran.err) == (0, "")
    assert large in ran.out
    assert write_short(Decimal(large + ".125")) == large + ".12"
    assert Spread(None, Decimal(1), Decimal("1e40")).width() == 10**40 - 1
