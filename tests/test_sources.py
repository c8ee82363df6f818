"""-s with every command: only what these sources say, and only their citations."""

import json
import re

import pytest
from conftest import Run

from cs_terms.merge import narrow
from cs_terms.model import Aspect, Citation, Claim, Input, Metric, Name, Reading, Term, Together

ARTICLES = {"uprighte", "askhandle", "veemo", "b2bdaily", "happyfox"}
LINES = [
    "compare success service",
    "compare success service --full",
    "compare success service --brief -a approach -a part-of",
    "compare success service --differences",
    "compare service --by source",
    "metrics",
    "metrics service",
    "show service success nps approach",
    "list",
    "search customers",
    "disputes",
    "claims",
]


def cited_in(part: object) -> set[str]:
    """The id of every source that a JSON answer cites."""
    if isinstance(part, list):
        return {id for each in part for id in cited_in(each)}
    if not isinstance(part, dict):
        return set()
    found = {part["source"]} if part.get("source") else set()
    if part.keys() == {"id", "at", "as"}:
        found.add(part["id"])
    return found | {id for each in part.values() for id in cited_in(each)}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("chosen", [["happyfox"], ["veemo", "b2bdaily"]], ids=" ".join)
def test_only_these_sources_are_cited(chosen: list[str], line: str, run: Run) -> None:
    given = " ".join(f"-s {id}" for id in chosen)
    answer = json.loads(run(f"{line} {given} -f json").out)
    assert cited_in(answer) <= set(chosen)
    assert cited_in(answer) or line in ("list", "search customers", "disputes")
    for form in ("table", "markdown", "tsv"):
        out = run(f"{line} {given} -f {form}").out
        assert not set(re.findall(r"\w+", out)) & (ARTICLES - set(chosen)) or line.startswith(("show", "search")), (
            form
        )  # notes of ours name sources


def test_records_of_some_sources_are_those_of_all_that_cite_them(run: Run) -> None:
    everything = [line.split("\t") for line in run("claims").out.splitlines()]
    some = [line.split("\t") for line in run("claims -s veemo").out.splitlines()]
    assert some == [record for record in everything if record[4] == "veemo"]


def cite(*ids: str) -> tuple[Citation, ...]:
    return tuple(map(Citation, ids))


def test_narrowing_keeps_what_still_has_a_source() -> None:
    term = Term(
        "t",
        "T",
        (Name("A", cite("x")), Name("B"), Name("C", cite("x", "y"))),
        (Name("D", cite("x")),),
        (Claim("v", "one", cite("x", "y")), Claim("v", "two", cite("x")), Claim("v", "three")),
        {"u": cite("x"), "w": cite("y")},
        {"a": (Claim("v", None, cite("x")),), "b": (Claim("v", None, cite("y")), Claim("w", None, cite("x")))},
        {"m": cite("x", "y"), "n": cite("x"), "o": ()},
        "note",
    )
    assert narrow(term, {"y"}) == Term(
        "t",
        "T",
        (Name("B"), Name("C", cite("y"))),
        (),
        (Claim("v", "one", cite("y")),),
        {"w": cite("y")},
        {"b": (Claim("v", None, cite("y")),)},
        {"m": cite("y")},
        "note",
    )


def test_narrowing_leaves_what_is_not_cited_as_it_is() -> None:
    reading = Reading("r", "x", {"x": Input("an input")}, sources=cite("x"), range=(None, None))
    metric = Metric("m", "M", range=(None, None), readings=(reading,), unit="percent")
    assert narrow(metric, {"y"}) == Metric("m", "M", range=(None, None), unit="percent")
    assert narrow(metric, {"x"}) == metric
    aspect = Aspect("a", "A", "Why?", (Name("B", cite("x")),), ("low", "high"), key=True)
    assert narrow(aspect, {"y"}) == Aspect("a", "A", "Why?", (), ("low", "high"), key=True)
    points = (Together(("a", "b"), "text", None, cite("x")), Together(("a", "b"), "other", None, cite("y")))
    assert narrow(points, {"y"}) == (points[1],)
