"""A comparison at first sight: one screen, side by side, counted, and nothing hidden without a word."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from conftest import Run
from rich.cells import cell_len

FUNCTIONS = ("success", "support", "service", "experience")
MOST_LINES = {2: 24, 3: 36, 4: 44}
CHOICES = [terms for count in MOST_LINES for terms in combinations(FUNCTIONS, count)]


@pytest.mark.parametrize("terms", CHOICES, ids=" ".join)
def test_it_fits_one_screen_side_by_side(terms: tuple[str, ...], run: Run) -> None:
    lines = run(f"compare {' '.join(terms)} -f table").out.splitlines()
    assert len(lines) <= MOST_LINES[len(terms)]
    assert max(map(cell_len, lines)) <= 80
    assert lines[0].count("Customer") == len(terms)


def values_of(cell: dict) -> dict[str, int]:
    """How many sources give each value of a cell, by the public JSON."""
    givers: dict[str, set[str]] = {}
    for claim in cell["claims"]:
        givers.setdefault(claim["value"], set()).update(cite["id"] for cite in claim["sources"])
    return {value: len(ids) for value, ids in givers.items()}


@pytest.mark.parametrize("terms", CHOICES, ids=" ".join)
def test_every_key_value_is_shown_with_its_count_or_counted_as_left_out(terms, run: Run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "1200")
    answer = json.loads(run(f"compare {' '.join(terms)} -f json").out)
    table = run(f"compare {' '.join(terms)} -f table").out.splitlines()
    starts = [table[0].index(column["name"]) for column in answer["terms"]]
    keys = [row for row in answer["aspects"] if row["key"]]
    assert 5 <= len(keys) <= 8
    for row in keys:
        (line,) = [line for line in table if line.startswith(f"{row['name']} ")]
        for term, start, end in zip(answer["terms"], starts, [*starts[1:], None], strict=True):
            cell, shown = row["cells"][term["id"]], line[start:end].strip()
            assert shown.startswith("contested: ") is cell["contested"]
            items = shown.removeprefix("contested: ").split(", ") if shown else []
            left = int(items.pop()[1:]) if items and items[-1].startswith("+") else 0
            expected = values_of(cell)
            counts = [int(number) for number in re.findall(r"\((\d+)\)", shown)]
            assert counts == sorted(expected.values(), reverse=True)[: len(counts)]
            assert len(counts) + left == len(expected)
            if row["values"]:
                assert not left


def test_it_says_what_it_leaves_out(run: Run) -> None:
    answer = json.loads(run("compare success support -f json").out)
    hidden = sum(not row["key"] for row in answer["aspects"]) + 1  # and what they are part of
    footer = run("compare success support -f table").out.splitlines()[-1]
    assert footer == f"(n) of 5 sources say so; blank: none does. {hidden} more rows, sentences: --full"


def test_full_begins_with_the_same_rows(run: Run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "180")
    rows = ["Definition", *(row["name"] for row in json.loads(run("compare success service -f json").out)["aspects"])]
    full = run("compare success service --full -f table").out
    shown = re.findall(r"^(\w[\w ]*?)  ", full, re.MULTILINE)
    keys = [row["name"] for row in json.loads(run("compare success service -f json").out)["aspects"] if row["key"]]
    assert shown[: len(keys) + 2] == ["Definition", *keys, "Measured by"]
    assert full.index("Measured by") < full.index("together\n") < full.index("Part of")
    assert set(rows) <= set(shown)


def test_records_and_json_are_complete_at_every_depth(run: Run) -> None:
    for form in ("json", "tsv", "csv"):
        assert run(f"compare success support -f {form}").out == run(f"compare success support --full -f {form}").out


GLOSSARY = """
sources: {s: {title: S}, t: {title: T}}
aspects: {a: {name: Size}, b: {name: Colour, values: [red, blue]}}
terms:
  x:
    name: X
    definition: [{text: First., sources: [s]}, {text: Second., sources: [t]}]
    aspects:
      a: [{value: big, sources: [s, t]}, {text: It grows., sources: [t]}, mine]
      b: [{value: red, sources: [s]}, {value: blue, sources: [t]}]
  y: {name: Y, aspects: {a: small}}
