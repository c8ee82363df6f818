"""`calc --data` and `over`: a metric for every row of a table, and why a row has no result."""

import csv
import doctest
import io
import json
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import ROOT, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formula import NAMES, formulas, numbers

from cs_terms import CstermsError, Glossary
from cs_terms.answers.cases import Worker
from cs_terms.answers.columns import bind
from cs_terms.arithmetic import NoResultError, round_ratio
from cs_terms.formula import evaluate, parse, rounded
from cs_terms.frames import frame
from cs_terms.model import Input, Metric, Reading
from cs_terms.output.formats import FORMATS

NRR = """month,starting_mrr,expansion_mrr,contraction_mrr,churned_mrr
2025-01,100,20,5,10
2025-02,200,10,0,30
2025-03,400.50,0.25,1_0,1e1
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a table into the folder in which the test works, and returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "t.csv") -> str:
        Path(name).write_text(text, encoding="utf-8", newline="")
        return name

    return write


def records(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


def test_a_row_a_case_and_a_column_a_reading(run: Run, file) -> None:
    ran = run(f"calc nrr --data {file(NRR)} --header")
    assert (ran.code, ran.err) == (0, "")
    head, *rows = records(ran.out)
    assert head[:3] == ["month", "Plain", "Without contraction, as Baremetrics prints it"]
    assert head[-2:] == ["spread", "why"]
    assert [row[:3] for row in rows] == [
        ["2025-01", "105", "110"],
        ["2025-02", "90", "90"],
        ["2025-03", "95.0686641698", "97.5655430712"],
    ]
    assert [row[-2:] for row in rows] == [["5", "-"], ["0", "-"], ["2.4968789014", "-"]]
    assert run("calc nrr --data t.csv --digits 1 --reading plain").out == "".join(
        f"{month}\t{value}\t-\t-\n" for month, value in (("2025-01", 105), ("2025-02", 90), ("2025-03", 95.1))
    )


def test_every_format_says_the_same(run: Run, file) -> None:
    file(NRR)
    values = [row[1:5] for row in records(run("calc nrr --data t.csv").out)]
    rows = list(csv.reader(io.StringIO(run("calc nrr --data t.csv -f csv").out)))
    assert [row[1:5] for row in rows[1:]] == values
    answer = json.loads(run("calc nrr --data t.csv -f json").out, parse_float=str, parse_int=str)
    assert [[each["value"] for each in row["results"]] for row in answer["rows"]] == values
    assert answer["rows"][0]["spread"] == {"unit": "percent", "lowest": "105", "highest": "110"}
    assert [each["interpretation"] for each in answer["readings"]] == [None, None, True, True]
    run("calc nrr --data t.csv -o out.json")
    assert json.loads(Path("out.json").read_text(), parse_float=str, parse_int=str) == answer
    table = run("calc nrr --data t.csv -f table").out
    assert table.startswith("Spread: from 0 (2025-02) to 5 percent (2025-01); interpretations left out\n")
    assert "█▁" in table
    assert "| 2025-01 | 105.00 | 110.00 |" in run("calc nrr --data t.csv -f markdown").out


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_as_programs_write_them(delimiter: str, end: str, run: Run, file, monkeypatch) -> None:
    rows = [
        ["Month", "Promoters", '"de-tractors"', "responses", "remark"],
        [f'"J{delimiter}an"', "3", '"1"', " 10 ", '"a ""b"""'],
    ]
    text = end + end.join(delimiter.join(row) for row in [*rows, [], rows[1]])
    ran = run(f"calc nps --data {file(chr(0xFEFF) + text)}")
    assert (ran.code, ran.err) == (0, "")
    shown = f"J{delimiter}an".replace("\t", " ")
    assert ran.out == f"{shown}\t20\t-\t-\n" * 2
    monkeypatch.setattr("sys.stdin", io.StringIO(text, newline=""))
    assert run("calc nps --data -").out == ran.out


