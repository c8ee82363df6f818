"""The formats: their columns and keys are public, and what one says the others say too."""

import csv
import io
import json
import re

import pytest
from conftest import Run

COLUMNS = {
    "compare success support": "row,success,support",
    "compare service --by source": "row,uprighte,askhandle,veemo,happyfox",
    "metrics cx": "term,id,name,abbreviations,unit,better,sources",
    "metrics": "term,id,name,abbreviations,unit,better,sources",
    "list": "kind,id,name,abbreviations",
    "show nps": "kind,id,field,value,sources",
    "disputes": "kind,subject,aspect,position,sources",
    "search nps": "kind,id,name,matched",
    "calc nps promoters=1 detractors=0 responses=2": "reading,value,unit,formula,sources",
}


@pytest.mark.parametrize(("line", "header"), COLUMNS.items())
def test_columns_of_csv_and_tsv(line: str, header: str, run: Run) -> None:
    text = run(f"{line} -f csv").out
    assert text.startswith(f"{header}\r\n")
    first, *rows = list(csv.reader(io.StringIO(text)))
    assert rows
    assert all(len(row) == len(first) for row in rows)
    records = [record.split("\t") for record in run(f"{line} -f tsv").out.splitlines()]
    assert [[field if field != "-" else "" for field in record] for record in records] == [
        [field.removeprefix("'") for field in row] for row in rows
    ]
    assert all(field for record in records for field in record)


CITE = {"id", "at", "as"}
SOURCE = {"id", "title", "publisher", "url", "date"}
CLAIM = {"value", "text", "sources", "note"}
KEYS = {
    "compare success support": {
        "": {"terms", "aspects", "metrics", "together", "sources"},
        "terms": {"id", "name", "definition", "broader"},
        "terms.definition": CLAIM,
        "terms.definition.sources": CITE,
        "aspects": {"id", "name", "question", "also_called", "values", "differs", "cells"},
        "aspects.cells.success": {"contested", "claims"},
        "aspects.cells.support.claims": CLAIM,
        "metrics": {"id", "name", "cells"},
        "metrics.cells": {"success", "support"},
        "together": {"terms", "value", "text", "sources"},
        "sources": SOURCE,
    },
    "compare service --by source": {
        "": {"term", "aspects", "metrics", "together", "sources"},
        "term": {"id", "name"},
        "aspects.cells": {"uprighte", "askhandle", "veemo", "happyfox"},
        "metrics.cells": {"uprighte", "askhandle", "veemo", "happyfox"},
    },
    "metrics cx": {
        "": {"terms", "sources"},
        "terms": {"id", "name", "metrics"},
        "terms.metrics": {"id", "name", "abbreviations", "unit", "better", "formula", "sources", "also_measures"},
        "terms.metrics.sources": CITE,
    },
    "show service": {
        "entries": {
            *("kind", "id", "name", "abbreviations", "also_called", "names", "definition"),
            *("broader", "aspects", "metrics", "note"),
        },
        "entries.aspects.approach": CLAIM,
        "entries.names": {"label", "sources"},
    },
    "show nps": {
        "entries": {
            *("kind", "id", "name", "abbreviations", "also_called", "definition", "unit", "range", "better"),
            *("pitfalls", "readings", "unverified", "note", "measures"),
        },
        "entries.readings": {"name", "formula", "inputs", "unit", "range", "example", "sources", "unverified", "note"},
        "entries.readings.inputs.promoters": {"meaning", "unit"},
        "entries.readings.example": {"inputs", "result"},
        "entries.measures.support": CITE,
    },
    "show approach": {"entries": {"kind", "id", "name", "question", "also_called", "values", "note"}},
    "show happyfox": {"entries": {"kind", "id", "name", "title", "publisher", "url", "date", "note"}},
    "list": {"entries": {"kind", "id", "name", "abbreviations", "also_called"}},
    "search nps": {"entries": {"kind", "id", "name", "matched", "score"}},
    "disputes": {
        "aspects": {"term", "aspect", "positions"},
        "aspects.positions": {"value", "sources"},
        "metrics": {"metric", "positions"},
        "metrics.positions": {"term", "sources"},
    },
    "calc nps promoters=1 detractors=0 responses=2": {
        "": {"metric", "unit", "better", "results", "needs", "spread"},
        "results": {"reading", "formula", "value", "unit", "sources", "note"},
    },
    "calc nrr starting_mrr=1 expansion_mrr=1 contraction_mrr=0 churned_mrr=0": {
        "needs": {"reading", "inputs"},
        "spread": {"unit", "lowest", "highest"},
    },
    "check definitions": {"problems": {"path", "line", "column", "rule", "severity", "message", "excerpt"}},
}