"""


def test_where_no_question_is_a_key_all_are_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GLOSSARY)
    out = run(f"compare x y --no-builtin -D {tmp_path} -f table").out
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert "First. [s] +1" in lines["In short"]
    assert re.search(r"big \(2\), It grows. \(1\), mine +small$", lines["Size"])
    assert "contested: red (1), blue (1)" in lines["Colour"]
    assert out.endswith("(n) of 2 sources say so; blank: none does. Sentences: --full\n")
    by_source = run(f"compare x --by source --no-builtin -D {tmp_path} -f table").out
    assert re.search(r"Colour +red +blue\ncontested", by_source)


def test_claims_that_nobody_is_cited_for_are_records_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GLOSSARY)
    records = json.loads(run(f"claims x --no-builtin -D {tmp_path} -f json").out)["claims"]
    assert [record["text"] for record in records if record["source"] is None] == ["mine"]
    assert len([record for record in records if record["value"] == "big"]) == 2


def test_rows_come_in_the_order_given(run: Run) -> None:
    for given in ("-a revenue,part-of -a definition", "-a 'revenue, Part of,In short,'"):
        records = run(f"compare success support {given}").out.splitlines()
        assert [record.split("\t")[0] for record in records] == ["revenue", "part-of", "definition"]
    rows = {record.split("\t")[0] for record in run("compare success support -a metrics -a together").out.splitlines()}
    assert {row.partition(":")[0] for row in rows} == {"metric", "together"}
    assert "yes" in run("compare success support -a metrics -f table").out
    assert run("compare success support -a nosuch").code == 1


def test_differing_values_come_before_differing_texts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "aspects: {a: {name: Prose}, b: {name: Value}, c: {name: Alike}}\n"
        "terms:\n"
        "  x: {name: X, aspects: {a: one, b: {value: one}, c: {value: same}}}\n"
        "  y: {name: Y, aspects: {a: two, b: {value: two}, c: {value: same}}}\n"
    )
    out = run(f"compare x y --differences --no-builtin -D {tmp_path} -f table").out
    assert out.index("Value") < out.index("Prose")
    assert "Alike" not in out


HINTS = [
    ("compare success success", 2, "Customer Success is named twice", "csterms compare success --by source"),
    ("compare success", 2, "takes two terms or more, got 1", "csterms compare success --by source"),
    ("compare success vs support", 1, "no term is called 'vs'", "did you mean success support ?"),
    ("compare Customer Success", 1, "no term is called 'Customer'", 'did you mean "Customer Success" ?'),
    (
        "compare Customer Success vs. Customer Support",
        1,
        "no term is called 'Customer'",
        'did you mean "Customer Success" "Customer Support" ?',
    ),
    ("compare success, support", 1, "no term is called 'success,'", "did you mean success support ?"),
    ("metrics Customer Success", 1, "no term is called 'Customer'", 'did you mean "Customer Success" ?'),
    ("show Net Promoter Score", 1, "no entry is called 'Net'", 'did you mean "Net Promoter Score" ?'),
    ("compare success support -a ,", 2, "expected the name of a row", "csterms compare --help shows how it is used"),
    (
        "compare success support -a nosuch",
        1,
        "no aspect is called 'nosuch'",
        "definition, part-of, metrics and together",
    ),
]


@pytest.mark.parametrize(("line", "code", "message", "hint"), HINTS, ids=[hint[0] for hint in HINTS])
def test_hints(line: str, code: int, message: str, hint: str, run: Run) -> None:
    ran = run(line)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
    assert hint in ran.err


def test_whatever_a_table_prints_is_a_name(run: Run) -> None:
    for kind in ("metrics", "aspects", "terms"):
        for entry in json.loads(run(f"list {kind} -f json").out)["entries"]:
            printed = entry["name"] + (f" ({', '.join(entry['abbreviations'])})" if entry["abbreviations"] else "")
            for name in (entry["name"], printed):
                ran = run("show", name, "-f", "json")
                if kind == "aspects":  # some are called as a metric or a source is
                    ran = run("compare", "success", "support", "-a", name, "-f", "json")
                    assert [row["id"] for row in json.loads(ran.out)["aspects"]] == [entry["id"]], name
                    continue
                assert ran.code == 0, name
                assert json.loads(ran.out)["entries"][0]["id"] == entry["id"]
    assert run("show", "Resolution time (shared)").code == 0
    assert run("show", "Net Promoter Score (CSAT)").code == 1


def test_a_source_is_found_by_its_id_alone(run: Run) -> None:
    assert run("show", "happyfox").code == 0
    title = "Customer Service Vs Customer Support Vs Customer Success"
    assert run("show", title).code == 1


def test_differences_say_what_they_leave_out(run: Run) -> None:
    out = run("compare service support --differences -f table").out
    assert "Left out: rows alike, and rows of one term only." in out
    assert re.search(r"^Part of +experience", out, re.MULTILINE)
    assert "Measured by, not shared" in out
    assert run("compare service support -a involvement --differences -f table").out == (
        "They differ in no row that all of them have.\n"
    )


def test_by_source_says_of_which_term(run: Run) -> None:
    assert run("compare service --by source -f table").out.startswith("Customer Service, as each source describes it\n")
    assert run("compare service --by source -f markdown").out.startswith("### Customer Service, as each source")


@pytest.mark.parametrize("command", ["metrics", "show", "claims", "disputes"])
def test_what_is_named_twice_is_shown_once(command: str, run: Run) -> None:
    assert run(f"{command} success 'Customer Success' -f json").out == run(f"{command} success -f json").out