def test_columns_are_matched_by_name_or_as_is_said(run: Run, file) -> None:
    file("Promoters,Detractors now,n,when\n6,1,10,Jan\n")
    assert run("calc nps --data t.csv 'detractors=Detractors now' responses=n").out == "Jan\t50\t-\t-\n"
    assert run("calc nps --data t.csv 'detractors=Detractors now' responses=20").out == "10\t25\t-\t-\n"
    assert run("calc nps --data t.csv 'detractors=Detractors now' responses=n --label promoters").out == "6\t50\t-\t-\n"
    assert run(f"calc nps --data {file('promoters,detractors,responses' + chr(10) + '6,1,10')}").out == "1\t50\t-\t-\n"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", "t.csv:3:6: promoters is empty"),
        ("  ", "t.csv:3:6: promoters is empty"),
        (
            '"1,200"',
            "t.csv:3:6: promoters: expected a number, got '1,200'; write 1200 or 1_200, or 1.200 if the comma is a decimal one",
        ),
        ('"12,5"', "t.csv:3:6: promoters: expected a number, got '12,5'; write 12.5"),
        ("5%", "t.csv:3:6: promoters: expected a number, got '5%'; write 5 without the percent sign"),
        ("n/a", "t.csv:3:6: promoters: expected a number, got 'n/a'; numbers are like 12, -0.5, 1_000 or 1e3"),
        ("€ 5", "t.csv:3:6: promoters: expected a number, got '€ 5'; write 5 alone"),
        ("-3", "t.csv:3:6: promoters is a number of things, and -3 is below 0"),
        (
            "1,2",
            "t.csv:3: the row has 5 cells, and the header 4; a cell with a comma in it needs quotation marks around it",
        ),
        ("11", "110 is above 100; the inputs cannot all be right"),
    ],
)
def test_a_row_without_a_result_keeps_its_place_and_says_why(cell: str, why: str, run: Run, file) -> None:
    file(f"k,promoters,detractors,responses\nbefo,6,1,10\n now,{cell},0,10\nafter,6,1,10\n")
    ran = run("calc nps --data t.csv")
    assert ran.code == 1
    assert ran.out == f"befo\t50\t-\t-\nnow\t-\t-\t{why}\nafter\t50\t-\t-\n"
    assert ran.err == f"csterms: 1 of 3 rows lack a result; the first is now: {why}\n"
    results = [row["results"][0] for row in json.loads(run("calc nps --data t.csv -f json").out)["rows"]]
    assert [(each["value"], each["why"]) for each in results] == [(50, None), (None, why), (50, None)]
    page = " ".join(run("calc nps --data t.csv -f table").out.split())
    assert "▄\N{MULTIPLICATION SIGN}▄" in page
    assert f"- now: {why}" in page


def test_a_reading_without_a_result_leaves_the_others_theirs(run: Run, file) -> None:
    file("month,starting_mrr,expansion_mrr,contraction_mrr,churned_mrr\nJan,100,20,,10\nFeb,0,1,1,1\n")
    ran = run("calc nrr --data t.csv")
    assert ran.code == 1
    first, second = records(ran.out)
    assert first[:6] == ["Jan", "-", "110", "-", "-", "-"]
    assert first[6].startswith("Plain, Totango's, with renewals")
    assert first[6].endswith("t.csv:2:12: contraction_mrr is empty")
    assert second == ["Feb", "-", "-", "-", "-", "-", "it divides by zero"]