def at(answer, path: str):
    """What stands at a path of keys, through lists."""
    found = [answer]
    for key in filter(None, path.split(".")):
        found = [each[key] for each in found]
        found = [item for each in found for item in (each if isinstance(each, list) else [each])]
    return found


@pytest.mark.parametrize(("line", "paths"), KEYS.items())
def test_keys_of_json(line: str, paths: dict[str, set[str]], run: Run) -> None:
    answer = json.loads(run(f"{line} -f json").out)
    for path, keys in paths.items():
        found = at(answer, path)
        assert found, path
        for each in found:
            assert keys <= each.keys(), path


def test_every_compared_term_has_a_cell_in_every_row(run: Run) -> None:
    answer = json.loads(run("compare success support service experience -f json").out)
    for row in (*answer["aspects"], *answer["metrics"]):
        assert row["cells"].keys() == {"success", "support", "service", "experience"}


def test_a_key_without_a_value_is_null_or_empty(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: {name: A}}\nsources: {s: {title: S}}\nmetrics: {m: {name: M}}")
    term, source, metric = json.loads(run(f"show a s m --no-builtin -D {tmp_path} -f json").out)["entries"]
    assert (term["abbreviations"], term["definition"], term["broader"], term["aspects"], term["note"]) == (
        [],
        [],
        {},
        {},
        None,
    )
    assert (source["publisher"], source["url"], source["date"]) == (None, None, None)
    assert (metric["unit"], metric["range"], metric["readings"], metric["measures"]) == (None, None, [], {})


def test_csv_opens_in_a_spreadsheet_without_running_a_formula(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(
        "metrics: {m: {name: =1+1, unit: '@x', abbreviations: ['-2+3', '+4'], note: ' =x',"
        " readings: [{name: r, formula: -x, inputs: {x: y}}]}}"
    )
    rows = list(csv.reader(io.StringIO(run(f"show m --no-builtin -D {tmp_path} -f csv").out)))
    assert not [field for row in rows for field in row if field.lstrip()[:1] in ("=", "+", "-", "@")]
    value = list(csv.reader(io.StringIO(run(f"calc m x=5 --no-builtin -D {tmp_path} -f csv").out)))[1][1]
    assert value == "-5"


def test_claims_that_nobody_is_cited_for_say_so(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(
        "terms: {a: {name: A, definition: mine, metrics: [m]}, b: {name: B, definition: x}}\nmetrics: {m: {name: M}}"
    )
    for form in ("table", "tsv", "markdown", "csv"):
        out = run(f"compare a b --full --no-builtin -D {tmp_path} -f {form}").out
        assert out.replace("*", "").count("(no source)") == 3, form


@pytest.mark.parametrize("depth", ["", "--full"])
def test_markdown_is_github_s(depth: str, run: Run) -> None:
    out = run(f"compare service support -f markdown {depth}").out
    title, head, rule, *rows = [line for line in out.splitlines() if line.startswith(("|", "### "))]
    assert title == "### Customer Service and Customer Support"
    assert head == "|  | Customer Service | Customer Support |"
    assert rule == "| --- | --- | --- |"
    assert all(row.replace("\\|", "").count("|") == 4 for row in rows if row.startswith("|"))
    assert max(row.count("<br>") for row in rows) < 12
    cited = set(re.findall(r"\[\^([a-z0-9]+)\](?!:)", out))
    explained = re.findall(r"^\[\^([a-z0-9]+)\]:", out, re.MULTILINE)
    assert sorted(cited) == sorted(explained)
    assert cited == ({"uprighte", "askhandle", "veemo", "b2bdaily", "happyfox"} if depth else {"uprighte"})


def test_brief_prints_values_alone(run: Run) -> None:
    for form in ("table", "tsv", "markdown"):
        out = run(f"compare service support -a approach --brief -f {form}").out
        assert "uprighte" not in out
        assert "Acts on problems" not in out
        assert "reactive" in out
