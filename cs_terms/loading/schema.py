"""What a definition file may say: its types, each key with a sentence of its own.

`shape` holds every file against these types, `build` converts it to them, and the JSON Schema that editors read is made
from them. The title of a type is what an error message says was expected; its `extra`, which the JSON Schema does not
show, marks what `shape` collects: `refers_to` the ids of entries of that kind, `claims` claims.
"""

from typing import Annotated, Any, Literal, TypeAlias, cast

import msgspec
from msgspec import Meta, Struct, field

from cs_terms.model import NUMBER

# Editors read 12, true or 2023 as no text; csterms does, wherever text is asked for. `types` becomes the `type` of the
# JSON Schema, which msgspec would not have overridden.
Text: TypeAlias = Annotated[
    str, Meta(title="text", min_length=1, extra_json_schema={"types": ["string", "number", "boolean"]})
]
Id: TypeAlias = Annotated[str, Meta(title="an id", min_length=1)]
SourceId: TypeAlias = Annotated[Id, Meta(extra={"refers_to": "source"})]
AspectId: TypeAlias = Annotated[Id, Meta(extra={"refers_to": "aspect"})]
TermId: TypeAlias = Annotated[Id, Meta(extra={"refers_to": "term"})]
MetricId: TypeAlias = Annotated[Id, Meta(extra={"refers_to": "metric"})]
# The patterns stand in the JSON Schema alone, for `shape` and for editors: msgspec 0.22 frees memory twice where a str
# with a pattern of msgspec's own stands in a union with a list.
Number: TypeAlias = Annotated[
    str,
    Meta(title="a number", extra_json_schema={"types": ["number", "string"], "pattern": f"^{NUMBER}$"}),
]
Flag: TypeAlias = Annotated[
    Literal["true", "True", "TRUE", "false", "False", "FALSE"],
    Meta(title="true or false", extra_json_schema={"types": "boolean"}),
]


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every mapping with fixed keys: an unknown key is an error."""


class Place(Mapping, frozen=True):
    """Where in a source it is said."""

    at: Annotated[Text | None, Meta(description="The place in the source: a section, a table, a row.")] = None
    as_: Annotated[Text | None, Meta(description="The name as printed there, where it is not the entry's own.")] = (
        field(default=None, name="as")
    )


Citations: TypeAlias = Annotated[
    SourceId | list[SourceId] | dict[SourceId, Text | Place | None],
    Meta(title="source ids, as in [handbook, wiki] or {handbook: page 3}"),
]


class Claim(Mapping, frozen=True):
    """What somebody says: a value, a sentence, or both."""

    value: Annotated[Text | None, Meta(description="A few words that can stand alone.")] = None
    text: Annotated[Text | None, Meta(description="One sentence.")] = None
    sources: Annotated[Citations | None, Meta(description="Who says so, each of them by itself.")] = None
    note: Annotated[Text | None, Meta(description="A remark of your own, cited to nobody.")] = None


Claims: TypeAlias = Annotated[
    Text | Claim | list[Text | Claim],
    Meta(title="a text, or value, text and sources below it, or a list of such claims", extra={"claims": True}),
]
Names: TypeAlias = Annotated[
    list[Text] | dict[Text, Citations | None],
    Meta(title="a list of names, as in [CS, CX] or {CS: [handbook]}"),
]


class Source(Mapping, frozen=True):
    """Somebody who says something, in a place that can be looked up."""

    title: Annotated[Text | None, Meta(description="The title of the article, book or page. Required.")] = None
    publisher: Annotated[Text | None, Meta(description="Who publishes it.")] = None
    url: Annotated[Text | None, Meta(description="Where to read it.")] = None
    date: Annotated[Text | None, Meta(description="When it was published or last changed.")] = None
    note: Annotated[Text | None, Meta(description="A remark of your own.")] = None


class Aspect(Mapping, frozen=True):
    """A question asked of every term."""

    name: Annotated[Text | None, Meta(description="A word or two, as a row's heading. Required.")] = None
    question: Annotated[Text | None, Meta(description="The question that a claim's value answers.")] = None
    also_called: Annotated[Names | None, Meta(description="What sources call the same question.")] = None
    values: Annotated[
        list[Text] | None,
        Meta(
            title="a list of values, as in [low, high]",
            description="The closed set of answers; leave it out where answers are free.",
        ),
    ] = None
    key: Annotated[
        Flag | None, Meta(description="true: one of the questions that a comparison shows at first sight.")
    ] = None
    note: Annotated[Text | None, Meta(description="A remark of your own.")] = None


class Term(Mapping, frozen=True):
    """One of the things that are compared."""

    name: Annotated[Text | None, Meta(description="Its full name. Required in one layer.")] = None
    abbreviations: Annotated[Names | None, Meta(description="Its abbreviations.")] = None
    also_called: Annotated[Names | None, Meta(description="Its synonyms.")] = None
    definition: Annotated[Claims | None, Meta(description="What it is.")] = None
    broader: Annotated[
        dict[TermId, Citations | None] | None,
        Meta(title="ids of terms, as in {store: [handbook]}", description="The terms it is part of, and who says so."),
    ] = None
    aspects: Annotated[
        dict[AspectId, Claims] | None,
        Meta(
            title="ids of aspects, each with what is said under it",
            description="What is said of it, under each aspect.",
        ),
    ] = None
    metrics: Annotated[
        MetricId | list[MetricId] | dict[MetricId, Citations | None] | None,
        Meta(
            title="ids of metrics, as in [size, price] or {size: [handbook]}",
            description="What it is measured by, and who says so.",
        ),
    ] = None
    note: Annotated[Text | None, Meta(description="A remark of your own.")] = None


class Input(Mapping, frozen=True):
    """One number, or series of numbers, that a formula works on."""

    meaning: Annotated[Text, Meta(description="What is counted or measured.")]
    unit: Annotated[Text | None, Meta(description="In what unit.")] = None


class Example(Mapping, frozen=True):
    """A formula worked out once."""

    inputs: Annotated[
        dict[Text, Number | list[Number]],
        Meta(
            title="inputs with their numbers, as in {answered: 9, durations: [2, 3]}",
            description="A value for each input.",
        ),
    ]
    result: Annotated[Number, Meta(description="What comes out, right to the digits it is printed with.")]


NumberRange: TypeAlias = Annotated[
    tuple[Number | None, Number | None],
    Meta(title="a list of two numbers, as in [0, 100], or [0, null] without an upper end"),
]


Better: TypeAlias = Literal["higher", "lower", "depends"]


class Reading(Mapping, frozen=True):
    """One way in which a metric is worked out."""

    name: Annotated[Text, Meta(description="What sets it apart from the metric's other readings.")]
    formula: Annotated[
        Text,
        Meta(description="+ - * / ** ( ) over the inputs, and sum, mean, median, min, max, count over a series."),
    ]
    inputs: Annotated[
        dict[Text, Text | Input],
        Meta(
            title="inputs with their meaning, as in {answered: Calls that were answered}",
            description="What each name in the formula means.",
        ),
    ]
    unit: Annotated[Text | None, Meta(description="The unit of the result, where it is not the metric's.")] = None
    range: Annotated[NumberRange | None, Meta(description="The range, where it is not the metric's.")] = None
    better: Annotated[Better | None, Meta(description="Which way is better, where it is not the metric's.")] = None
    example: Annotated[Example | None, Meta(description="A worked example, which `csterms check` recomputes.")] = None
    sources: Annotated[Citations | None, Meta(description="Who publishes it.")] = None
    unverified: Annotated[Flag | None, Meta(description="true: not confirmed.")] = None
    interpretation: Annotated[
        Flag | None,
        Meta(description="true: your own reading of an ambiguous text, not a formula that a source prints."),
    ] = None
    note: Annotated[Text | None, Meta(description="A remark of your own.")] = None


class Metric(Mapping, frozen=True):
    """A measure that sources give to terms."""

    name: Annotated[Text | None, Meta(description="Its full name. Required in one layer.")] = None
    abbreviations: Annotated[Names | None, Meta(description="Its abbreviations.")] = None
    also_called: Annotated[Names | None, Meta(description="Its synonyms.")] = None
    definition: Annotated[Claims | None, Meta(description="What it measures.")] = None
    unit: Annotated[Text | None, Meta(description="What its results are counted in.")] = None
    range: Annotated[NumberRange | None, Meta(description="What its results can lie between.")] = None
    better: Annotated[Better | None, Meta(description="Which way is better.")] = None
    pitfalls: Annotated[Text | None, Meta(description="What goes wrong with it.")] = None
    readings: Annotated[
        list[Reading] | None,
        Meta(title="a list of readings", description="The ways it is worked out, the primary one first."),
    ] = None
    unverified: Annotated[Flag | None, Meta(description="true: not confirmed.")] = None
    note: Annotated[Text | None, Meta(description="A remark of your own, such as why there is no formula.")] = None


class Together(Mapping, frozen=True):
    """What two or more terms do together."""

    terms: Annotated[
        list[TermId],
        Meta(title="a list of two or more term ids, as in [lake, warehouse]", description="Their ids.", min_length=2),
    ]
    text: Annotated[Text, Meta(description="One sentence.")]
    value: Annotated[Text | None, Meta(description="A few words.")] = None
    sources: Annotated[Citations | None, Meta(description="Who says so.")] = None


LeftOut: TypeAlias = Annotated[
    Id | Annotated[list[Id], Meta(min_length=1)],
    Meta(title="all, or a list of the ids of the sources whose words are left out"),
]


class Without(Mapping, frozen=True):
    """What this layer does not adopt of the layers before it."""

    sources: Annotated[
        Id | list[Id] | None, Meta(title="a list of source ids", description="Nothing that only these sources say.")
    ] = None
    terms: Annotated[Id | list[Id] | None, Meta(title="a list of term ids", description="None of these terms.")] = None
    aspects: Annotated[
        Id | list[Id] | None, Meta(title="a list of aspect ids", description="None of these aspects.")
    ] = None
    metrics: Annotated[
        Id | list[Id] | None, Meta(title="a list of metric ids", description="None of these metrics.")
    ] = None
    claims: Annotated[
        dict[Id, dict[Id, LeftOut | dict[Id, LeftOut]]] | None,
        Meta(
            title="ids of terms, each with what is left out of it, as in {lake: {cost: all}}",
            description="Of one term: by the id of an aspect, or definition, metrics or broader, what is left out there.",
        ),
    ] = None


class DefinitionFile(Mapping, frozen=True):
    """A csterms definition file. Any of these keys, in any number of files."""

    source: Annotated[SourceId | None, Meta(description="The source cited by whatever in this file cites nobody.")] = (
        None
    )
    sources: Annotated[
        dict[Id, Source] | None,
        Meta(title="ids of sources, each with its keys below it", description="Who says things."),
    ] = None
    aspects: Annotated[
        dict[Id, Aspect] | None,
        Meta(title="ids of aspects, each with its keys below it", description="Questions asked of every term."),
    ] = None
    terms: Annotated[
        dict[Id, Term] | None,
        Meta(title="ids of terms, each with its keys below it", description="The things that are compared."),
    ] = None
    metrics: Annotated[
        dict[Id, Metric] | None,
        Meta(title="ids of metrics, each with its keys below it", description="What terms are measured by."),
    ] = None
    together: Annotated[
        list[Together] | None, Meta(title="a list", description="What two or more terms do together.")
    ] = None
    without: Annotated[Without | None, Meta(description="What this layer does not adopt of the layers before it.")] = (
        None
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a definition file in draft-07, the draft that editors support best."""
    _, definitions = msgspec.json.schema_components([DefinitionFile], ref_template="#/definitions/{name}")
    top = definitions.pop(DefinitionFile.__name__)
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", **top, "definitions": definitions}
    return cast("dict[str, Any]", _draft_07(schema))


def _draft_07(node: object) -> object:
    """A part of the schema in the keywords of draft-07, without defaults: a key that is left out has no value."""
    if isinstance(node, list):
        return [_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    written = {key: _draft_07(value) for key, value in node.items() if key != "default"}
    if "types" in written:
        written["type"] = written.pop("types")
        written.pop("enum", None)
    if "prefixItems" in written:
        written |= {"items": written.pop("prefixItems"), "additionalItems": False}
    return {key: value for key, value in written.items() if (key, value) != ("required", [])}
