"""What a shell can complete, with full names beside it where the shell shows such. A mistake offers nothing."""

from collections.abc import Callable, Iterable
from contextlib import closing

import typer

from cs_terms.errors import CstermsError
from cs_terms.glossary import View
from cs_terms.loading.database import open_database
from cs_terms.loading.files import chosen
from cs_terms.model import Reading, abbreviations
from cs_terms.names import resolve, resolve_term
from cs_terms.text import printable

Completions = list[tuple[str, str]]
"""Words, each with its help."""


def names(*kinds: str) -> Callable[[typer.Context, str], Completions]:
    """Completes the ids and abbreviations of these kinds that the line does not have yet, over its own definitions."""

    def complete(ctx: typer.Context, incomplete: str) -> Completions:
        given = {word for words in ctx.params.values() if isinstance(words, (list, tuple)) for word in words}

        def find(view: View) -> Completions:
            found = [(id, view.full_name(kind, id)) for kind in kinds for id in view.beginning(kind, incomplete)]
            found += _abbreviations(view, kinds, incomplete)
            return [(word, printable(help)) for word, help in dict(found).items() if word not in given]

        return _quietly(ctx, find)

    return complete


def _abbreviations(view: View, kinds: Iterable[str], incomplete: str) -> Completions:
    """The abbreviations that begin so, in the case in which they were begun."""
    found = [(kind, id) for kind, id in view.names_beginning(incomplete) if kind in kinds] if incomplete else []
    return [
        (incomplete + rest, view.full_name(kind, id))
        for kind, id in found
        for name in abbreviations(view.entry(kind, id))
        if name.label.casefold().startswith(incomplete.casefold()) and " " not in name.label
        for rest in [
            name.label[len(incomplete) :] if incomplete[-1].isupper() else name.label[len(incomplete) :].lower()
        ]
    ]


def sources(ctx: typer.Context, incomplete: str) -> Completions:
    """Completes the sources that speak of the terms on the line; all sources where there is none."""

    def complete(view: View) -> Completions:
        # Where an option is being completed, the parser has left the arguments before it as they are.
        terms = [view.term(resolve_term(view, name)) for name in ctx.params.get("terms") or ctx.args]
        ids = [source.id for source in view.cited_in(tuple(terms))] if terms else view.beginning("source", incomplete)
        given = ctx.params.get("source") or ()
        found = (id for id in ids if id.startswith(incomplete) and id not in given)
        return [(id, printable(view.full_name("source", id))) for id in found]

    return _quietly(ctx, complete)


def inputs(ctx: typer.Context, incomplete: str) -> Completions:
    """Completes the inputs of the metric on the line."""

    def complete(view: View) -> Completions:
        given = {word.partition("=")[0] for word in ctx.params.get("inputs") or ()}
        means = {name: of.meaning for reading in _readings(view, ctx) for name, of in reading.inputs.items()}
        return [(f"{name}=", means[name]) for name in means if name.startswith(incomplete) and name not in given]

    return _quietly(ctx, complete)


def readings(ctx: typer.Context, incomplete: str) -> Completions:
    """Completes the names of the readings of the metric on the line, with hyphens for spaces, which need no quotes."""

    def complete(view: View) -> Completions:
        named = ((reading.name.lower().replace(" ", "-"), reading.formula) for reading in _readings(view, ctx))
        return [(name, printable(formula)) for name, formula in named if name.startswith(incomplete.lower())]

    return _quietly(ctx, complete)


def _readings(view: View, ctx: typer.Context) -> tuple[Reading, ...]:
    name = ctx.params.get("metric") or (ctx.args or [""])[0]  # see `sources`
    return view.metric(resolve(view, name, ("metric",))[1]).readings


def words(*known: str) -> Callable[[str], list[str]]:
    """Completes one of these words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return complete


def _quietly(ctx: typer.Context, complete: Callable[[View], Completions]) -> Completions:
    # Standard input is the shell's while it completes.
    given = [path for path in ctx.params.get("definitions") or () if isinstance(path, str) and path != "-"]
    try:
        with closing(open_database(chosen(given, no_builtin=bool(ctx.params.get("no_builtin"))))) as database:
            return complete(View(database))
    except (CstermsError, OSError):
        return []
