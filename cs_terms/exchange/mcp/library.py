"""What people pick in a client: resources to attach, prompts to start from, and completions of names in both."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from cs_terms.api import EntriesByName, Glossary
from cs_terms.errors import NOT_THERE, USAGE, CstermsError
from cs_terms.exchange.mcp.tools import TOOLS
from cs_terms.exchange.mcp.writing import write_answer
from cs_terms.model import KINDS
from cs_terms.output.answer import Answer

PAGE = 100
"""How many resources or completions are listed at once."""
MARKDOWN = "text/markdown"
WHOLE = "csterms://glossary"
"""The address of the list of all entries but the sources."""


# Resources


def list_resources(glossary: Glossary, cursor: str | None) -> dict[str, Any]:
    """Returns the glossary and its terms, a page at a time. Raises CstermsError for a cursor that is none."""
    start = _read_cursor(cursor)
    terms = glossary.list("term").entries
    resources = [
        {
            "uri": f"csterms://term/{quote(each.id, safe='')}",
            "name": each.id,
            "title": each.name,
            **({"description": each.meaning} if each.meaning else {}),
            "mimeType": MARKDOWN,
        }
        for each in terms[start : start + PAGE]
    ]
    if not start:
        description = "All terms, metrics and aspects: ids, names, and one line of meaning."
        whole = {"uri": WHOLE, "name": "glossary", "title": "The glossary", "description": description}
        resources.insert(0, {**whole, "mimeType": MARKDOWN})
    more = start + PAGE < len(terms)
    return {"resources": resources, **({"nextCursor": str(start + PAGE)} if more else {})}


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise CstermsError(USAGE, f"{cursor[:50]!r} is no cursor of this server", hint="list again without one")
    return int(cursor)


def list_templates() -> list[dict[str, Any]]:
    """Returns the addresses of entries, with the id left open."""
    return [
        {
            "uriTemplate": f"csterms://{kind}/{{id}}",
            "name": kind,
            "title": f"A {kind}" if kind != "aspect" else "An aspect",
            "description": f"One {kind} in full, each claim with its source and the place in it.",
            "mimeType": MARKDOWN,
        }
        for kind in KINDS
    ]


def read_resource(glossary: Glossary, uri: str) -> dict[str, Any]:
    """Returns the glossary or one entry as Markdown. Raises CstermsError where there is no such resource."""
    kind, _, id = uri.removeprefix("csterms://").partition("/")
    answer: Answer
    if uri == WHOLE:
        tool, answer = TOOLS["list"], glossary.list("term", "metric", "aspect")
    elif uri.startswith("csterms://") and id and kind in KINDS:
        tool, answer = TOOLS["show"], glossary.show(unquote(id), kind=kind)
    else:
        hint = f"the resources are {WHOLE} and csterms://KIND/ID, where KIND is {', '.join(KINDS)}"
        raise CstermsError(NOT_THERE, f"there is no resource {uri[:200]!r}", hint=hint)
    text = write_answer(answer, silence=tool.silence, less=tool.less)
    return {"contents": [{"uri": uri, "mimeType": MARKDOWN, "text": text}]}


# Prompts


class Prompt(Struct, frozen=True):
    """A question that people start from."""

    title: str
    """What a client shows."""
    description: str
    """What it asks for."""
    arguments: dict[str, str]
    """What has to be filled in, and its meaning: names of terms."""
    write: Callable[..., str]
    """What it asks, given the glossary and the arguments."""


_HOW = (
    "Answer from the csterms glossary alone, whose answer to begin with is below; call its tools for what is missing"
    ' (detail "full" and aspects for sentences and places). Name the source of each claim. Where sources contradict'
    " each other, say that it is contested and who says what. Where no source says anything, say so; do not fill it in."
)


def _explain(glossary: Glossary, first: str, second: str) -> str:
    compared = glossary.compare(first, second)
    names = " and ".join(column.name for column in compared.columns)
    tool = TOOLS["compare"]
    answer = write_answer(compared, silence=tool.silence, less=tool.less)
    return f"Explain how {names} differ, for somebody who has a minute. {_HOW}\n\n{answer}"


def _define(glossary: Glossary, term: str) -> str:
    found = glossary.terms[term]
    tool = TOOLS["compare_sources"]
    answer = write_answer(glossary.compare(found.id, by="source"), silence=tool.silence, less=tool.less)
    return f"Define {found.name} in a few sentences that could stand in a handbook. {_HOW}\n\n{answer}"


PROMPTS = {
    "explain-difference": Prompt(
        "Explain a difference",
        "Explain how two terms differ, with the sources, and where the sources contradict each other.",
        {"first": "A term, such as success.", "second": "Another term, such as support."},
        _explain,
    ),
    "define-term": Prompt(
        "Define a term",
        "Define one term from what each source says of it.",
        {"term": "A term, such as success."},
        _define,
    ),
}
"""The prompts by name."""


def list_prompts() -> list[dict[str, Any]]:
    """Returns the prompts as the protocol lists them."""
    return [
        {
            "name": name,
            "title": prompt.title,
            "description": prompt.description,
            "arguments": [
                {"name": argument, "description": meaning, "required": True}
                for argument, meaning in prompt.arguments.items()
            ],
        }
        for name, prompt in PROMPTS.items()
    ]


def get_prompt(glossary: Glossary, name: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Returns what a prompt asks. Raises CstermsError where it is not there, or its arguments are others."""
    prompt = _find_prompt(name)
    if arguments.keys() != prompt.arguments.keys():
        message = f"{name} takes {' and '.join(prompt.arguments)}, got {', '.join(sorted(arguments)) or 'nothing'}"
        raise CstermsError(USAGE, message)
    content = {"type": "text", "text": prompt.write(glossary, **arguments)}
    return {"description": prompt.description, "messages": [{"role": "user", "content": content}]}


def _find_prompt(name: str) -> Prompt:
    if name not in PROMPTS:
        raise CstermsError(
            NOT_THERE, f"there is no prompt {name[:200]!r}", hint=f"the prompts are {', '.join(PROMPTS)}"
        )
    return PROMPTS[name]


# Completions


def complete_prompt(glossary: Glossary, name: str, argument: str, value: str, given: Iterable[str]) -> dict[str, Any]:
    """Returns the terms whose ids begin with a value, without those that other arguments are given already."""
    if argument not in _find_prompt(name).arguments:
        raise CstermsError(USAGE, f"{name} takes no {argument[:200]!r}")
    return _complete(glossary.terms, value, given)


def complete_template(glossary: Glossary, uri: str, argument: str, value: str) -> dict[str, Any]:
    """Returns the ids of a template's kind that begin with a value."""
    templates = {each["uriTemplate"]: each["name"] for each in list_templates()}
    if uri not in templates or argument != "id":
        hint = f"the templates are {', '.join(templates)}"
        raise CstermsError(USAGE, f"there is no template {uri[:200]!r} with {argument[:200]!r}", hint=hint)
    kinds: tuple[EntriesByName[Any], ...] = (glossary.terms, glossary.metrics, glossary.aspects, glossary.sources)
    return _complete(next(entries for entries in kinds if entries.kind == templates[uri]), value, ())


def _complete(ids: Iterable[str], value: str, given: Iterable[str]) -> dict[str, Any]:
    found = [id for id in ids if id.startswith(value.lower()) and id not in given]
    return {"completion": {"values": found[:PAGE], "total": len(found), "hasMore": len(found) > PAGE}}