def test_groups_are_cases(run: Run, file) -> None:
    rows = [
        "tickets_received,month,response_minutes",
        "2,Jan,10",
        "1,Feb,7",
        "2,Jan,20.5",
        "3,Mar,1",
        "4,Mar,1",
        "1,Apr,x",
    ]
    file("\n".join(rows))
    ran = run("calc average-response-time --data t.csv --by month --header")
    head, *found = records(ran.out)
    assert head[:4] == ["month", "Over all replies", "Median of all replies", "Over tickets"]
    assert [row[:4] for row in found] == [
        ["Jan", "15.25", "15.25", "15.25"],
        ["Feb", "7", "7", "7"],
        ["Mar", "1", "1", "-"],
        ["Apr", "-", "-", "-"],
    ]
    assert found[2][-1] == "Over tickets: t.csv:6:1: tickets_received has to be the same in all of 'Mar'; got 4 after 3"
    assert "t.csv:7:7: response_minutes: expected a number, got 'x'" in found[3][-1]
    assert ran.code == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "calc nps --data t.csv",
            "are not enough for any reading of Net Promoter Score; missing are\n  Promoters less detractors: detractors, responses\nits columns are 'promoters', 'detractor', 'k'; say which is meant, as in detractors='detractor'",
        ),
        (
            "calc nps --data t.csv detractors=detracter",
            "t.csv has no column 'detracter'; did you mean 'detractor'?\nits columns are 'promoters', 'detractor', 'k'",
        ),
        ("calc nps --data t.csv detracters=k", "there is no input 'detracters'\ndid you mean 'detractors'?"),
        ("calc nps --data t.csv detractors", "expected NAME=VALUE, got 'detractors'"),
        (
            "calc nps --data t.csv detractors=detractor responses=-5",
            "responses is a number of things, and -5 is below 0",
        ),
        (
            "calc nps --data t.csv detractors=detractor responses=1,0",
            "responses: expected a number, got '1,0'\nwrite 1.0",
        ),
        ("calc nps --data t.csv detractors=k responses=k --label mnth", "t.csv has no column 'mnth'"),
        (
            "calc frt --data t.csv first_response_minutes=k",
            "first_response_minutes is a series, and a row has one number of it\n--by COLUMN",
        ),
        ("calc nps --data absent.csv", "absent.csv cannot be read: No such file or directory"),
        ("calc nps --data .", ". cannot be read: Is a directory"),
        ("calc nps --data t.csv --by k --label k", "--by and --label cannot both be given"),
        ("calc nps --data ''", "'' is not a file name"),
        ("calc nps --data empty.csv", "empty.csv is empty\nexpected a header"),
        ("calc nps --data utf16.csv", "utf16.csv is not UTF-8 text\nsave it as CSV UTF-8"),
        ("calc nps --by k promoters=1", "it names a column of a table; say which with --data FILE"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_before_anything_is_printed(line: str, message: str, run: Run, file) -> None:
    file("promoters,detractor,k\n1,2,3\n")
    file("\n\n", "empty.csv")
    Path("utf16.csv").write_text("promoters,k\n1,2\n", encoding="utf-16")
    ran = run(line)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_an_open_quotation_mark_is_found(run: Run, file, monkeypatch) -> None:
    file('k,promoters,detractors,responses\na,6,1,10\nb,"6,1,10\nc,6,1,10\n')
    ran = run("calc nps --data t.csv")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "a\t50\t-\t-")
    assert "t.csv:3: the row has 2 cells, and the header 4; is a quotation mark left open?" in ran.err
    file('k,promoters,detractors,responses\na,6,1,10\nb,"' + "6,1,10\n" * 20_000)
    ran = run("calc nps --data t.csv")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "a\t50\t-\t-")
    assert "t.csv:3: the row has 2 cells, and the header 4; is a quotation mark left open?" in ran.err
    monkeypatch.setattr("cs_terms.tables.MOST_LETTERS", 100_000)
    ran = run("calc nps --data t.csv")
    assert ran.code == 2
    assert "t.csv:3: a cell of this row has more than 100,000 characters\nis a quotation mark left open?" in ran.err
    ran = run("calc nps --data t.csv -f json")
    assert ran.code == 2
    assert [each["label"] for each in json.loads(ran.out)["rows"]] == ["a"]
    assert json.loads(ran.err)["error"]["message"].startswith("t.csv:3: a cell")
    assert run("calc nps --data t.csv -o kept.csv").code == 2
    assert not list(Path.cwd().glob("kept*"))


