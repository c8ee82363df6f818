"""The shipped definitions: what every reader relies on without asking."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from conftest import ROOT, Run

from cs_terms import Glossary
from cs_terms.answers.check import checked
from cs_terms.glossary import find_cited

ARTICLES = {"uprighte", "askhandle", "veemo", "b2bdaily", "happyfox"}
FUNCTIONS = ["success", "support", "experience", "service"]


@pytest.fixture(scope="module")
def shipped() -> Iterator[Glossary]:
    with Glossary() as glossary:
        yield glossary


def test_nothing_is_wrong_with_them_but_that_cs_abbreviates_three_terms() -> None:
    problems = checked([str(ROOT / "definitions")], no_builtin=True).problems
    assert {problem.rule for problem in problems} == {"shared-abbreviation"}
    assert {re.match("'(.*?)'", problem.message)[1] for problem in problems} == {"CS"}  # type: ignore[index]


def test_every_claim_of_an_aspect_has_a_value_so_that_brief_can_stand_alone(shipped: Glossary) -> None:
    for term in FUNCTIONS:
        for aspect, claims in shipped.terms[term].aspects.items():
            assert all(claim.value for claim in claims), (term, aspect)


def test_every_claim_on_a_term_is_cited_with_the_place_in_an_article(shipped: Glossary) -> None:
    for id in FUNCTIONS:
        term = shipped.terms[id]
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
        assert all(cite.as_ for cites in shipped.terms[id].metrics.values() for cite in cites), id


def test_all_five_articles_are_cited(shipped: Glossary) -> None:
    assert {id for term in FUNCTIONS for id in find_cited(shipped.terms[term])} == ARTICLES


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
    ("happyfox", "service"): "average-response-time cross-sell-opportunities customer-churn-rate "
    "customer-effort-score customer-satisfaction-score first-contact-resolution net-promoter-score resolution-time "
    "top-agents total-wait-time upsell-opportunities",
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
    relationship = next(each for each in answer["aspects"] if each["aspect"] == "relationship")
    assert [(each["value"], sorted(cite["id"] for cite in each["sources"])) for each in relationship["positions"]] == [
        ("transactional", ["veemo"]),
        ("both", ["happyfox", "uprighte"]),
    ]


def test_points_on_working_together_are_as_many_as_the_articles_make(run: Run) -> None:
    answer = json.loads(run("compare success support service experience -f json").out)
    points = [(*each["terms"], *(cite["id"] for cite in each["sources"])) for each in answer["together"]]
    assert Counter(points) == {
        ("success", "support", "uprighte"): 8,
        ("success", "support", "b2bdaily"): 3,
        ("success", "service", "askhandle"): 4,
        ("success", "experience", "veemo"): 2,
        ("experience", "service", "uprighte"): 7,
        ("support", "service", "success", "happyfox"): 4,
        ("success", "support", "experience", "service", "uprighte"): 2,
    }


def test_abbreviations_are_cited_to_those_who_print_them(shipped: Glossary) -> None:
    printed = {
        (id, name.label): sorted(cite.id for cite in name.sources)
        for id in FUNCTIONS
        for name in shipped.terms[id].abbreviations
    }
    assert printed == {
        ("success", "CS"): [],
        ("support", "CS"): [],
        ("experience", "CX"): ["b2bdaily", "uprighte"],
        ("service", "CS"): ["uprighte"],
    }


def test_all_metrics_say_what_they_measure_and_who_publishes_how(shipped: Glossary) -> None:
    metrics = [shipped.metrics[id] for id in shipped.metrics]
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


def test_readings_that_run_against_their_metric_say_so(shipped: Glossary) -> None:
    metrics = [shipped.metrics[id] for id in shipped.metrics]
    assert {
        (metric.id, reading.name): reading.better for metric in metrics for reading in metric.readings if reading.better
    } == {
        ("customer-effort-score", "Mean effort of five, lower is better"): "lower",
        ("customer-effort-score", "Mean of seven, lower is better"): "lower",
        ("escalation-rate", "Settled at level one, the complement"): "higher",
        ("first-response-time", "Share answered in target"): "higher",
        ("gross-revenue-retention", "Churned over total, as UserIQ prints it"): "lower",
        ("ticket-volume", "Contact rate"): "lower",
    }


def test_what_is_our_understanding_of_a_text_is_marked_as_such(shipped: Glossary) -> None:
    readings = [(id, reading) for id in shipped.metrics for reading in shipped.metrics[id].readings]
    ours = {(id, reading.name) for id, reading in readings if reading.interpretation}
    assert ours == {
        (id, reading.name) for id, reading in readings if "our interpretation" in (reading.note or "").lower()
    }
    assert len(ours) == 3


def test_a_comparison_leads_with_few_questions_that_most_terms_answer_in_a_word_or_two(shipped: Glossary) -> None:
    aspects = [shipped.aspects[id] for id in shipped.aspects]
    key = [aspect for aspect in aspects if aspect.key]
    assert 5 <= len(key) <= 8
    assert aspects[: len(key)] == key
    for aspect in key:
        said = [shipped.terms[term].aspects.get(aspect.id, ()) for term in FUNCTIONS]
        assert sum(map(bool, said)) >= 3, aspect.id
        assert all(len(claim.value or "") <= 34 for claims in said for claim in claims), aspect.id
        assert all(len(claims[0].value or "") <= 25 for claims in said if claims), aspect.id


def test_every_sentence_of_a_claim_names_its_term_so_that_it_can_be_quoted(shipped: Glossary) -> None:
    for id in FUNCTIONS:
        for aspect, claims in shipped.terms[id].aspects.items():
            for claim in claims:
                assert not claim.text or id in claim.text.lower(), (aspect, claim.text)
