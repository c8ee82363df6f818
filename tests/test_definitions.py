"""The shipped definitions: what every reader relies on without asking."""

import contextlib
import json
import re
from collections.abc import Iterator

import pytest
from conftest import Run

from cs_terms.answers.check import checked
from cs_terms.glossary import Glossary
from cs_terms.legend import cited
from cs_terms.loading.database import open_database
from cs_terms.loading.files import chosen

ARTICLES = {"uprighte", "askhandle", "veemo", "b2bdaily", "happyfox"}
FUNCTIONS = ["success", "support", "experience", "service"]


@pytest.fixture(scope="module")
def shipped() -> Iterator[Glossary]:
    with contextlib.closing(open_database(chosen([], no_builtin=False))) as database:
        yield Glossary(database)


def test_nothing_is_wrong_with_them_but_abbreviations_that_people_do_share() -> None:
    problems = checked([], no_builtin=False).problems
    assert {problem.rule for problem in problems} == {"shared-abbreviation"}
    assert {re.match("'(.*?)'", problem.message)[1] for problem in problems} == {"CS", "ART", "CSQL"}  # type: ignore[index]


def test_every_claim_of_an_aspect_has_a_value_so_that_brief_can_stand_alone(shipped: Glossary) -> None:
    for term in FUNCTIONS:
        for aspect, claims in shipped.term(term).aspects.items():
            assert all(claim.value for claim in claims), (term, aspect)


def test_every_claim_on_a_term_is_cited_with_the_place_in_an_article(shipped: Glossary) -> None:
    for id in FUNCTIONS:
        term = shipped.term(id)
        everything = [
            *(claim.sources for claim in term.definition),
            *(claim.sources for claims in term.aspects.values() for claim in claims),
            *term.broader.values(),
            *term.metrics.values(),
        ]
        assert all(everything), id
        assert {cite.id for cites in everything for cite in cites} <= ARTICLES
        assert all(cite.at for cites in everything for cite in cites), id


def test_every_metric_given_to_a_term_keeps_the_words_of_the_article(shipped: Glossary) -> None:
    for id in FUNCTIONS:
        assert all(cite.as_ for cites in shipped.term(id).metrics.values() for cite in cites), id


def test_all_five_articles_are_cited(shipped: Glossary) -> None:
    assert {id for term in FUNCTIONS for id in cited(shipped.term(term))} == ARTICLES


# Counted in the articles: every metric that one of them gives to a function, and no other.
GIVEN = {
    (
        "uprighte",
        "success",
    ): "customer-retention-rate product-adoption-rate product-usage renewal-rate upsell-opportunities",
    ("uprighte", "support"): "average-response-time customer-satisfaction-score resolution-time",
    ("uprighte", "experience"): "customer-satisfaction-score net-promoter-score",
    ("uprighte", "service"): "average-response-time customer-satisfaction-score resolution-time",
    ("veemo", "success"): "cross-sell-rate customer-retention-rate upsell-rate",
    (
        "veemo",
        "experience",
    ): "customer-effort-score customer-health-score customer-satisfaction-score net-promoter-score",
    ("veemo", "service"): "customer-churn-rate first-response-time resolution-time",
    ("b2bdaily", "success"): "customer-lifetime-value customer-retention-rate upsell-rate",
    ("b2bdaily", "support"): "customer-effort-score first-response-time net-promoter-score",
    ("happyfox", "success"): "customer-lifetime-value portfolio-growth product-adoption-rate referral-count",
    ("happyfox", "support"): "average-hold-time average-response-time customer-satisfaction-score "
    "first-contact-resolution first-response-time resolution-time total-wait-time",
    ("happyfox", "service"): "cross-sell-opportunities customer-churn-rate customer-effort-score net-promoter-score "
    "top-agents upsell-opportunities",
}


@pytest.mark.parametrize("term", FUNCTIONS)
@pytest.mark.parametrize("source", sorted(ARTICLES))
def test_metrics_are_those_that_the_article_gives(source: str, term: str, run: Run) -> None:
    answer = json.loads(run(f"metrics {term} -s {source} -f json").out)
    assert sorted(metric["id"] for metric in answer["terms"][0]["metrics"]) == GIVEN.get((source, term), "").split()


def test_the_articles_contradict_each_other_where_they_do(run: Run) -> None:
    answer = json.loads(run("disputes -f json").out)
    assert {(each["term"], each["aspect"]) for each in answer["aspects"]} == {
        ("service", "approach"),
        ("service", "relationship"),
    }
    approach = next(each for each in answer["aspects"] if each["aspect"] == "approach")
    assert [(each["value"], sorted(cite["id"] for cite in each["sources"])) for each in approach["positions"]] == [
        ("reactive", ["askhandle", "uprighte", "veemo"]),
        ("both", ["happyfox"]),
    ]


def test_points_on_working_together_are_as_many_as_the_articles_make(run: Run) -> None:
    answer = json.loads(run("compare success support service experience -f json").out)
    points = [(*each["terms"], *(cite["id"] for cite in each["sources"])) for each in answer["together"]]
    assert len(points) == 12
    assert points.count(("success", "support", "uprighte")) == 6
    assert points.count(("experience", "service", "uprighte")) == 5
    assert points.count(("success", "service", "askhandle")) == 1


def test_abbreviations_are_cited_to_those_who_print_them(shipped: Glossary) -> None:
    printed = {
        (id, name.label): sorted(cite.id for cite in name.sources)
        for id in FUNCTIONS
        for name in shipped.term(id).abbreviations
    }
    assert printed == {
        ("success", "CS"): [],
        ("support", "CS"): [],
        ("experience", "CX"): ["b2bdaily", "uprighte"],
        ("service", "CS"): ["uprighte"],
    }


def test_all_metrics_say_what_they_measure_and_who_publishes_how(shipped: Glossary) -> None:
    metrics = [shipped.metric(id) for id in shipped.ids("metric")]
    assert len(metrics) == 34
    for metric in metrics:
        assert metric.definition, metric.id
        assert metric.better, metric.id
        assert metric.pitfalls, metric.id
        assert metric.readings or "No formula is agreed" in (metric.note or ""), metric.id
        assert metric.unit or not metric.readings, metric.id
        for reading in metric.readings:
            assert reading.example, (metric.id, reading.name)
            assert reading.sources or "publisher" in (reading.note or "") or "not read" in reading.note, reading.name
