"""What a shell can complete: ids, with full names beside them where the shell shows such. Never an error, never a word."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import typer

from cs_terms.errors import CstermsError
from cs_terms.glossary import Glossary
from cs_terms.loading.database import open_database
from cs_terms.loading.files import chosen
from cs_terms.resolve import resolve
from cs_terms.text import printable

Completions = list[tuple[str, str]]
"""Words, each with its help."""


def ids(*kinds: str) -> Callable[[typer.Context, str], Completions]:
    """Completes the ids of these kinds, over the definitions that the command line names."""

    def complete(ctx: typer.Context, incomplete: str) -> Completions:
        return _quietly(ctx, lambda glossary: [each for kind in kinds for each in _ids(glossary, kind, incomplete)])

    return complete


def inputs(ctx: typer.Context, incomplete: str) -> Completions:
    """Completes the inputs of the metric that the command line names."""

    def complete(glossary: Glossary) -> Completions:
        metric = glossary.metric(resolve(glossary, ctx.params.get("metric") or "", ("metric",))[1])
        given = {word.partition("=")[0] for word in ctx.params.get("inputs") or ()}
        means = {name: of.meaning for reading in metric.readings for name, of in reading.inputs.items()}
        return [(f"{name}=", means[name]) for name in means if name.startswith(incomplete) and name not in given]

    return _quietly(ctx, complete)


def words(*known: str) -> Callable[[str], list[str]]:
    """Completes one of these words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return complete


def _quietly(ctx: typer.Context, complete: Callable[[Glossary], Completions]) -> Completions:
    given = [path for path in ctx.params.get("definitions") or () if isinstance(path, str)]
    try:
        layers = chosen(given, no_builtin=bool(ctx.params.get("no_builtin")))
        with closing(open_database(layers)) as database:
            return complete(Glossary(database))
    except (CstermsError, OSError, sqlite3.Error):
        return []


def _ids(glossary: Glossary, kind: str, incomplete: str) -> Completions:
    return [(id, printable(glossary.full_name(kind, id))) for id in glossary.beginning(kind, incomplete)]
