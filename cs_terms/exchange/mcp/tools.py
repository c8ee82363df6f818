"""The tools of the server: when a model should call each, and what the glossary answers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from cs_terms.api import Glossary
from cs_terms.errors import NOT_THERE, USAGE, CstermsError
from cs_terms.exchange.mcp.arguments import (
    Asked,
    Calc,
    Compare,
    CompareSources,
    Disputes,
    List,
    Metrics,
    Number,
    Search,
    Show,
    convert,
)
from cs_terms.exchange.mcp.writing import write_answer, write_error
from cs_terms.loading.files import Layer
from cs_terms.output.answer import Answer

Open: TypeAlias = Callable[[Iterable[str]], Glossary]
"""Opens the glossary as some sources tell it; as all that the server serves, where none is named."""


class Tool(Struct, frozen=True):
    """One tool of the server."""

    title: str
    """What a client shows."""
    description: str
    """When a model should call it, and what it answers."""
    takes: type[Asked]
    """Its arguments."""
    answer: Callable[[Glossary, Any], Answer]
    """What the glossary answers to them."""
    silence: str = "none"
    """What stands in a cell where nothing is said."""
    less: str = ""
    """How to ask for a part of an answer that is too long."""


def _compare(glossary: Glossary, asked: Compare) -> Answer:
    return glossary.compare(*asked.terms, **_depth(asked))


def _compare_sources(glossary: Glossary, asked: CompareSources) -> Answer:
    return glossary.compare(asked.term, by="source", **_depth(asked))


def _depth(asked: Compare | CompareSources) -> dict[str, Any]:
    return {
        "aspects": asked.aspects,
        "differences": asked.differences,
        "full": asked.detail == "full",
        "brief": asked.detail == "values",
        "places": True,
    }


def _calc(glossary: Glossary, asked: Calc) -> Answer:
    for name, value in asked.inputs.items():
        if any(isinstance(each, str) and each.lstrip().startswith("@") for each in _items(value)):
            message = f"{name}: no file is read for an assistant, got {value!r}"
            raise CstermsError(USAGE, message, hint="give the number, or the list of numbers")
    return glossary.calc(asked.metric, asked.inputs, asked.reading, asked.digits)


def _items(value: Number | list[Number]) -> list[Number]:
    return value if isinstance(value, list) else [value]


def _list(glossary: Glossary, asked: List) -> Answer:
    return glossary.list(*([asked.kind.removesuffix("s")] if asked.kind else ["term", "metric", "aspect"]))


_CITED = " Name the source whenever you repeat a claim, and quote wording only from an answer in full."
TOOLS = {
    "search": Tool(
        "Search the glossary",
        "Find entries by words, the nearest first. Call it when you do not know how the glossary names something, or"
        " which entries speak of it. It names no sources: call show or compare for who says what you find.",
        Search,
        lambda glossary, asked: glossary.search(asked.words),
        less="Search for more words, or longer ones.",
    ),
    "compare": Tool(
        "Compare terms",
        "Lay two or more terms side by side: what each means, how they differ, what measures them, what they do"
        " together, and how many sources say so. Call it for any question on how terms differ or which of them owns"
        " something. It also says where sources contradict each other (contested), and where no source says anything."
        + _CITED,
        Compare,
        _compare,
        silence="no source says",
        less='Ask again with aspects for the rows that matter, or with detail "short" or "values" for all rows.',
    ),
    "compare_sources": Tool(
        "Compare what sources say of a term",
        "Lay side by side what each source says of one term. Call it when somebody asks who says something, or whether"
        " the sources agree on a term." + _CITED,
        CompareSources,
        _compare_sources,
        silence="does not say",
        less='Ask again with aspects for the rows that matter, or with detail "short" or "values" for all rows.',
    ),
    "show": Tool(
        "Show entries in full",
        "Show terms, metrics, aspects or sources in full, each claim with its source and the place in it. Call it for"
        " the definition of one term, for a metric's formulas and their inputs, or for a source's title and address."
        + _CITED,
        Show,
        lambda glossary, asked: glossary.show(*asked.names, kind=asked.kind),
        less="Name one entry at a time. compare_sources has the other rows of a term: name them as aspects.",
    ),
    "metrics": Tool(
        "Show what measures what",
        "Show which metrics a term is measured by, who says so, the unit, the formula and who publishes it; without"
        " terms, a table of all metrics by all terms. Call it to find which function owns a metric: a metric can be"
        " given to several terms by different sources, and then none of them alone owns it.",
        Metrics,
        lambda glossary, asked: glossary.metrics_of(*asked.terms),
        less="Name one term at a time.",
    ),
    "disputes": Tool(
        "Show disputes",
        "Show where sources contradict each other, and which metrics they give to several terms. Call it before you"
        " present anything on a term as settled.",
        Disputes,
        lambda glossary, asked: glossary.disputes(*asked.terms),
        less="Name one term at a time.",
    ),
    "calc": Tool(
        "Work out a metric",
        "Work a metric out from numbers, by every published reading of its formula, exactly. Call it instead of"
        " calculating, and report the spread where the readings differ. Call show first for the names of the inputs.",
        Calc,
        _calc,
        less="Ask for one reading at a time.",
    ),
    "list": Tool(
        "List entries",
        "List ids, names and one line of meaning. Call it to see what the glossary has.",
        List,
        _list,
        less="Ask for one kind, or call search with words of the entry that you look for.",
    ),
}
"""The tools by name, in the order in which they are listed."""


def list_tools() -> list[dict[str, Any]]:
    """Returns the tools as the protocol lists them, with the JSON Schema of what each takes."""
    _, schemas = msgspec.json.schema_components([tool.takes for tool in TOOLS.values()])
    hints = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
    return [
        {
            "name": name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": {key: part for key, part in schemas[tool.takes.__name__].items() if key != "title"},
            "annotations": {"title": tool.title, **hints},
        }
        for name, tool in TOOLS.items()
    ]


def call_tool(open_glossary: Open, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns what a tool answers, or what is wrong with the call. The tool exists."""
    tool = TOOLS[name]
    try:
        asked = convert(name, tool.takes, arguments)
        with open_glossary(asked.sources) as glossary:
            text = write_answer(tool.answer(glossary, asked), silence=tool.silence, less=tool.less)
    except CstermsError as error:
        return {"content": [{"type": "text", "text": write_error(error)}], "isError": True}
    return {"content": [{"type": "text", "text": text}], "isError": False}


def open_served(layers: Callable[[], Sequence[Layer]], served: Sequence[str], asked: Sequence[str]) -> Glossary:
    """Opens the glossary as some sources tell it, which have to be among those that are served.

    Raises CstermsError where a source is none, or is not served, or a layer is wrong.
    """
    found = layers()
    glossary = Glossary.from_layers(found, served)
    if not asked:
        return glossary
    with glossary:
        ids = [glossary.sources[name].id for name in asked]
        there = list(glossary.sources)
    if missing := [id for id in ids if id not in there]:
        message = f"{missing[0]} is not among the sources that this server speaks for"
        raise CstermsError(NOT_THERE, message, hint=f"sources may be {', '.join(there)}")
    return Glossary.from_layers(found, ids)
