"""What goes to another system and comes back: the table of losses holds for every format, field by field."""

import json
import os
import types
from decimal import Decimal
from pathlib import Path
from typing import Union, get_args, get_origin, get_type_hints

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs
from test_round_trip import aspects, by_id, metrics, optional, terms, texts, urls

from cs_terms import Glossary, model
from cs_terms.exchange import datahub, losses, skos, spreadsheet
from cs_terms.exchange.content import Content, walk_all
from cs_terms.exchange.imports import import_file
from cs_terms.exchange.losses import FIELDS, FORMATS, LOST, OWN, TEXT
from cs_terms.exchange.yaml_text import write_front_matter, write_yaml
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
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_glossary_comes_back(format: str, content: Content) -> None:
    assume(content.terms or content.metrics)
    assert projected(round_trip(content, format), format) == projected(content, format)


nodes = st.recursive(
    texts | st.booleans() | st.none(),
    lambda inner: st.dictionaries(texts, inner, max_size=3) | st.lists(texts | st.none() | st.dictionaries(texts, inner, max_size=3), max_size=3),
    max_leaves=8,
)  # fmt: skip
words = st.sampled_from(["yes", "1", "1.0", "2023-04-20", "~", "null", "a: b", "a #b", "- a", "? a", "x,", "[x", "*a", "&a", "!a", "1:30", "a:", "=", "<<", "No", "inf"])  # fmt: skip


