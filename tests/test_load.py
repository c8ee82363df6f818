"""One definition file: what it says, and what is wrong with it."""

from decimal import Decimal

import pytest
from conftest import ROOT
from hypothesis import given, strategies

from cs_terms.loading.build import read_document
from cs_terms.loading.rules import RULES
from cs_terms.model import Citation, Claim, Metric, Name, Term


def loaded(text: str):
    document = read_document(text.encode(), "f.yaml")
    assert document.problems == ()
    return {(each.kind, each.entry.id): each.entry for each in document.fragments}


def test_short_forms_are_written_out() -> None:
    entries = loaded(
        """
source: me
sources: {me: {title: Mine}}
aspects: {cost: {name: Cost}}
terms:
  a:
    name: A
    definition: what it is
    abbreviations: [X]
    also_called: {Y: , Z: [you], W: {you: 3}}
    aspects:
      cost: [low, {value: high, sources: [you]}, {text: none, sources: {you: {at: 4, as: nil}}}]
    metrics: [m, n]
    broader: {b: , c: [you]}
"""
    )
    term = entries["term", "a"]
    me, you = Citation("me"), Citation("you")
    assert isinstance(term, Term)
    assert term.definition == (Claim(None, "what it is", (me,)),)
    assert term.abbreviations == (Name("X"),)
    assert term.also_called == (Name("Y", (me,)), Name("Z", (you,)), Name("W", (Citation("you", "3"),)))
    assert term.aspects["cost"] == (
        Claim(None, "low", (me,), None, True),
        Claim("high", None, (you,)),
        Claim(None, "none", (Citation("you", "4", "nil"),)),
    )
    assert term.metrics == {"m": (me,), "n": (me,)}
    assert term.broader == {"b": (me,), "c": (you,)}


@pytest.mark.parametrize("text", ["no", "on", "Yes", "1:30", "010", "1e3", "2024-01-01", "0b11", "<<", "="])
def test_yaml_guesses_nothing(text: str) -> None:
    metric = loaded(f"metrics: {{m: {{name: {text}, unit: {text}}}}}")["metric", "m"]
    assert (metric.name, metric.unit) == (text, text)


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_null_is_no_value(nothing: str) -> None:
    metric = loaded(
        f"metrics: {{m: {{name: M, unit: {nothing}, range: [{nothing or '~'}, 1], note: '{nothing or 'x'}'}}}}"
    )
    assert (metric["metric", "m"].unit, metric["metric", "m"].range) == (None, (None, Decimal(1)))
    assert metric["metric", "m"].note == (nothing or "x")
    term = loaded(f"terms: {{a: {{name: A, broader: {{b: }}, metrics: {{m: {{s: {nothing}}}}}}}}}")["term", "a"]
    assert (term.broader, term.metrics) == ({"b": ()}, {"m": (Citation("s"),)})


def test_numbers_are_exact() -> None:
    metric = loaded(
        "metrics: {m: {name: M, range: [-0.1, null], readings: [{name: r, formula: a + sum(b), inputs: {a: x, b: y},"
        " example: {inputs: {a: 0.1, b: [1_000, 2e3]}, result: 3000.10}}]}}"
    )["metric", "m"]
    assert isinstance(metric, Metric)
    assert metric.range == (Decimal("-0.1"), None)
    (reading,) = metric.readings
    assert reading.example
    assert reading.example.inputs == {"a": Decimal("0.1"), "b": (Decimal(1000), Decimal(2000))}
    assert str(reading.example.result) == "3000.10"


def test_claims_alike_in_one_file_are_one() -> None:
    term = loaded("terms: {a: {name: A, definition: [{text: x, sources: [p]}, {text: x, sources: [q]}]}}")["term", "a"]
    assert isinstance(term, Term)
    assert term.definition == (Claim(None, "x", (Citation("p"), Citation("q"))),)