@pytest.mark.parametrize(
    "line",
    [
        "calc nps --data t.csv -o t.csv",
        "calc nps --data t.csv -o link.csv",
        "calc nps --data ./t.csv -f json -o ../here/t.csv",
        "calc nps promoters=@t.csv:promoters detractors=1 responses=10 -o t.csv",
        "calc nps promoters=@numbers.txt detractors=1 responses=10 -o numbers.txt",
    ],
)
def test_the_file_that_is_read_is_never_written_over(line: str, run: Run, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("t.csv").write_text("k,promoters,detractors,responses\na,6,1,10\n")
    Path("numbers.txt").write_text("6\n")
    Path("link.csv").symlink_to("t.csv")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    ran = run(line)
    assert (ran.code, ran.out) == (2, "")
    assert "is the file that is read" in ran.err
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert Path("link.csv").is_symlink()


@pytest.mark.parametrize("form", ["tsv", "csv", "json", "table"])
def test_a_cell_may_be_long(form: str, run: Run, file) -> None:
    file(f"k,promoters,detractors,responses,text\na,6,1,10,b\nb,6,1,10,{'x' * 140_000}\nc,6,1,10,d\n")
    ran = run(f"calc nps --data t.csv -f {form}")
    assert (ran.code, ran.err) == (0, "")
    assert form != "json" or len(json.loads(ran.out)["rows"]) == 3


def test_a_row_without_its_group_is_a_case_of_its_own(run: Run, file) -> None:
    file("first_response_minutes,note,month\n1,a,Jan\n2,b\n3,c,\n5,d,Jan\n6,e\n7,f,\n")
    ran = run("calc frt --data t.csv --by month --reading mean")
    why = "t.csv:{}: the row has 2 cells, and the header 3; a cell with a comma in it needs quotation marks around it"
    assert [line.split("\t") for line in ran.out.splitlines()] == [
        ["Jan", "3", "-", "-"],
        ["row 2", "-", "-", why.format(3)],
        ["-", "5", "-", "-"],
        ["row 5", "-", "-", why.format(6)],
    ]
    assert ran.err == f"csterms: 2 of 4 rows lack a result; the first is row 2: {why.format(3)}\n"


def test_a_row_without_a_name_is_called_by_its_number(run: Run, file) -> None:
    file("k,promoters,detractors,responses\na,6,1,10\n,6,1,0\n")
    assert run("calc nps --data t.csv").err.endswith("the first is row 2: it divides by zero\n")
    assert run("calc nps --data t.csv --by k").err.endswith("the first is (no name): it divides by zero\n")


@pytest.mark.parametrize("name", ["why", "spread", "Promoters less detractors"])
def test_no_two_columns_of_the_records_are_called_the_same(name: str, run: Run, file) -> None:
    file(f"{name},promoters,detractors,responses\na,6,1,10\n")
    head = run("calc nps --data t.csv -f csv").out.splitlines()[0].split(",")
    assert head == [f"{name}_label", "Promoters less detractors", "spread", "why"]
    with Glossary() as glossary:
        assert glossary.over("nps", [{name: "a", "promoters": 6, "detractors": 1, "responses": 10}]).records() == [
            dict(zip(head, ("a", "50", "", ""), strict=True))
        ]


def test_a_line_of_blanks_is_no_row(run: Run, file) -> None:
    file("k,promoters,detractors,responses\n  \na,6,1,10\n\t\n\n")
    ran = run("calc nps --data t.csv")
    assert (ran.code, ran.out, ran.err) == (0, "a\t50\t-\t-\n", "")


def test_what_is_no_utf_8_costs_no_other_row(run: Run, file) -> None:
    Path(file("")).write_bytes(b"k,promoters,detractors,responses\nM\xe4rz,6,1,10\nApril,\xff,1,10\n")
    ran = run("calc nps --data t.csv")
    assert ran.out.splitlines()[0] == "M\\xe4rz\t50\t-\t-"
    said = "csterms: t.csv is not UTF-8; letters that could not be read are written as escapes\n"
    assert ran.err.startswith(said)
    assert ran.err.count("UTF-8") == 1
    Path("t.csv").write_bytes(b"K\xf6,promoters,detractors,responses\nMay,6,1,10\n")
    for form in ("tsv", "csv", "json", "table", "markdown"):
        assert run(f"calc nps --data t.csv -f {form}").err == said
    file("k,promoters,detractors,responses\nM\xe4rz \\xe4,6,1,10\n")
    assert run("calc nps --data t.csv").err == ""
    assert "t.csv:3:7: promoters: expected a number, got '\\\\xff'" in ran.out


def test_a_long_table_leaves_out_and_says_so(run: Run, file) -> None:
    file("k,promoters,detractors,responses\n" + "".join(f"r{each},{each % 7},1,10\n" for each in range(450)))
    page = run("calc nps --data t.csv -f table").out
    assert "50 more rows: -f csv and -f json have them all" in page
    assert "▁" not in page
    assert len(run("calc nps --data t.csv").out.splitlines()) == 450


def test_an_empty_table_is_said_to_be_one(run: Run, file) -> None:
    ran = run(f"calc nps --data {file('promoters,detractors,responses')}")
    assert (ran.code, ran.out, ran.err) == (0, "", "csterms: the table has a header and no rows\n")
    assert json.loads(run("calc nps --data t.csv -f json").out)["rows"] == []
    assert run("calc nps --data t.csv -f table").out == "Nothing is said.\n"


def test_bars_are_ascii_where_the_encoding_has_no_blocks(shell, file) -> None:
    path = Path(file(NRR)).resolve()
    ran = shell(f"csterms calc nrr --data {path} -f table", PYTHONIOENCODING="ascii", COLUMNS="80")
    assert ran.code == 0
    assert "#_~" in ran.out


def test_rows_are_written_as_they_are_read(monkeypatch) -> None:
    """A reader that goes away after a row has that row: nothing waits for the end of the table."""

    class Endless(io.StringIO):
        lines = 0

        def __next__(self) -> str:
            self.lines += 1
            return f"r{self.lines},6,1,10\n"

        def readline(self, size: int = -1) -> str:  # noqa: ARG002
            return "k,promoters,detractors,responses\n"

    for form in ("tsv", "csv", "json"):
        monkeypatch.setattr("sys.stdin", Endless())
        with Glossary() as glossary:
            parts = FORMATS[form](glossary.over("nps", "-"), io.StringIO())
            assert any("50" in next(parts) for _ in range(3)), form


@given(
    formulas,
    st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)), min_size=1, max_size=4),
    st.integers(0, 8) | st.none(),
)
@settings(max_examples=200)
def test_a_row_comes_to_what_a_formula_comes_to(written, rows, digits) -> None:
    """What is compiled for a million rows is as exact as what is worked out step by step, and has no result where that has none."""
    text, _ = written
    formula = parse(text)
    if not formula.names:
        return
    rows = [{name: Fraction(round(value * 100), 100) for name, value in row.items()} for row in rows]
    metric = Metric("m", readings=(Reading("It", text, {name: Input(name) for name in NAMES}),))
    table = frame([{name: str(float(value)) for name, value in row.items()} for row in rows])
    cases = Worker(bind(metric, metric.readings, metric.readings, table, (), None, None), metric, digits).cases(
        table, table.rows()
    )
    for row, case in zip(rows, cases, strict=True):
        try:
            value = evaluate(formula, row)
            expected = rounded(value if digits is None else round(value, digits))
        except NoResultError as error:
            expected = str(error)
        result = case.results[0]
        assert (result.value if result.why is None else result.why) == expected


