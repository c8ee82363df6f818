"""SKOS in any serialization that rdflib reads to entries: a thesaurus of ours, or anybody's."""

import gc
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from cs_terms.errors import USAGE, CstermsError
from cs_terms.exchange.draft import BadFileError, Draft, EntryDraft, Imported
from cs_terms.exchange.skos import PREFIXES
from cs_terms.model import Aspect, Citation, Claim, Name

if TYPE_CHECKING:
    from rdflib import Graph

_ENDINGS = {
    ".rdf": "xml",
    ".xml": "xml",
    ".owl": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
    ".nt": "nt",
    ".n3": "n3",
    ".trig": "trig",
}
"""The serialization of a file by the ending of its name; Turtle elsewhere."""
_READ = {
    "prefLabel": "name", "altLabel": "also_called", "hiddenLabel": "also_called", "definition": "definition",
    "editorialNote": "note", "scopeNote": "note", "note": "note", "broader": "broader", "related": "metrics",
}  # fmt: skip
"""What of SKOS is read, and what for."""
_DECLARED = ("type", "inScheme", "topConceptOf", "isDefinedBy")
"""What says that a concept is one."""


def read(data: bytes, shown: str) -> Imported:
    """Reads a thesaurus. Raises BadFileError, or CstermsError (USAGE) where rdflib is not installed."""
    if importlib.util.find_spec("rdflib") is None:
        raise CstermsError(
            USAGE, "reading SKOS needs rdflib, which is not installed", hint="pip install 'csterms[rdf]'"
        )
    graph = _parse(data, shown)
    return _Thesaurus(graph, shown).read()


def _parse(data: bytes, shown: str) -> "Graph":
    import logging

    from rdflib import Graph

    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it warns of dates and addresses that it cannot convert
    ending = re.search(r"\.\w+$", shown.lower())
    format = _ENDINGS.get(ending[0] if ending else "", "xml" if data.lstrip()[:5] == b"<?xml" else "turtle")
    hint = "expected SKOS as Turtle, RDF/XML, JSON-LD or N-Triples, under a name that ends so"
    if format == "xml" and re.search(rb"<!\s*(DOCTYPE|ENTITY)", data.replace(b"\0", b"")):
        raise BadFileError(f"{shown}: it has a DOCTYPE", "take the DOCTYPE out, or convert it to Turtle")
    if format == "json-ld" and _fetches(data):
        raise BadFileError(f"{shown}: its @context stands elsewhere, and nothing is fetched", "convert it to Turtle")
    collecting = gc.isenabled()
    gc.disable()  # a graph is made of many small things, none of which is garbage
    try:
        return Graph("SimpleMemory").parse(data=data, format=format, publicID="https://example.invalid/")
    except Exception as error:  # rdflib's parsers raise whatever they like
        words = " ".join(re.sub(r"(?s) at \^ in:.*", "", str(error)).split())[:160]
        raise BadFileError(f"{shown}: cannot be read as {format}: {words}", hint) from error
    finally:
        if collecting:
            gc.enable()


def _fetches(data: bytes) -> bool:
    """Whether JSON-LD names a context that would have to be fetched. What is no JSON, the parser reports."""
    try:
        waiting: list[Any] = [json.loads(data)]
    except (ValueError, RecursionError):
        return False
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            context = part.get("@context")
            if "@import" in part or any(
                isinstance(each, str) for each in (context if isinstance(context, list) else [context])
            ):
                return True
            waiting += part.values()
    return False


