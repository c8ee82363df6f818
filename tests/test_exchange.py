"""What goes to another system and comes back: the table of losses holds for every format, field by field."""

import types
from decimal import Decimal
from pathlib import Path
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs
from test_round_trip import aspects, by_id, metrics, optional, terms, texts, urls

from cs_terms import Glossary, model
from cs_terms.exchange import datahub, losses, skos, spreadsheet
from cs_terms.exchange.content import Content
from cs_terms.exchange.imports import import_file
from cs_terms.exchange.losses import FIELDS, FORMATS, LOST, OWN, TEXT
from cs_terms.glossary import find_cited

PAGE = ROOT / "docs" / "exchange.md"
BASE = "https://example.org/glossary/"
FILES = sorted((Path(__file__).parent / "exchange").glob("*.yaml"))
OPTIONS = {"skos": {"base": BASE}}
KINDS = {"term": model.Term, "metric": model.Metric, "aspect": model.Aspect, "source": model.Source}


def fields_of(kind: object, path: str) -> set[str]:
    """The path of every field of a type, and of the types in it."""
    parts = get_args(kind)
    if kind in (model.Example, *get_args(model.Range)) or path.endswith(".range"):
        return {path}
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
        return set().union(*(fields_of(hints[field], f"{path}.{name}") for field, name in names if field != "bare"))
    if get_origin(kind) is dict:
        value = parts[1]
        cited = value == model.Citations
        return {path} | fields_of(value, f"{path}.sources" if cited else path)
    if get_origin(kind) in (tuple, Union, types.UnionType):
        return set().union(*(fields_of(part, path) for part in parts if part not in (type(None), Ellipsis)))
    assert kind in (str, bool, Decimal), kind
    return {path}


def test_the_table_has_every_field_of_the_model_and_no_other() -> None:
    kinds = {**KINDS, "together": model.Together}
    walked = set().union(*(fields_of(kind, name) for name, kind in kinds.items()))
    assert walked == set(FIELDS)
    assert len(losses._TABLE) < len(FIELDS)
    assert {place for field in FIELDS.values() for place in field.places.values()} == {OWN, TEXT, LOST}


def project(part: object, path: str, format: str) -> object:
    """What is left of a part of an entry when every field without a place of its own is taken out."""
    own = path not in FIELDS or FIELDS[path].places[format] == OWN
    if isinstance(part, Struct) and not isinstance(part, model.Example):
        names = zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True)
        left = {
            name: project(getattr(part, field), f"{path}.{name}", format) for field, name in names if field != "bare"
        }
        return {name: value for name, value in left.items() if value not in (None, "", [], {}, ())}
    if isinstance(part, dict):
        cited = f"{path}.sources"
        return {
            key: project(value, cited if f"{cited}.id" in FIELDS and path != "metric.readings.inputs" else path, format)
            for key, value in part.items()
        } if own else {}  # fmt: skip
    if isinstance(part, tuple) and not path.endswith(".range"):
        items = [project(item, path, format) for item in part]
        return [item for item in items if item not in (None, "", [], {})]
    return part if own else None


def projected(content: Content, format: str) -> dict[tuple[str, str], object]:
    """The entries of a glossary as a format has its own places for them."""
    entries = {(kind, entry.id): project(entry, kind, format) for kind, entry in content.entries()}
    return {key: entry for key, entry in entries.items() if FIELDS[f"{key[0]}.id"].places[format] == OWN}


def test_projecting_keeps_all_where_all_has_a_place(monkeypatch) -> None:
    """The judge of the round trips forgets nothing by itself."""
    everywhere = {path: structs.replace(field, places=dict.fromkeys(FORMATS, OWN)) for path, field in FIELDS.items()}
    monkeypatch.setattr("test_exchange.FIELDS", everywhere)
    content = Content((whole_term(),))
    (entry,) = projected(content, "csv").values()
    assert entry == {
        "id": "t", "name": "T", "definition": [{"value": "v", "text": "d", "sources": [{"id": "s", "at": "p", "as": "n"}]}],
        "broader": {"u": [{"id": "s"}]}, "aspects": {"a": [{"value": "w", "note": "z"}]}, "metrics": {"m": []},
    }  # fmt: skip


def whole_term() -> model.Term:
    cite = model.Citation("s")
    claims = (model.Claim("v", "d", (model.Citation("s", "p", "n"),)),)
    return model.Term("t", "T", (), (), claims, {"u": (cite,)}, {"a": (model.Claim("w", note="z"),)}, {"m": ()})


def round_trip(content: Content, format: str) -> Content:
    if format == "csv":
        return spreadsheet.read(spreadsheet.write(content).encode(), "f", {}).content
    if format == "datahub":
        return datahub.read(datahub.write(content, datahub.DataHub())[0].encode(), "f").content
    from cs_terms.exchange import skos_import

    return skos_import.read(skos.write(content, skos.Skos(BASE)).encode(), "f.ttl").content


def content_of(*paths: Path, builtin: bool) -> Content:
    from cs_terms.exchange.content import select

    with Glossary(*paths, builtin=builtin) as glossary:
        return select(glossary._view)[0]


IMPORTED = [
    "csv",
    "datahub",
    pytest.param(
        "skos",
        marks=pytest.mark.skipif(
            not __import__("importlib.util").util.find_spec("rdflib"), reason="rdflib is not installed"
        ),
    ),
]


@pytest.mark.parametrize("format", IMPORTED)
@pytest.mark.parametrize("file", [None, *FILES], ids=lambda file: file.stem if file else "shipped")
def test_what_has_a_place_comes_back(file: Path | None, format: str, tmp_path: Path) -> None:
    content = content_of(*([file] if file else []), builtin=file is None)
    with Glossary(*([file] if file else []), builtin=file is None) as glossary:
        exported = tmp_path / ("e.ttl" if format == "skos" else "e")
        glossary.export(format, **OPTIONS.get(format, {})).write_to(str(exported))
    made = import_file(format, str(exported), {})
    (text,) = made.texts
    (tmp_path / "made.yaml").write_text(text, encoding="utf-8")
    assert made.found.left_out == ()
    assert projected(content_of(tmp_path / "made.yaml", builtin=False), format) == projected(content, format)


@st.composite
def glossaries(draw) -> Content:
    """Any glossary whose references lead somewhere."""
    some_terms, some_metrics, some_aspects = (draw(by_id(each)) for each in (terms, metrics, aspects))

    def refer(links, entries, but=None):
        known = [entry.id for entry in entries if entry.id != but]
        return {known[number % len(known)]: cites for number, cites in enumerate(links.values())} if known else {}

    some_terms = tuple(
        structs.replace(
            term,
            broader=refer(term.broader, some_terms, term.id),
            aspects=refer(term.aspects, some_aspects),
            metrics=refer(term.metrics, some_metrics),
        )
        for term in some_terms
    )
    cited = sorted(set(find_cited((some_terms, tuple(some_metrics), tuple(some_aspects)))))
    titles = draw(st.lists(texts, min_size=len(cited), max_size=len(cited), unique=True))
    some_sources = tuple(
        model.Source(
            id, title, draw(optional), draw(urls), draw(st.sampled_from([None, "2023", "2023-04"])), draw(optional)
        )
        for id, title in zip(cited, titles, strict=True)
    )
    return Content(some_terms, tuple(some_metrics), tuple(some_aspects), some_sources)


@pytest.mark.parametrize("format", IMPORTED)
@given(glossaries())
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_glossary_comes_back(format: str, content: Content) -> None:
    assume(content.terms or content.metrics)
    assert projected(round_trip(content, format), format) == projected(content, format)
