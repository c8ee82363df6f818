"""The README, the guides in docs/ and what csterms does are the same.

Every console block is run: what follows a command in it is what the command prints. UPDATE_GOLDEN=1 writes it anew.
"""

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Ran, Run

from cs_terms import errors

GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCRIPTS = ROOT / "docs" / "scripts.md"
BLOCKS = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMANDS = re.compile(r"^\$ (.*(?:\n> .*)*)\n", re.MULTILINE)


def transcript(block: str, run: Run, shell: Callable[..., Ran]) -> str:
    """The block as it should read: its commands, each followed by what it prints now."""
    said = ""
    for command, before in re.findall(COMMANDS.pattern + r"((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        said += f"$ {command}\n"
        if "| jq" in command and not shutil.which("jq"):
            said += before
            continue
        in_a_pipe = "|" in command
        ran = shell(command.replace("\n> ", "\n")) if in_a_pipe else run(command.removeprefix("csterms "))
        said += ran.out + ran.err
    return said


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_console_examples_print_what_the_guide_says(
    guide: Path, run: Run, shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_terms.options.default_format", lambda _: "table")  # as at a terminal
    text = guide.read_text(encoding="utf-8")
    blocks = BLOCKS.findall(text)
    now = [transcript(block, run, shell) for block in blocks]
    if "UPDATE_GOLDEN" in os.environ:
        fresh = iter(now)
        guide.write_text(BLOCKS.sub(lambda _: f"```console\n{next(fresh)}```", text), encoding="utf-8")
    assert blocks == now


def test_the_readme_and_the_guide_to_scripts_have_examples() -> None:
    assert len(BLOCKS.findall(GUIDES[0].read_text(encoding="utf-8"))) >= 8
    assert BLOCKS.findall(SCRIPTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_in_the_text_is_one(
    guide: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands in tables and running text are accepted and answered."""
    text = BLOCKS.sub("", guide.read_text(encoding="utf-8"))
    commands = {each for each in re.findall(r"`csterms ([a-z][^`]*)`", text) if not re.search("[A-Z]{4}", each)}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))  # what mcp reads
    (tmp_path / "glossary").mkdir()
    for command in sorted(commands - {"check"}, key=lambda each: "init" not in each):  # what check takes is said beside
        assert run(command).code == 0, command


def rows(heading: str) -> list[list[str]]:
    """The rows of the guide's table with that heading."""
    _, _, table = SCRIPTS.read_text(encoding="utf-8").partition(f"| {heading} |")
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.partition("\n\n")[0].split("\n")[2:]
    ]


EXAMPLES = {
    "compare": ["compare success support", "compare service experience --brief", "compare cx cs -s uprighte"],
    "compare --by source": ["compare service --by source"],
    "metrics": ["metrics", "metrics cx"],
    "show": ["show success approach happyfox nps", "show health-score"],
    "list": ["list", "list aspects"],
    "search": ["search nps", "search wait"],
    "disputes": ["disputes", "disputes success"],
    "calc": [
        "calc nps promoters=120 detractors=30 responses=200",
        "calc nrr starting_mrr=100 expansion_mrr=20 contraction_mrr=5 churned_mrr=10",
        "calc frt first_response_minutes=1,2,30 answered_within_target=0 tickets=0",
    ],
    "calc --data": ["calc nrr --data docs/nrr.csv", "calc frt --data docs/tickets.csv --by month"],
    "claims": ["claims", "claims cx"],
    "check": ["check definitions", "check tests/bad_definitions/syntax.yaml"],
    "failure": ["show CS", "show nosuch", "list -D tests/bad_definitions/syntax.yaml"],
}


def test_columns_are_those_that_the_guide_lists(run: Run) -> None:
    listed = {command.strip("`"): columns.split(", ") for command, columns in rows("command")}
    assert set(listed) == set(EXAMPLES) - {"compare --by source", "check", "failure"}
    for command, columns in listed.items():
        for example in EXAMPLES[command]:
            header = next(csv.reader(run(f"{example} -f csv").out.splitlines()))
            compared = json.loads(run(f"{example} -f json").out)["terms"] if command == "compare" else []
            if command == "calc --data":
                readings = json.loads(run(f"{example} -f json").out)["readings"]
                assert header == ["month", *(each["reading"] for each in readings), "spread", "why"]
            else:
                assert header == (["row", *(term["id"] for term in compared)] if compared else columns)


def departures(value: object, expected: object, known: dict[str, object], place: str) -> list[str]:
    """Where a value has other keys than it should. Capitals are other shapes, or any key of a mapping."""
    if isinstance(expected, str):
        expected = known[expected]
    if isinstance(expected, list) and isinstance(value, list):
        return [fault for each in value for fault in departures(each, expected[0], known, f"{place}[]")]
    if not isinstance(expected, dict) or value is None:
        return [] if expected is None or value is None else [place]
    if not isinstance(value, dict):
        return [place]
    if len(expected) == 1 and next(iter(expected)).isupper():
        (anything,) = expected.values()
        return [fault for each in value.values() for fault in departures(each, anything, known, f"{place}{{}}")]
    if set(value) != set(expected):
        return [f"{place}: {sorted(set(value) ^ set(expected))}"]
    return [fault for key in value for fault in departures(value[key], expected[key], known, f"{place}.{key}")]


def test_keys_of_the_json_are_those_that_the_guide_lists(run: Run) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", SCRIPTS.read_text(encoding="utf-8"), re.DOTALL)
    known = yaml.safe_load(block)
    for command, examples in EXAMPLES.items():
        for example in examples:
            ran = run(f"{example} -f json")
            answer = json.loads(ran.err if command == "failure" else ran.out)
            assert departures(answer, known[command], known, command) == []
            for entry in answer["entries"] if command == "show" else ():
                assert departures(entry, known[f"show {entry['kind']}"], known, entry["kind"]) == []


def test_exit_codes_are_those_that_the_guide_lists() -> None:
    codes = {value for name, value in vars(errors).items() if name.isupper()}
    assert [int(code) for code, _ in rows("code")] == sorted({0} | codes)