@given(st.fractions() | st.fractions(-1, 1, max_denominator=10**15))
def test_a_ratio_is_rounded_as_decimals_are(value: Fraction) -> None:
    digits = max(12, len(str(abs(value.numerator) // value.denominator)) + 2)
    expected = Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
    assert Decimal(round_ratio(value.numerator, value.denominator)) == expected
    assert not round_ratio(value.numerator, value.denominator).endswith((".", "-0"))


LIST = [{"month": "Jan", "p": 6, "detractors": 1.0}, {"month": "Feb", "p": Decimal("7.5"), "detractors": None}]


def test_rows_of_python_are_a_table_too() -> None:
    with Glossary() as glossary:
        nps = glossary.metrics["nps"]
        answer = nps.over(LIST, promoters="p", responses=10)
        assert answer.columns() == {"Promoters less detractors": [Decimal(50), None]} == answer.columns()
        assert answer.to_dict()["rows"][1]["results"][0]["why"] == "row 2, 'detractors': detractors is empty"
        assert [each["month"] for each in answer.records()] == ["Jan", "Feb"]
        assert "Feb" in str(answer)
        columns = {key: [row[key] for row in LIST] for key in LIST[0]}
        assert nps.over(columns, promoters="p", responses=10).columns() == answer.columns()
        third = nps.over([{"promoters": Fraction(1, 3), "detractors": 0, "responses": 1}], digits=3).columns()
        assert third == {"Promoters less detractors": [Decimal("33.333")]}
        frt = glossary.metrics["frt"].over(
            {"day": ["a", "a", "b"], "first_response_minutes": [1, 2, 6]}, "mean", by="day"
        )
        assert frt.columns() == {"Mean": [Decimal("1.5"), 6]}


def test_a_data_frame_s_columns_feed_the_readings() -> None:
    pandas = pytest.importorskip("pandas")
    data = pandas.DataFrame(
        {"month": ["Jan", "Feb"], "promoters": [6, 7], "detractors": [1, None], "responses": [10, 10]}
    )
    with Glossary() as glossary:
        found = glossary.metrics["nps"].over(data)
        assert found.columns() == {"Promoters less detractors": [Decimal(50), None]}
        assert list(data.assign(**found.columns())["Promoters less detractors"]) == [Decimal(50), None]


@pytest.mark.parametrize("digits", ["2", 99, -1, 1.0, True])
def test_digits_are_a_whole_number_of_a_size(digits) -> None:
    with Glossary() as glossary:
        for call in (
            lambda: glossary.over("nps", LIST, {"promoters": "p", "responses": 10}, digits=digits),
            lambda: glossary.calc("nps", {"promoters": 6, "detractors": 1, "responses": 10}, digits=digits),
        ):
            with pytest.raises(CstermsError, match="digits: expected a whole number, got") as raised:
                call()
            assert raised.value.code == 2


@pytest.mark.parametrize(
    "rows", [3, None, {"promoters": 5}, {"promoters": "567"}, "", "absent.csv", [1, 2], {"a": [1], "b": []}, [{"x": 1}]]
)
def test_what_is_no_table_is_said_to_be_none(rows) -> None:
    with Glossary() as glossary, pytest.raises(CstermsError) as raised:
        glossary.over("nps", rows)
    assert raised.value.code == 2


def test_the_python_of_the_guide_to_numbers_does_what_it_says(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "numbers.md"), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_reading_a_table_leaves_the_program_s_own_limit_of_cells(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "long.csv"
    table.write_text(f"note,promoters,detractors,responses\n{'a' * 200_000},5,2,10\n", encoding="utf-8")
    before = csv.field_size_limit()
    assert run(f"calc nps --data {table}").code == 0
    assert csv.field_size_limit() == before
