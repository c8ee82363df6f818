"""A script as a user writes it: mypy --strict checks it with the rest, and test_api runs it."""

from decimal import Decimal

import cs_terms
from cs_terms import AmbiguousNameError, CstermsError, Glossary, UnknownNameError


def contested_values(glossary: Glossary, *terms: str) -> dict[tuple[str, str], list[str]]:
    compared = glossary.compare(*terms, aspects=["approach", "relationship"])
    return {(aspect, term): compared[aspect, term] for aspect, term in compared.contested}


def spread_of(glossary: Glossary, metric: str, **inputs: float) -> tuple[Decimal, Decimal] | None:
    spread = glossary.metrics[metric](**inputs).spread
    return None if spread is None else (spread.lowest, spread.highest)


def find_candidates(glossary: Glossary, name: str) -> list[str]:
    try:
        return [glossary.terms[name].id]
    except (AmbiguousNameError, UnknownNameError) as error:
        return [candidate.id for candidate in error.candidates]


def main() -> None:
    with cs_terms.Glossary(sources=["happyfox", "veemo"]) as glossary:
        print(contested_values(glossary, "success", "service"))
        print(find_candidates(glossary, "sucess"))
        records: list[dict[str, object]] = glossary.claims("success").records()
        print(len(records) > 20, {record["source"] for record in records} <= {"happyfox", "veemo"})
    with Glossary() as glossary:
        print(spread_of(glossary, "NRR", starting_mrr=100, expansion_mrr=20, contraction_mrr=5, churned_mrr=10))
        names: list[str] = [glossary.terms[id].name for id in glossary.terms]
        print(names)
    try:
        Glossary("no/such/folder")
    except CstermsError as error:
        print(error.code)


if __name__ == "__main__":
    main()
