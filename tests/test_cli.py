"""From a command line to an exit code, standard output and standard error."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run

from cs_terms import __version__

CASES = [
    # command line, code, what standard output holds, what standard error holds
    ("", 2, "", "Usage: csterms"),
    ("--version", 0, f"csterms {__version__}\n", ""),
    ("compare success support", 0, "\napproach\tproactive", ""),
    (
        "compare success",
        2,
        "",
        "takes two terms or more, got 1\nname another term, or see what each source says of it: csterms compare success --by source",
    ),
    ("compare success support --by source", 2, "", "--by source takes one term, got 2"),
    ("compare success --by sauce", 2, "", "'sauce'; expected source; did you mean 'source'?\n"),
    ("compare success --by ''", 2, "", "''; expected source\n"),
    ("list ''", 2, "", "''; expected terms, metrics, aspects, sources\n"),
    ("list -f ''", 2, "", "''; expected table, json, csv, tsv, markdown\n"),
    ("list -D ''", 3, "", "'': cannot be opened"),
    ("--version list terms", 0, "/definitions (shipped)\n", ""),
    (
        "compare success nps",
        1,
        "",
        "'nps' is no term; it is the metric 'net-promoter-score'\ncsterms show net-promoter-score",
    ),
    ("compare sucess support", 1, "", "did you mean success?"),
    ("compare xyzzy support", 1, "", "csterms list terms prints all names"),
    ("compare CS support", 4, "", "success  Customer Success (term)"),
    ("compare cs support -s uprighte", 0, "[uprighte]", ""),
    ("compare success support -a aproach", 1, "", "did you mean approach"),
    ("compare success support -s happyfx", 1, "", "did you mean happyfox?"),
    ("compare success support -f xml", 2, "", "expected table, json, csv, tsv, markdown"),
    ("compare success support --diffs", 2, "", "--differences"),
    ("metrics nosuch", 1, "", "no term is called 'nosuch'"),
    ("metrics cx -D ABSENT", 3, "", "/absent: cannot be opened: No such file or directory"),
    ("show metric", 1, "", "no entry is called 'metric'\ndid you mean measurement or metricnet or metrickit?"),
    ("show", 2, "", "csterms show --help shows how it is used"),
    ("show relationship -s veemo", 0, "aspect\trelationship\tname\tRelationship\t-\n", ""),
    ("show Strategy", 4, "", "approach  Approach (aspect, as veemo uses it)"),
    ("list metric", 2, "", "did you mean 'metrics'?"),
    ("list sources -s happyfox -s veemo", 0, "source\tveemo\tCustomer Success vs", ""),
    ("list terms -s askhandle", 0, "term\tservice\tCustomer Service\t-\nterm\tsuccess\tCustomer Success\tCS\n", ""),
    ("list metrics -s askhandle", 0, "", ""),
    ("show cx", 0, "\tabbreviations.at\tCX and CS; Conclusion\tuprighte\n", ""),
    ("show service", 0, "\tmetrics.average-response-time.as\tresponse time\tuprighte\n", ""),
    ("show nps -s uprighte -f table", 0, "published by bain, dela, retently alone", ""),
    ("search wait queue", 0, "\tname: Total wait time; text: Time in the queue\n", ""),
    ("show custmer", 1, "", "no entry is called 'custmer'\ncsterms list prints all names"),
    ("search support", 0, "term\tsupport\tCustomer Support\tname: Customer Support\nmetric\t", ""),
    ("search CS", 0, "term\tservice\tCustomer Service\tabbreviation: CS\nterm\tsuccess\t", ""),
    ("show Strategy -s happyfox", 4, "", "'Strategy' means 2 things"),
    ("list -f", 2, "", "Option '-f' requires an argument.\ncsterms --help shows how it is used\n"),
    ("list -f JSON", 2, "", "did you mean 'json'?"),
    ("compare experience support -s askhandle -f table", 0, "Nothing is said.\n", ""),
    ("metrics --no-builtin -f markdown", 0, "*Nothing is said.*\n", ""),
    ("search ,,", 2, "", "give letters or digits to search for"),
    ("search retention csat", 1, "", "try fewer or shorter words"),
    ("search baremetrics retention", 0, "source\tbaremetrics\tNEW METRIC: Net Revenue Retention\ttext: ", ""),
    ("search nps -s happyfox", 0, "metric\tnet-promoter-score\tNet Promoter Score\tabbreviation: NPS\n", ""),
    ("disputes success", 0, "metric\tupsell-opportunities\t-\tservice\thappyfox\n", ""),
    ("check ABSENT", 3, "", "/absent: cannot be opened"),
    ("check", 2, "", 'as in csterms check glossary/, or a csterms.toml with definitions = ["glossary/"]'),
    ("check --no-builtin definitions --strict", 0, "files checked: 0 errors, 0 warnings, 3 notes\n", ""),
    ("check -f yaml", 2, "", "expected text, json, github"),
    ("compare \udcff support", 1, "", "no term is called '\\\\udcff'"),
    ("chekc", 2, "", "No such command 'chekc'"),
    ("-D glossary list", 2, "", "the options of a command come after it, as in csterms list -D PATH"),
]


@pytest.mark.parametrize(("line", "code", "out", "err"), CASES, ids=[case[0] or "nothing" for case in CASES])
def test_command_line(line: str, code: int, out: str, err: str, run: Run, tmp_path: Path) -> None:
    ran = run(line.replace("ABSENT", f"{tmp_path}/absent")) if line else run(*[])
    assert ran.code == code
    assert out in ran.out if out else ran.out == ""
    assert err in ran.err if err else ran.err == ""


@pytest.mark.parametrize(
    "line", [case[0] for case in CASES if case[1] not in (0, 3) and case[0] and "-f" not in case[0]]
)
def test_failures_are_json_where_json_is_asked_for(line: str, run: Run) -> None:
    plain, ran = run(line), run(f"{line} -f json")
    assert (ran.code, ran.out) == (plain.code, "")
    error = json.loads(ran.err)["error"]
    assert error["code"] == ran.code
    assert error["message"] in plain.err
    assert {key for each in error["candidates"] for key in each} <= {"kind", "id", "name"}


def test_an_ambiguous_name_lists_its_senses(run: Run) -> None:
    error = json.loads(run("show CS -f json").err)["error"]
    assert {each["id"] for each in error["candidates"]} == {"success", "support", "service"}


def test_only_a_source_means_its_words_and_its_citations_alone(run: Run) -> None:
    answer = run("compare service support -s happyfox -f json").out
    assert set(re.findall('"id": "(uprighte|askhandle|veemo|b2bdaily|happyfox)"', answer)) == {"happyfox"}
    both = json.loads(run("compare service support -s happyfox -s veemo -a approach -f json").out)
    assert both["aspects"][0]["cells"]["service"]["contested"] is True


def test_aspects_chosen_come_alone(run: Run) -> None:
    answer = json.loads(run("compare success support -a revenue -a Timeline -f json").out)
    assert [row["id"] for row in answer["aspects"]] == ["revenue", "timeline"]
    assert [term["definition"] for term in answer["terms"]] == [[], []]
    assert (answer["metrics"], answer["together"]) == ([], [])


def test_differences_keeps_the_rows_that_differ(run: Run) -> None:
    every = json.loads(run("compare success support -f json").out)
    kept = json.loads(run("compare success support --differences -f json").out)
    assert [row["id"] for row in kept["aspects"]] == [row["id"] for row in every["aspects"] if row["differs"]]
    assert all(len(row["measures"]) < 2 for row in kept["metrics"])


def test_module_and_command_are_the_same() -> None:
    command = [sys.executable, "-m", "cs_terms", "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"csterms {__version__}\n")
