"""SKOS as Turtle, written by hand. Each claim is a literal; an owl:Axiom on it says who makes it, and where."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from msgspec import Struct

from cs_terms.errors import USAGE, CstermsError
from cs_terms.exchange.content import Content, by_id, today
from cs_terms.exchange.losses import TEXT
from cs_terms.model import Aspect, Citation, Claim, Input, Metric, Source, Term
from cs_terms.output.records import write_claim
from cs_terms.text import is_web_address

DEFINITIONS = ("each", "one", "nodes")
"""How definitions are written: a literal each, all as one literal, or a node each."""
PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
}
OWN_PROPERTIES = {
    "abbreviation": ("abbreviation", "skos:altLabel"),
    "reading": ("formula", "skos:note"),
    "input": ("input of a formula", "skos:note"),
    "better": ("which way is better", "skos:note"),
    "value": ("answer to the question", "skos:note"),
}
"""What SKOS has no property for: its label, and what it is a kind of."""
_MOVED = {"id": TEXT, "at": TEXT, "as": "lost"}
PLACES = {
    "each": {},
    "one": {f"{kind}.definition.{key}": TEXT for kind in ("term", "metric") for key in ("text", "value", "note")}
    | {f"{kind}.definition.sources.{key}": place for kind in ("term", "metric") for key, place in _MOVED.items()},
    "nodes": {},
}
"""Where the definitions go by DEFINITIONS, where that is not what the table says."""


class Skos(Struct, frozen=True):
    """How a thesaurus is to be written."""

    base: str
    title: str = "Glossary"
    language: str = "en"
    definitions: str = "each"

    def __post_init__(self) -> None:
        """Raises CstermsError (USAGE) where the base is none."""
        if not is_web_address(self.base) or any(each in '<>"{}|\\^`' for each in self.base):
            raise CstermsError(
                USAGE,
                f"--base: {self.base!r} is no IRI; expected one such as https://example.org/glossary/"
                if self.base
                else "skos needs --base IRI: what every IRI of the thesaurus begins with",
                hint="choose an address of your own, such as https://example.org/glossary/: IRIs must never change",
            )

    @property
    def scheme(self) -> str:
        """The IRI of the scheme, which ends in a slash or a hash."""
        return self.base if self.base.endswith(("/", "#")) else f"{self.base}/"

    def iri(self, kind: str, id: str) -> str:
        """Returns the IRI of an entry."""
        return f"<{self.scheme}{kind}/{quote(id, safe='')}>"

    def literal(self, text: str) -> str:
        """Returns a text in the language of the glossary."""
        return f"{_string(text)}@{self.language}"

    def own(self, name: str) -> str:
        """Returns the IRI of one of OWN_PROPERTIES."""
        return f"<{self.scheme}{name}>"


def write(content: Content, how: Skos) -> str:
    """Returns a glossary as Turtle."""
    blocks = [
        "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()).rstrip("\n"),
        *_scheme(content, how),
    ]
    sources = by_id(content.sources)
    for term in content.terms:
        blocks += _term(term, how, sources)
    for metric in content.metrics:
        blocks += _metric(metric, how, sources)
    blocks += [_aspect(aspect, how) for aspect in content.aspects]
    blocks += [_source(source, how) for source in content.sources]
    return "\n\n".join(blocks) + "\n"


def _scheme(content: Content, how: Skos) -> Iterator[str]:
    tops = [how.iri("term", each.id) for each in content.terms if not each.broader]
    tops += [how.iri("metric", each.id) for each in content.metrics]
    publisher = f"<{how.scheme}publisher>"
    pairs = [
        ("a", "skos:ConceptScheme"),
        ("skos:prefLabel", how.literal(how.title)),
        ("skos:definition", how.literal(f"The glossary {how.title}.")),
        ("skos:historyNote", how.literal("Exported by csterms.")),
        ("dct:created", f"{_string(today())}^^xsd:date"),
        ("dct:modified", f"{_string(today())}^^xsd:date"),
        ("schema:creator", publisher),
        ("schema:publisher", publisher),
        *(("skos:hasTopConcept", top) for top in tops),
    ]
    yield _node(f"<{how.scheme}>", pairs)
    address = how.scheme.split("#")[0]
    yield _node(
        publisher,
        [
            ("a", "schema:Organization"),
            ("schema:name", _string(how.title)),
            ("schema:url", f"{_string(address)}^^xsd:anyURI"),
        ],
    )
    for name, (label, above) in OWN_PROPERTIES.items():
        yield _node(
            how.own(name), [("a", "rdf:Property"), ("rdfs:subPropertyOf", above), ("rdfs:label", how.literal(label))]
        )
    if content.metrics:
        members = [("skos:member", how.iri("metric", each.id)) for each in content.metrics]
        collection = [("a", "skos:Collection"), ("skos:prefLabel", how.literal("Metrics"))]
        collection += [("skos:definition", how.literal("What the terms are measured by."))]
        collection += [("skos:inScheme", f"<{how.scheme}>"), ("rdfs:isDefinedBy", f"<{how.scheme}>"), *members]
        yield _node(f"<{how.scheme}metrics>", collection)


def _concept(entry: Term | Metric, how: Skos) -> list[tuple[str, str]]:
    pairs = [("a", "skos:Concept"), ("skos:inScheme", f"<{how.scheme}>"), ("skos:prefLabel", how.literal(entry.name))]
    pairs += [("rdfs:isDefinedBy", f"<{how.scheme}>")]
    if not (isinstance(entry, Term) and entry.broader):
        pairs += [("skos:topConceptOf", f"<{how.scheme}>")]
    for name in entry.abbreviations:
        pairs += [("skos:altLabel", how.literal(name.label)), (how.own("abbreviation"), how.literal(name.label))]
    pairs += [("skos:altLabel", how.literal(name.label)) for name in entry.also_called]
    if entry.note:
        pairs += [("skos:editorialNote", how.literal(entry.note))]
    return pairs


def _term(term: Term, how: Skos, sources: dict[str, Source]) -> Iterator[str]:
    iri, pairs, axioms = how.iri("term", term.id), _concept(term, how), []
    axioms += _define(term, iri, pairs, how, sources)
    for kind, property, links in (("term", "skos:broader", term.broader), ("metric", "skos:related", term.metrics)):
        for id, cites in links.items():
            pairs.append((property, how.iri(kind, id)))
            axioms += [_axiom(iri, property, how.iri(kind, id), each, [], how, sources) for each in cites]
    for aspect, claims in term.aspects.items():
        axioms += _claim(iri, how.iri("aspect", aspect), claims, pairs, how, sources)
    yield _node(iri, pairs)
    yield from axioms


def _metric(metric: Metric, how: Skos, sources: dict[str, Source]) -> Iterator[str]:
    iri, pairs, axioms = how.iri("metric", metric.id), _concept(metric, how), []
    axioms += _define(metric, iri, pairs, how, sources)
    if metric.unit:
        pairs.append(("schema:unitText", _string(metric.unit)))
    if metric.better:
        pairs.append((how.own("better"), _string(metric.better)))
    if metric.pitfalls:
        pairs.append(("skos:scopeNote", how.literal(metric.pitfalls)))
    for reading in metric.readings:
        formula = Claim(reading.name, reading.formula, reading.sources, reading.note)
        axioms += _claim(iri, how.own("reading"), [formula], pairs, how, sources)
        pairs += [
            (how.own("input"), how.literal(_input(reading.name, name, of))) for name, of in reading.inputs.items()
        ]
    yield _node(iri, pairs)
    yield from axioms


def _input(reading: str, name: str, of: Input) -> str:
    return f"{reading}: {name}: {of.meaning}" + (f" ({of.unit})" if of.unit else "")


def _define(
    entry: Term | Metric, iri: str, pairs: list[tuple[str, str]], how: Skos, sources: dict[str, Source]
) -> list[str]:
    if how.definitions == "one" and entry.definition:
        joined = "\n\n".join(_cited(claim, sources) for claim in entry.definition)
        pairs.append(("skos:definition", how.literal(joined)))
        return []
    if how.definitions == "nodes":
        for claim in entry.definition:
            said = [("rdf:value", how.literal(_words(claim))), *_about(claim, how)]
            said += [
                ("dct:source", f"[ {'; '.join(f'{p} {o}' for p, o in _citing(each, how, sources))} ]")
                for each in claim.sources
            ]
            pairs.append(("skos:definition", f"[ {'; '.join(f'{p} {o}' for p, o in said)} ]"))
        return []
    return _claim(iri, "skos:definition", entry.definition, pairs, how, sources)


def _cited(claim: Claim, sources: dict[str, Source]) -> str:
    said = [", ".join(filter(None, (sources[each.id].title, each.at))) for each in claim.sources]
    return f"{write_claim(claim)} ({'; '.join(said)})" if said else write_claim(claim)


def _claim(
    iri: str, property: str, claims: Iterable[Claim], pairs: list[tuple[str, str]], how: Skos, sources: dict[str, Source]
) -> list[str]:  # fmt: skip
    """Adds a literal for each claim, and returns an axiom for each who makes it, or for what else is said of it."""
    axioms = []
    for claim in claims:
        target, about = how.literal(_words(claim)), _about(claim, how)
        pairs.append((property, target))
        axioms += [_axiom(iri, property, target, each, about, how, sources) for each in claim.sources]
        if about and not claim.sources:
            axioms.append(_axiom(iri, property, target, None, about, how, sources))
    return axioms


def _words(claim: Claim) -> str:
    return ": ".join(filter(None, (claim.value, claim.text)))


def _about(claim: Claim, how: Skos) -> list[tuple[str, str]]:
    value = [(how.own("value"), how.literal(claim.value))] if claim.value else []
    return value + ([("rdfs:comment", how.literal(claim.note))] if claim.note else [])


def _axiom(
    iri: str, property: str, target: str, cite: Citation | None, about: list[tuple[str, str]], how: Skos, sources: dict[str, Source]
) -> str:  # fmt: skip
    what = [("a", "owl:Axiom"), ("owl:annotatedSource", iri), ("owl:annotatedProperty", property)]
    what += [("owl:annotatedTarget", target), *about, *(_citing(cite, how, sources) if cite else [])]
    return _node("[]", what)


def _citing(cite: Citation, how: Skos, sources: dict[str, Source]) -> list[tuple[str, str]]:
    """Who is cited; the place as part of a citation to read, after the title."""
    said = [("dct:source", how.iri("source", cite.id))]
    if cite.at:
        said.append(("dct:bibliographicCitation", how.literal(f"{sources[cite.id].title}, {cite.at}")))
    return said + ([("rdfs:label", how.literal(cite.as_))] if cite.as_ else [])


def _aspect(aspect: Aspect, how: Skos) -> str:
    pairs = [("a", "rdf:Property"), ("rdfs:subPropertyOf", "skos:note"), ("rdfs:label", how.literal(aspect.name))]
    pairs += [("rdfs:comment", how.literal(aspect.question))] if aspect.question else []
    pairs += [("skos:altLabel", how.literal(name.label)) for name in aspect.also_called]
    pairs += [(how.own("value"), how.literal(value)) for value in aspect.values]
    pairs += [("skos:editorialNote", how.literal(aspect.note))] if aspect.note else []
    return _node(how.iri("aspect", aspect.id), pairs)


def _source(source: Source, how: Skos) -> str:
    pairs = [("a", "dct:BibliographicResource"), ("dct:title", how.literal(source.title))]
    pairs += [("dct:publisher", _string(source.publisher))] if source.publisher else []
    pairs += [("dct:issued", _string(source.date))] if source.date else []
    pairs += [("schema:url", f"{_string(source.url)}^^xsd:anyURI")] if source.url else []
    pairs += [("skos:editorialNote", how.literal(source.note))] if source.note else []
    return _node(how.iri("source", source.id), pairs)


def _node(subject: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"{subject}\n    " + " ;\n    ".join(f"{property} {value}" for property, value in pairs) + " ."


def _string(text: str) -> str:
    """A string of Turtle's: that of JSON, with what does not print as an escape."""
    return "".join(
        each if each.isprintable() else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\U{ord(each):08x}"
        for each in json.dumps(text, ensure_ascii=False)
    )
