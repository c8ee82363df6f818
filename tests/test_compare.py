"""Comparisons, at the pure functions: terms in, rows out."""

import json
import re
from itertools import permutations

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from cs_terms.answers.compare import split_by_source
from cs_terms.compare import compare, contested, differ, shorten_claims
from cs_terms.model import Aspect, Citation, Claim, Metric, Term

VALUES = ("reactive", "both", "proactive")
APPROACH = Aspect("approach", "Approach", values=VALUES)
REMARKS = Aspect("remarks", "Remarks")

citations = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(lambda ids: tuple(map(Citation, ids)))
claims = st.lists(
    st.builds(Claim, st.sampled_from([*VALUES, None]), st.sampled_from(["x", "y", "z"]), citations), max_size=4
).map(tuple)
terms = st.lists(
    st.builds(
        lambda id, approach, remarks, metrics: Term(
            id, id.upper(), aspects={"approach": approach, "remarks": remarks}, metrics=metrics
        ),
        st.sampled_from(["p", "q", "r"]),
        claims,
        claims,
        st.dictionaries(st.sampled_from(["nps", "csat"]), citations),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda term: term.id,
)


def rows_of(compared: list[Term]):
    return compare(
        compared, [term.name for term in compared], [APPROACH, REMARKS], [Metric("nps", "NPS"), Metric("csat", "CSAT")]
    )


def claim(value: str | None, *sources: str, text: str | None = None) -> Claim:
    return Claim(value, text, tuple(map(Citation, sources)))


@given(terms)
def test_a_term_against_itself_differs_nowhere(compared: list[Term]) -> None:
    rows = rows_of([compared[0], compared[0]])
    assert not any(row.differs for row in rows.aspects)
    assert [column.id for column in rows.columns] == [compared[0].id] * 2


@given(terms)
def test_the_order_of_terms_only_reorders_columns(compared: list[Term]) -> None:
    expected = rows_of(compared)
    for shuffled in permutations(compared):
        rows = rows_of(list(shuffled))
        assert {column.id: column for column in rows.columns} == {column.id: column for column in expected.columns}
        assert [column.id for column in rows.columns] == [term.id for term in shuffled]
        assert [(row.id, row.differs, row.cells) for row in rows.aspects] == [
            (row.id, row.differs, row.cells) for row in expected.aspects
        ]
        assert [row.cells for row in rows.metrics] == [row.cells for row in expected.metrics]


@given(terms)
def test_every_column_has_a_cell_in_every_row(compared: list[Term]) -> None:
    ids = {term.id for term in compared}
    rows = rows_of(compared)
    assert all(row.cells.keys() == ids for row in (*rows.aspects, *rows.metrics))


@given(claims, st.permutations(["a", "b", "c", "d"]))
def test_whether_a_cell_is_contested_hangs_on_who_says_what_alone(said: tuple[Claim, ...], others: list[str]) -> None:
    renamed = dict(zip("abcd", others, strict=True))
    swapped = tuple(
        Claim(each.value, each.text, tuple(Citation(renamed[cite.id]) for cite in each.sources)) for each in said
    )
    assert contested(VALUES, swapped) == contested(VALUES, said) == contested(VALUES, said[::-1])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], False),
        ([claim("reactive", "a"), claim("reactive", "b")], False),
        ([claim("reactive", "a"), claim("both", "b")], True),
        ([claim("reactive", "a", "b"), claim("both", "b")], True),
        ([claim("reactive", "a"), claim("both", "a")], False),
        ([claim("reactive", "a"), claim("both")], False),
        ([claim("reactive", "a"), claim(None, "b", text="says nothing on it")], False),
    ],
    ids=["nothing", "agreed", "two values", "one of two", "one source of two minds", "uncited", "no value"],
)
def test_contested(said: list[Claim], expected: bool) -> None:
    assert contested(VALUES, said) is expected
    assert not contested((), said)


def test_every_command_calls_the_same_cells_contested(run: Run) -> None:
    disputed = json.loads(run("disputes -f json").out)["aspects"]
    cells = {(each["term"], each["aspect_name"]) for each in disputed}
    assert len(cells) > 1
    for term in ("success", "support", "service", "experience"):
        page = run(f"show {term} -f markdown").out
        marked = re.findall(r"(?:\| |#### )(\w[^|\n]*?)(?: \| |\n\n.*:\n\n- )\*\*\*contested\*\*\*", page)
        assert sorted(marked) == sorted(name for of, name in cells if of == term)


ONE, OTHER = [claim("reactive", "a")], [claim("proactive", "b")]
TEXT = [claim(None, "a", text="reactive")]


@pytest.mark.parametrize(
    ("columns", "all_speak", "expected"),
    [
        ([ONE, OTHER], True, True),
        ([ONE, ONE], True, False),
        ([ONE, []], True, None),
        ([[], []], True, None),
        ([ONE, OTHER, []], True, False),
        ([ONE, OTHER, []], False, True),
        ([ONE, ONE, []], False, False),
        ([ONE + OTHER, OTHER + ONE], True, False),
        ([ONE, TEXT], True, False),
        ([[claim("reactive", "a", text="x")], [claim("reactive", "b", text="y")]], True, False),
        ([[claim(None, "a", text="x")], [claim(None, "a", text="y")]], True, True),
    ],
)
def test_differ(columns: list[list[Claim]], all_speak: bool, expected: bool | None) -> None:
    assert differ(columns, all_speak=all_speak) is expected


@given(claims)
def test_brief_keeps_every_value_and_whoever_says_it(said: tuple[Claim, ...]) -> None:
    short = shorten_claims(said)
    key = lambda each: each.value or f"text {each.text}"  # noqa: E731
    assert {key(each) for each in short} == {key(each) for each in said}
    assert len(short) == len({key(each) for each in said})
    for each in short:
        alike = {cite for other in said if key(other) == key(each) for cite in other.sources}
        assert set(each.sources) == alike


@given(terms)
def test_by_source_leaves_each_source_its_own_words(compared: list[Term]) -> None:
    for said in split_by_source(compared[0], ["a", "b"]):
        cites = [cite.id for each in said.aspects.values() for one in each for cite in one.sources]
        assert set(cites) <= {said.id}
