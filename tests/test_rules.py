"""The table of rules: whole, true, and printed as docs/rules.md. UPDATE_GOLDEN=1 writes that page anew."""

import os
import re
from pathlib import Path

import pytest
from conftest import ROOT, Run

from cs_terms.answers.check import checked
from cs_terms.loading.compiling import find_problems
from cs_terms.loading.files import layer
from cs_terms.loading.rules import RULES

PAGE = ROOT / "docs" / "rules.md"
HEAD = """# The rules of `csterms check PATH`

Printed from the table in `cs_terms/loading/rules.py`; `UPDATE_GOLDEN=1 python -m pytest tests/test_rules.py` writes it anew. A glossary with an error is not used; a warning
changes no answer, and fails only `check --strict`; info never fails.

| rule | severity | what it means | how to mend it |
|---|---|---|---|
"""
ELSEWHERE = {
    "unreadable": "a repository holds no file that cannot be read: see test_hostile",
    "empty-omission": "needs two layers: see test_without",
}


def test_the_page_is_the_table() -> None:
    rows = (
        f"| `{rule.name}` | {rule.severity} | {rule.meaning} | {rule.mending} |\n"
        for rule in sorted(RULES.values(), key=lambda rule: rule.name)
    )
    page = HEAD + "".join(rows)
    if "UPDATE_GOLDEN" in os.environ:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_is_explained_in_short_sentences(name: str) -> None:
    rule = RULES[name]
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in ("error", "warning", "info")
    for sentence in (rule.meaning, rule.mending):
        assert re.fullmatch(r"[A-Z][^|]{8,98}\.", sentence)


def test_every_rule_is_seen_in_the_wrong_files_and_none_that_is_not_in_the_table() -> None:
    places = sorted(Path(__file__).parent.glob("bad_definitions/*"))
    found = {(each.rule, each.severity) for place in places for each in find_problems([layer(str(place))])}
    assert found == {(rule.name, rule.severity) for rule in RULES.values() if rule.name not in ELSEWHERE}


def test_what_is_missing_may_stand_in_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    whole = "terms: {a: {abbreviations: [X]}, b: {name: B, abbreviations: [X]}}"
    (tmp_path / "a.yaml").write_text(f"{whole}\nsources: {{s: {{title: S}}}}")
    assert found(tmp_path) == {"missing-name", "unused-source", "shared-abbreviation"}
    (tmp_path / "b.yaml").write_text("terms: {a: {name: A}, b: {name: C, definition: {text: x, sources: [s]}}\n  - x")
    assert found(tmp_path) == {"syntax", "shared-abbreviation"}


def test_nothing_of_a_file_that_cannot_be_read_is_judged(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {A_: {name: x, nmae: y}}\nmetrics: {m: {range: [2, 1]}}\ntogether: [")
    (problem,) = checked([str(tmp_path)], no_builtin=True).problems
    assert problem.rule == "syntax"


def test_contradictions_are_found_beside_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for name, text in {"a": "{name: A}", "b": "{name: B}", "c": "{name: ["}.items():
        (tmp_path / f"{name}.yaml").write_text(f"terms: {{x: {text}}}")
    assert found(tmp_path) == {"contradiction", "syntax"}


def found(path: Path) -> set[str]:
    return {problem.rule for problem in find_problems([layer(str(path))])}


def test_what_an_alias_repeats_is_reported_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: &a {name: A, also_called: {x: [nobody]}}, b: *a}")
    assert run(f"check --no-builtin {tmp_path}").out.count("unknown source 'nobody'") == 1


def test_ids_are_marked_in_the_schema_and_not_in_the_json_schema(run: Run) -> None:
    assert "refers_to" not in run("schema").out