class _Thesaurus:
    """A graph, and the entries made of it."""

    def __init__(self, graph: "Graph", shown: str) -> None:
        from rdflib import Namespace

        self.graph, self.shown = graph, shown
        self.skos, self.rdf, self.rdfs, self.owl, _, self.dct, self.schema = map(Namespace, PREFIXES.values())
        self.scheme = str(next(graph.subjects(self.rdf.type, self.skos.ConceptScheme), ""))
        self.draft = Draft()
        self.used: dict[str, None] = {}
        self.unused: dict[str, None] = {}
        self.cited: dict[Any, str] = {}
        self.axioms: dict[tuple[Any, Any, Any], list[Any]] = {}
        for axiom in graph.subjects(self.rdf.type, self.owl.Axiom):
            about = tuple(
                graph.value(axiom, self.owl[key]) for key in ("annotatedSource", "annotatedProperty", "annotatedTarget")
            )
            self.axioms.setdefault((about[0], about[1], about[2]), []).append(axiom)

    def own(self, name: str) -> Any:
        """The IRI of a property, of a kind that SKOS has none for, in the scheme's own names."""
        from rdflib import URIRef

        return URIRef(f"{self.scheme}{name}")

    def read(self) -> Imported:
        """Returns everything that can be read."""
        concepts = list(dict.fromkeys(self.graph.subjects(self.rdf.type, self.skos.Concept)))
        if not concepts:
            raise BadFileError(f"{self.shown}: no skos:Concept in it", "expected a thesaurus in SKOS")
        entries = {concept: entry for concept in concepts if (entry := self._named(concept)) is not None}
        for each in self.graph.subjects(self.rdf.type, self.dct.BibliographicResource):
            self._source(each)
        for each in self.graph.subjects(self.rdf.type, self.rdf.Property):
            if self._own_id("aspect", each):
                self._read_aspect(each)
        for concept, entry in entries.items():
            self._read_concept(concept, entry, entries)
        used = tuple(f"skos:{key} as {_READ[key]}" for key in _READ if key in self.used)
        return Imported(self.draft.content(), used, tuple(self.unused), tuple(self.draft.left_out))

    def _own_id(self, kind: str, node: Any) -> str:
        """The id of an entry in a thesaurus of ours, or nothing."""
        head = f"{self.scheme}{kind}/"
        return unquote(str(node)[len(head) :]) if self.scheme and str(node).startswith(head) else ""

    def _named(self, concept: Any) -> EntryDraft | None:
        labels: list[Any] = list(self.graph.objects(concept, self.skos.prefLabel))
        english = [each for each in labels if str(getattr(each, "language", "")).startswith("en")]
        name = str((english or labels or [""])[0])
        if not name:
            self.draft.left_out.append(f"{concept}: it has no skos:prefLabel")
            return None
        for kind in ("metric", "term"):
            if id := self._own_id(kind, concept):
                return self.draft.entry(kind, name, id, str(concept))
        last = re.split("[/#:]", str(concept).rstrip("/#"))[-1]
        entry = self.draft.another("term", name, last, str(concept))
        entry.also_called += [str(each) for each in labels if str(each) != name]
        return entry

    def _texts(self, subject: Any, property: Any) -> list[str]:
        return [str(each) for each in self.graph.objects(subject, property)]

    def _first(self, subject: Any, property: Any) -> str | None:
        return next(iter(self._texts(subject, property)), None)

    def _read_aspect(self, node: Any) -> None:
        id = self._own_id("aspect", node)
        names = tuple(map(Name, self._texts(node, self.skos.altLabel)))
        self.draft.aspects[id] = Aspect(
            id, self._first(node, self.rdfs.label) or id, self._first(node, self.rdfs.comment), names,
            tuple(self._texts(node, self.own("value"))), None, self._first(node, self.skos.editorialNote),
        )  # fmt: skip

    def _source(self, node: Any) -> str:
        """The id of a source, read once."""
        if node not in self.cited:
            self.cited[node] = self._read_source(node)
        return self.cited[node]

    def _read_source(self, node: Any) -> str:
        from rdflib import Literal

        where = str(node)
        if isinstance(node, Literal):
            return self.draft.source(str(node), where=where)
        title = self._first(node, self.dct.title) or self._first(node, self.rdfs.label) or where
        url = self._first(node, self.schema.url) or self._first(node, self.rdfs.seeAlso)
        own = self._own_id("source", node)
        return self.draft.source(
            title, id=own, url=url or ("" if own or not where.startswith("http") else where), where=where,
            publisher=self._first(node, self.dct.publisher) or "", date=self._first(node, self.dct.issued) or "",
            note=self._first(node, self.skos.editorialNote) or "",
        )  # fmt: skip

    def _citation(self, node: Any) -> Iterator[Citation]:
        """Who is cited by an axiom or a node, and where."""
        for source in self.graph.objects(node, self.dct.source):
            inner = source if source in self.cited else self.graph.value(source, self.dct.source) or source
            about = source if inner is not source else node
            id = self._source(inner)
            said = self._first(about, self.dct.bibliographicCitation)
            at = said.removeprefix(f"{self.draft.sources[id].title}, ") if said else None
            yield Citation(id, at, self._first(about, self.rdfs.label))

    def _claims(self, subject: Any, property: Any) -> Iterator[Claim]:
        """The claims that one property makes, whether as literals or as nodes."""
        from rdflib import Literal

        for target in self.graph.objects(subject, property):
            literal = isinstance(target, Literal)
            words = str(target) if literal else self._first(target, self.rdf.value)
            if not words:
                self.draft.left_out.append(f"{subject}: a definition without text")
                continue
            abouts = self.axioms.get((subject, property, target), []) if literal else [target]
            groups: dict[str | None, list[Any]] = {}
            for about in abouts:
                groups.setdefault(self._first(about, self.own("value")), []).append(about)
            for value, group in (groups or {None: []}).items():
                cites = tuple(cite for about in group for cite in self._citation(about))
                note = next((note for about in group if (note := self._first(about, self.rdfs.comment))), None)
                text = None if value == words else words if value is None else words.removeprefix(f"{value}: ")
                yield Claim(value, text, cites, note)

    def _linked(self, concept: Any, property: Any) -> Iterator[tuple[Any, tuple[Citation, ...]]]:
        for target in self.graph.objects(concept, property):
            axioms = self.axioms.get((concept, property, target), [])
            yield target, tuple(cite for axiom in axioms for cite in self._citation(axiom))

    def _read_concept(self, concept: Any, entry: EntryDraft, entries: dict[Any, EntryDraft]) -> None:
        ours = entry.kind == "metric" or bool(self._own_id("term", concept))
        self._note_properties(concept)
        entry.abbreviations += self._texts(concept, self.own("abbreviation"))
        labels = [
            *self._texts(concept, self.skos.altLabel),
            *([] if ours else self._texts(concept, self.skos.hiddenLabel)),
        ]
        entry.also_called += [
            each for each in labels if each not in entry.abbreviations and each not in entry.also_called
        ]
        entry.definition += self._claims(concept, self.skos.definition)
        notes = self._texts(concept, self.skos.editorialNote)
        if not ours:
            notes += [*self._texts(concept, self.skos.scopeNote), *self._texts(concept, self.skos.note)]
        entry.note = " ".join(notes) or None
        if entry.kind == "metric":
            self._read_metric(concept, entry)
            return
        broader = [
            *self._linked(concept, self.skos.broader),
            *((each, ()) for each in self.graph.subjects(self.skos.narrower, concept)),
        ]
        for target, cites in broader:
            self._link(entry.broader, entries.get(target), entry, cites, f"{concept}: skos:broader {target}")
        for target, cites in self._linked(concept, self.skos.related):
            other = entries.get(target)
            if other is not None and other.kind == "metric":
                entry.metrics[other.id] = cites
            else:
                self.draft.left_out.append(f"{concept}: skos:related {target}: only metrics are related to terms")
        for property in dict.fromkeys(self.graph.predicates(concept)):
            id = self._own_id("aspect", property)
            if id in self.draft.aspects:
                entry.aspects[id] = list(self._claims(concept, property))

    def _link(
        self, links: dict[str, Any], other: EntryDraft | None, entry: EntryDraft, cites: Iterable[Citation], where: str
    ) -> None:
        if other is None or other is entry or other.kind != entry.kind:
            self.draft.left_out.append(f"{where}: no other concept of this thesaurus")
        else:
            links.setdefault(other.id, tuple(cites))

    def _read_metric(self, concept: Any, entry: EntryDraft) -> None:
        entry.unit = self._first(concept, self.schema.unitText)
        entry.better = self._first(concept, self.own("better"))
        entry.pitfalls = self._first(concept, self.skos.scopeNote)
        for claim in self._claims(concept, self.own("reading")):
            self.draft.add_reading(
                entry, claim.value or "", claim.text or "", claim.sources, str(concept), note=claim.note or ""
            )

    def _note_properties(self, concept: Any) -> None:
        """Keeps the names of what is said of a concept, read or not."""
        for property in self.graph.predicates(concept):
            name = str(property)
            local = re.split("[/#]", name)[-1]
            if name.startswith(PREFIXES["skos"]) and local in _READ:
                self.used[local] = None
            elif local not in _DECLARED and not (self.scheme and name.startswith(self.scheme)) and local != "unitText":
                self.unused[name] = None