@pytest.mark.parametrize("text", ["", "# nothing\n", "terms:\n", "\ufeffterms: {a: {name: A}}\r\n"])
def test_files_that_say_little_are_fine(text: str) -> None:
    assert read_document(text.encode(), "f.yaml").problems == ()


TEXT = "terms:\n  a:\n    name: A\n    definition: |\n      one\n      two\n    nmae: B\nmetrics: {m: {name: M, better: x}}\n"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_make_no_difference(ending: str) -> None:
    unix, other = (read_document(text.encode(), "f.yaml") for text in (TEXT, TEXT.replace("\n", ending)))
    assert other == unix
    assert [(each.line, each.column) for each in unix.problems] == [(7, 5), (8, 32)]
    assert unix.fragments[0].entry.definition[0].text == "one\ntwo\n"
    (problem,) = read_document(f"terms:{ending}  a: {ending}   \x00".encode(), "f.yaml").problems
    assert (problem.line, problem.column) == (3, 4)


def test_a_file_that_breaks_off_says_nothing() -> None:
    document = read_document(b"terms: {a: {name: A}}\nsources: {s: [", "f.yaml")
    assert (document.fragments, document.references, document.whole) == ((), {}, False)


def test_an_alias_is_a_tree_of_its_own() -> None:
    document = read_document(b"terms: {a: {name: A, note: &n {x: y}, definition: *n}, b: {name: B}}", "f.yaml")
    assert [problem.message for problem in document.problems] == [
        "terms.a.note: expected text, got keys ('x'); if the colon is part of the text, put the text in quotation marks",
        "terms.a.definition: unknown key 'x'; known: note, sources, text, value",
    ]


@pytest.mark.parametrize(("deep", "is_too_deep"), [(30, False), (31, True)])
def test_depth_is_counted_through_aliases(deep: int, is_too_deep: bool) -> None:
    text = f"a: &a {'[' * deep}{']' * deep}\nb: [*a]\n"  # within the file's mapping and a list
    rules = {problem.rule for problem in read_document(text.encode(), "f.yaml").problems}
    assert ("too-deep" in rules) is is_too_deep


def test_references_are_found_with_their_places() -> None:
    text = """\
source: s
terms:
  a: {name: A, aspects: {q: [v, {value: w, sources: [t]}]}, metrics: {m: {u: p}}, broader: {b: }}
together:
  - {terms: [a, b], text: x}
metrics:
  m: {name: M, readings: [{name: r, formula: x, inputs: {x: y}, sources: {w: }}]}
"""
    document = read_document(text.encode(), "f.yaml")
    assert document.references == {
        ("source", "s"): [(1, 9)],
        ("aspect", "q"): [(3, 26)],
        ("source", "t"): [(3, 54)],
        ("metric", "m"): [(3, 71)],
        ("source", "u"): [(3, 75)],
        ("term", "b"): [(3, 93), (5, 17)],
        ("term", "a"): [(5, 14)],
        ("source", "w"): [(7, 75)],
    }
    assert document.values == {("q", "v", True): [(3, 30)], ("q", "w", False): [(3, 41)]}


def test_a_definition_after_the_aspects_says_nothing_under_them() -> None:
    text = b"terms: {a: {name: A, aspects: {q: [v]}, definition: [{value: w, text: x}, y]}}"
    assert read_document(text, "f.yaml").values.keys() == {("q", "v", True)}


WRONG = [path.read_text(encoding="utf-8", errors="replace") for path in ROOT.glob("tests/bad_definitions/*.yaml")]


@given(
    strategies.sampled_from(WRONG),
    strategies.integers(0, 2000),
    strategies.sampled_from("\t:{}[],\"'#*&!%@`|>-? \n\\x"),
)
def test_whatever_is_typed_into_a_file_it_is_told_and_never_a_bug(text: str, place: int, typed: str) -> None:
    document = read_document((text[:place] + typed + text[place:]).encode(errors="replace"), "f.yaml")
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert not problem.message.startswith(("did not", "found ", "could not", "not YAML"))
    assert document.whole or any(RULES[problem.rule].halts for problem in document.problems)