@given(st.dictionaries(texts | words, nodes | words | st.lists(words), max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_yaml_is_read_back_as_it_was_written(node) -> None:
    for written in (
        write_yaml(node),
        write_front_matter({f"k{number}": value for number, value in enumerate(node.values())}),
    ):
        for loader in (yaml.SafeLoader, yaml.CSafeLoader):
            read = yaml.load(written, Loader=loader)
            assert list((read or {}).values()) == list(node.values())
    assert (yaml.safe_load(write_yaml(node)) or {}) == node


HEAD = """# Other systems' formats

`csterms export SYSTEM` writes the glossary, or the terms and metrics that you name, to standard output or to `-o PATH`;
`csterms import SYSTEM FILE -o NEW.yaml` makes definitions of a file, never over one that is there, and checks them first. What a
format has no place for is said on standard error, in one line; `--losses` lists it entry by entry (`-f json` for a program),
and with `--strict` the exit code is 1.

| system | what it is | options |
|---|---|---|
| `csv` | a spreadsheet: one row is one definition or formula by one source | import: `--column KEY=HEADER` names a column (`--column name=Begriff`), `--source TITLE` is cited where a row cites nobody |
| `datahub` | DataHub's business glossary, as YAML | `--root` is what the glossary is called there, `--owner` who owns it |
| `openmetadata` | OpenMetadata's glossary as CSV, for its import, which overwrites; out only | `--glossary` is its name there, `--like EXPORT.csv` keeps its header, tags, owners and status |
| `skos` | a thesaurus in Turtle; into csterms in any serialization, with `pip install 'csterms[rdf]'` | `--base IRI` is what its IRIs begin with, and must never change; `--title`, `--lang`; `--definitions-as` `each` a literal with its sources, `one` literal for all, or `nodes` |
| `okf` | a folder of Markdown, for assistants; out only, into a folder that is empty or its own | `--title` |

A spreadsheet may be CSV or `.xlsx`, with any delimiter, in UTF-8, UTF-16 or what Windows writes. Columns are known by their
headers (term, description, acronym, synonyms, reference, KPI, formula and many more); csterms says which it read and which not,
and which rows it left out and why. Cells that a spreadsheet would take for formulas get an apostrophe in front, which goes
when they come back. `okf` and `skos` say on which day they were written; `SOURCE_DATE_EPOCH` sets it.

SKOS with `--definitions-as one` holds to the profile VocPub, which allows one definition a language; who defines is then text.
A synonym with a semicolon is left out of `openmetadata`, and of what a term is part of only the first is its parent there.
`datahub` refers by name, so that nothing can refer to an entry whose name another one bears.

## What has a place where

Printed from the table in `cs_terms/exchange/losses.py`; `UPDATE_GOLDEN=1 python -m pytest tests/test_exchange.py` writes it
anew. *own*: a place of its own, which an import reads back; *text*: written, but for readers alone; *lost*: left out.

"""


def test_the_page_is_the_table() -> None:
    lines = [f"| field | what it holds | {' | '.join(FORMATS)} |", f"|---|---|{'---|' * len(FORMATS)}"]
    for kinds, key, label, places in losses._TABLE:
        paths = " ".join(f"`{kind}.{key}`" for kind in kinds.split())
        lines.append(f"| {paths} | {label} | {' | '.join(places.split())} |")
    page = HEAD + "\n".join(lines) + "\n"
    if "UPDATE_GOLDEN" in os.environ:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def whole_glossary() -> tuple[Content, dict[str, list[str]]]:
    """A glossary that has every field, with a word in each that is nowhere else, and these words by their fields."""
    words: dict[str, list[str]] = {}

    def word(path: str) -> str:
        words.setdefault(path, []).append(f"w{len(words)}q")
        return words[path][-1]

    def cites(path: str, id: str) -> model.Citations:
        return (model.Citation(id, word(f"{path}.at"), word(f"{path}.as")),)

    def names(path: str, id: str) -> tuple[model.Name, ...]:
        return (model.Name(word(f"{path}.label"), cites(f"{path}.sources", id)),)

    def claims(path: str, id: str) -> tuple[model.Claim, ...]:
        return (
            model.Claim(
                word(f"{path}.value"), word(f"{path}.text"), cites(f"{path}.sources", id), word(f"{path}.note")
            ),
        )

    aspect = model.Aspect(
        "as1", word("aspect.name"), word("aspect.question"), names("aspect.also_called", "s1"), (word("aspect.values"),),
        True, word("aspect.note"),
    )  # fmt: skip
    reading = model.Reading(
        word("metric.readings.name"), "xin + 7319", {"xin": model.Input(word("metric.readings.inputs.meaning"), word("metric.readings.inputs.unit"))},
        word("metric.readings.unit"), (None, Decimal(987)), "depends", model.Example({"xin": Decimal(31)}, Decimal(7350)),
        cites("metric.readings.sources", "s1"), True, True, word("metric.readings.note"),
    )  # fmt: skip
    metric = model.Metric(
        "me1", word("metric.name"), names("metric.abbreviations", "s1"), names("metric.also_called", "s1"), claims("metric.definition", "s1"),
        word("metric.unit"), (Decimal(0), Decimal(4321)), "higher", word("metric.pitfalls"), (reading,), True, word("metric.note"),
    )  # fmt: skip
    other = model.Term("te2", "Other", definition=(model.Claim(text="Other."),))
    term = model.Term(
        "te1", word("term.name"), names("term.abbreviations", "s1"), names("term.also_called", "s1"), claims("term.definition", "s1"),
        {"te2": cites("term.broader.sources", "s1")}, {"as1": claims("term.aspects", "s1")}, {"me1": cites("term.metrics.sources", "s1")},
        word("term.note"),
    )  # fmt: skip
    source = model.Source("s1", word("source.title"), word("source.publisher"), f"https://e.x/{word('source.url')}", "1907", word("source.note"))  # fmt: skip
    both = model.Together(
        ("te1", "te2"), word("together.text"), word("together.value"), cites("together.sources", "s1")
    )
    return Content((term, other), (metric,), (aspect,), (source,), (both,)), words


def exported(content: Content, format: str) -> str:
    from cs_terms.exchange import okf, openmetadata

    write = {
        "csv": spreadsheet.write,
        "datahub": lambda content: datahub.write(content, datahub.DataHub())[0],
        "openmetadata": lambda content: openmetadata.write(content, openmetadata.OpenMetadata())[0],
        "skos": lambda content: skos.write(content, skos.Skos(BASE)),
        "okf": lambda content: "".join(okf.write(content, okf.Okf()).values()),
    }
    return write[format](content)


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_text_is_there_and_what_is_lost_is_not(format: str) -> None:
    content, words = whole_glossary()
    walked = {path for _, _, path, _ in walk_all(content)}
    assert walked == set(FIELDS)
    text = exported(content, format)
    wrong = {
        path: (FIELDS[path].places[format], word)
        for path, said in words.items()
        for word in said
        if (word in text) != (FIELDS[path].places[format] != LOST)
    }
    assert wrong == {}


@pytest.mark.parametrize("format", FORMATS)
def test_every_loss_is_listed_and_said_in_a_line(format: str, run, tmp_path: Path) -> None:
    options = f"--no-builtin -D {FILES[0]}" + (f" --base {BASE}" if format == "skos" else "")
    ran = run(f"export {format} {options} -o {tmp_path / 'out'}")
    assert ran.code == 0
    assert ran.err.startswith(f"csterms: {format}: ")
    assert ran.err.count("\n") == 1
    listed = run(f"export {format} {options} --losses --strict -f json")
    assert listed.code == 1
    content = content_of(FILES[0], builtin=False)
    expected = [
        (kind, id, path) for kind, id, path, _ in walk_all(content) if FIELDS[path].places[format] != OWN
    ]  # fmt: skip
    found = [(each["kind"], each["id"], each["field"]) for each in json.loads(listed.out)["losses"]]
    assert found[: len(expected)] == expected
    assert all(kind in KINDS for kind, _, _ in found[len(expected) :])
