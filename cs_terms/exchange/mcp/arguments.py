"""What the tools take: the descriptions are read by models, and the types become JSON Schemas."""

import re
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from cs_terms.errors import USAGE, CstermsError
from cs_terms.spelling import suggestion

Number: TypeAlias = int | float | str
"""A number; a text where every digit of it matters."""

Terms = Annotated[list[str], Meta(description="Terms by id, full name, abbreviation or synonym.")]
AnyTerms = Annotated[list[str], Meta(description="Terms by id or any name; all terms if empty.")]
Detail = Annotated[
    Literal["short", "values", "full"],
    Meta(
        description="short: the answer at first sight. values: every row, values only. full: every sentence, with its"
        " source and the place in it; choose aspects as well, since all rows in full are too long for one answer."
    ),
]
Aspects = Annotated[
    list[str],
    Meta(
        description="Only these rows, in full: names of aspects (the tool list has them), or definition, part-of,"
        " metrics, together."
    ),
]
Differences = Annotated[bool, Meta(description="Only the rows that differ.")]


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every tool takes."""

    sources: Annotated[list[str], Meta(description="Only what these sources say, by id; all sources if empty.")] = []


class Search(Asked, frozen=True):
    """Finds terms, metrics, aspects and sources by words in their names and texts."""

    words: Annotated[str, Meta(description="Words or beginnings of words; all of them must stand in an entry.")]


class Compare(Asked, frozen=True):
    """Lays two or more terms side by side."""

    terms: Annotated[Terms, Meta(extra_json_schema={"minItems": 2})]
    """Too few of them the glossary itself refuses, with what to call instead."""
    detail: Detail = "short"
    aspects: Aspects = []
    differences: Differences = False


class CompareSources(Asked, frozen=True):
    """Lays side by side what each source says of one term."""

    term: Annotated[str, Meta(description="One term by id or any name.")]
    detail: Detail = "short"
    aspects: Aspects = []
    differences: Differences = False


class Show(Asked, frozen=True):
    """Shows entries in full."""

    names: Annotated[
        list[str],
        Meta(description="Terms, metrics, aspects or sources by id or any name (a source by its id).", min_length=1),
    ]
    kind: Annotated[
        Literal["term", "metric", "aspect", "source"] | None,
        Meta(description="Their kind, where one name may mean entries of several kinds."),
    ] = None


class Metrics(Asked, frozen=True):
    """Shows what terms are measured by."""

    terms: AnyTerms = []


class Disputes(Asked, frozen=True):
    """Shows where sources contradict each other."""

    terms: AnyTerms = []


class Calc(Asked, frozen=True):
    """Works a metric out."""

    metric: Annotated[str, Meta(description="One metric by id or any name, such as NPS.")]
    inputs: Annotated[
        dict[str, Number | list[Number]],
        Meta(
            description="Numbers by the names of the formula's inputs, which the tool show lists; a series is a list."
        ),
    ]
    reading: Annotated[str | None, Meta(description="Only this reading of the metric; every reading if null.")] = None
    digits: Annotated[
        Annotated[int, Meta(ge=0, le=30)] | None, Meta(description="Round results to so many decimals; exact if null.")
    ] = None


class List(Asked, frozen=True):
    """Lists entries."""

    kind: Annotated[
        Literal["terms", "metrics", "aspects", "sources"] | None,
        Meta(description="One kind of entry; terms, metrics and aspects if null."),
    ] = None


_WORDS = {
    "the call lacks": "Object missing required field",
    "there is no argument": "Object contains unknown field",
    "expected": "Expected",
}
"""Words for a model, and those of msgspec that they stand for."""


def convert(tool: str, takes: type[Asked], arguments: dict[str, Any]) -> Asked:
    """Returns the arguments of a tool. Raises CstermsError (USAGE) with what is wrong and where, and what it takes."""
    try:
        return msgspec.convert(arguments, takes)
    except msgspec.ValidationError as error:
        known = takes.__struct_fields__
        message = re.sub(r" - at `\$\.?(.*)`$", r", at \1", str(error))
        for ours, theirs in _WORDS.items():
            message = message.replace(theirs, ours)
        unknown = next((key for key in arguments if key not in known), None)
        near = suggestion(unknown, known) if unknown and "no argument" in message else ""
        required = [field.name for field in msgspec.structs.fields(takes) if field.required]
        optional = [field for field in known if field not in required]
        needs = f"{tool} needs {' and '.join(required)}, and takes" if required else f"{tool} takes"
        raise CstermsError(USAGE, f"{message}{near}", hint=f"{needs} {', '.join(optional)}") from error
