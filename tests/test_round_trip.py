"""Any glossary that the model can express, written as YAML, loads back the same."""

from decimal import Decimal

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_terms import model
from cs_terms.loading.build import read_document
from cs_terms.merge import unite_claims

# Any text but the empty one and halves of characters; yaml writes what cannot stand as it is as an escape.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), min_size=1, max_size=12)
ids = st.text("abcz-09_é", min_size=1, max_size=6).filter(lambda id: id[0] != "-")
optional = st.none() | texts
numbers = st.decimals(-(10**6), 10**6, places=3)


def unique(values):
    return st.lists(values, max_size=3, unique_by=lambda each: each.id if hasattr(each, "id") else each.label).map(
        tuple
    )


citations = unique(st.builds(model.Citation, ids, optional, optional))
names = unique(st.builds(model.Name, texts, citations))
claims = (
    st.lists(
        st.builds(model.Claim, optional, optional, citations, optional).filter(lambda claim: claim.value or claim.text),
        max_size=3,
    )
    .map(unite_claims)
    .map(tuple)
)
keyed = st.dictionaries(ids, citations, max_size=3)
urls = st.none() | st.text("aé./?#=|[]%", max_size=8).map(lambda rest: f"https://e{rest}")
dates = st.none() | st.dates().map(lambda day: day.isoformat()) | st.sampled_from(["2023", "2023-04"])
sources = st.builds(model.Source, ids, texts, optional, urls, dates, optional)
aspects = st.builds(
    model.Aspect,
    ids,
    texts,
    optional,
    names,
    st.lists(texts, max_size=3, unique=True).map(tuple),
    st.none() | st.booleans(),
    optional,
)
terms = st.builds(
    model.Term,
    ids,
    texts,
    names,
    names,
    claims,
    keyed,
    st.dictionaries(ids, claims.filter(bool), max_size=3),
    keyed,
    optional,
).filter(lambda term: term.id not in term.broader)
readings = st.builds(
    lambda name, low, high, result, cites, flags, note, unit, better: model.Reading(
        name, "x + sum(y)", {"x": model.Input(name), "y": model.Input(name, unit)}, unit, (None, max(low, high) * 10**7 + 10**14),
        better, None if result is None else model.Example({"x": result, "y": (result, low)}, result + result + low), cites, *flags, note,
    ),
    texts, numbers, numbers, st.none() | numbers, citations, st.tuples(*[st.none() | st.booleans()] * 2), optional, optional,
    st.sampled_from([None, "higher", "lower", "depends"]),
)  # fmt: skip
metrics = st.builds(
    model.Metric, ids, texts, names, names, claims, optional,
    st.none() | st.just((None, None)) | numbers.map(lambda number: (number, number + 1)),
    st.sampled_from([None, "higher", "lower", "depends"]), optional,
    st.lists(readings, max_size=2, unique_by=lambda reading: reading.name).map(tuple), st.none() | st.booleans(), optional,
)  # fmt: skip
together = st.builds(
    lambda first, second, text, value, cites: model.Together((first, f"{second}2"), text, value, cites),
    ids, ids, texts, optional, citations,
)  # fmt: skip


def present(**keys):
    return {key.removesuffix("_"): value for key, value in keys.items() if value not in (None, [], {}, ())}


def write_citations(cites):
    return {cite.id: present(at=cite.at, as_=cite.as_) or None for cite in cites}


def write_names(each):
    return {name.label: write_citations(name.sources) for name in each}


def write_claims(each):
    return [present(value=c.value, text=c.text, sources=write_citations(c.sources), note=c.note) for c in each]


def write_keyed(each):
    return {key: write_citations(cites) for key, cites in each.items()}


def write_number(value):
    return [str(each) for each in value] if isinstance(value, tuple) else str(value)


def write_range(bounds):
    return bounds and [None if bound is None else str(bound) for bound in bounds]


def write_reading(each):
    return present(
        name=each.name,
        formula=each.formula,
        inputs={name: present(meaning=of.meaning, unit=of.unit) for name, of in each.inputs.items()},
        unit=each.unit,
        range=write_range(each.range),
        better=each.better,
        example=each.example
        and {
            "inputs": {name: write_number(value) for name, value in each.example.inputs.items()},
            "result": str(each.example.result),
        },
        sources=write_citations(each.sources),
        unverified=each.unverified,
        interpretation=each.interpretation,
        note=each.note,
    )


def write(entry):
    """An entry as a definition file has it, every short form written out."""
    if isinstance(entry, model.Source):
        return present(title=entry.title, publisher=entry.publisher, url=entry.url, date=entry.date, note=entry.note)
    named = {"name": entry.name, "also_called": write_names(entry.also_called), "note": entry.note}
    if isinstance(entry, model.Aspect):
        return present(**named, question=entry.question, values=list(entry.values), key=entry.key)
    named |= {"abbreviations": write_names(entry.abbreviations), "definition": write_claims(entry.definition)}
    if isinstance(entry, model.Term):
        return present(
            **named,
            broader=write_keyed(entry.broader),
            aspects={key: write_claims(each) for key, each in entry.aspects.items()},
            metrics=write_keyed(entry.metrics),
        )
    return present(
        **named,
        unit=entry.unit,
        range=write_range(entry.range),
        better=entry.better,
        pitfalls=entry.pitfalls,
        readings=[write_reading(each) for each in entry.readings],
        unverified=entry.unverified,
    )


def by_id(entries):
    return st.lists(entries, max_size=3, unique_by=lambda entry: entry.id)


@given(by_id(sources), by_id(aspects), by_id(terms), by_id(metrics), st.lists(together, max_size=2), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_what_is_loaded(sources, aspects, terms, metrics, points, flow) -> None:
    written = {
        "sources": {entry.id: write(entry) for entry in sources},
        "aspects": {entry.id: write(entry) for entry in aspects},
        "terms": {entry.id: write(entry) for entry in terms},
        "metrics": {entry.id: write(entry) for entry in metrics},
        "together": [
            present(terms=list(each.terms), text=each.text, value=each.value, sources=write_citations(each.sources))
            for each in points
        ],
    }
    # PyYAML writes these three as they are, and they come back as line breaks; escaped, they come back.
    unicode = not any(each in yaml.dump(written, allow_unicode=True) for each in "\x85\u2028\u2029")
    text = yaml.safe_dump(written, allow_unicode=unicode, default_flow_style=flow, sort_keys=False, width=40)
    document = read_document(text.encode(), "f")
    chosen = ("reserved-name", "repeated-value")  # what no two entries of one's own would be called
    errors = [each for each in document.problems if each.severity == "error" and each.rule not in chosen]
    assert not errors, text
    assert [fragment.entry for fragment in document.fragments] == [*sources, *aspects, *terms, *metrics]
    assert list(document.together) == points


@given(numbers)
def test_numbers_keep_their_digits(number: Decimal) -> None:
    document = read_document(f"metrics: {{m: {{name: M, range: [{number}, null]}}}}".encode(), "f")
    (fragment,) = document.fragments
    assert str(fragment.entry.range[0]) == str(number)
