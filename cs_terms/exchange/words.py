"""What a catalogue shows of an entry, in one text."""

from collections.abc import Iterable, Mapping

from cs_terms.model import Citation, Claim, Metric, Source, Term
from cs_terms.output.records import write_claim


def describe(entry: Term | Metric, sources: dict[str, Source], aspects: Mapping[str, str]) -> str:
    """Returns all that is said of an entry as Markdown: the definition first, then a section for each aspect."""
    parts = ["\n\n".join(write_cited(claim, sources) for claim in entry.definition) or entry.name]
    if isinstance(entry, Term):
        for id, claims in entry.aspects.items():
            parts.append(_section(aspects[id], (write_cited(claim, sources) for claim in claims)))
    else:
        if entry.readings:
            said = (
                write_cited(Claim(each.name, f"`{each.formula}`", each.sources, each.note), sources)
                for each in entry.readings
            )
            parts.append(_section("Formulas", said))
        parts += [_section("Pitfalls", [entry.pitfalls])] if entry.pitfalls else []
    return "\n\n".join([*parts, *([_section("Note", [entry.note])] if entry.note else [])])


def _section(heading: str, items: Iterable[str]) -> str:
    return "\n".join([f"**{heading}**", *(f"* {item}" for item in items)])


def write_cited(claim: Claim, sources: dict[str, Source]) -> str:
    """Returns a claim with the titles of who makes it, and the places, in parentheses."""
    cited = "; ".join(cite_in_words(each, sources) for each in claim.sources)
    return f"{write_claim(claim)} ({cited})" if cited else write_claim(claim)


def cite_in_words(cite: Citation, sources: dict[str, Source]) -> str:
    """Returns a citation to read: the title, and the place."""
    return ", ".join(filter(None, (sources[cite.id].title, cite.at)))
