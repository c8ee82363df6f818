"""The options and arguments of commands, each said once, so that it reads the same in every command."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from cs_terms import complete
from cs_terms.glossary import Glossary
from cs_terms.loading.database import Database, open_database
from cs_terms.loading.files import chosen
from cs_terms.model import KINDS
from cs_terms.names import suggestion
from cs_terms.output.output import emit, say, standard_output
from cs_terms.output.render import FORMATS, default_format
from cs_terms.resolve import resolve

P = ParamSpec("P")
Value = TypeVar("Value")

Definitions = Annotated[
    list[str],
    typer.Option("-D", "--definitions", metavar="PATH", help="Read these definitions too: a file or a folder."),
]
NoBuiltin = Annotated[bool, typer.Option("--no-builtin", help="Leave the shipped definitions out.")]
Sources = Annotated[
    list[str],
    typer.Option(
        "-s",
        "--source",
        metavar="ID",
        autocompletion=complete.ids("source"),
        help="Only what this source says; repeatable.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        autocompletion=complete.words(*FORMATS),
        help=f"{', '.join(FORMATS)}; table at a terminal and tsv in a pipe if none.",
    ),
]
Aspects = Annotated[
    list[str],
    typer.Option(
        "-a",
        "--aspect",
        metavar="NAME",
        autocompletion=complete.ids("aspect"),
        help="Only this aspect's row; repeatable.",
    ),
]
Differences = Annotated[bool, typer.Option("--differences", help="Only the rows that differ.")]
Brief = Annotated[bool, typer.Option("--brief", help="Only values, and texts where there are none.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="source", autocompletion=complete.words("source"), help="What each source says of one term."
    ),
]
OneReading = Annotated[str | None, typer.Option("--reading", metavar="NAME", help="Only this reading of the metric.")]
ProblemFormat = Annotated[
    str,
    typer.Option(
        "-f",
        "--format",
        metavar="FORMAT",
        autocompletion=complete.words("text", "json", "github"),
        help="text, json or github.",
    ),
]

Terms = Annotated[
    list[str], typer.Argument(metavar="TERM...", autocompletion=complete.ids("term"), help="Names of terms.")
]
AnyTerms = Annotated[
    list[str],
    typer.Argument(metavar="TERM...", autocompletion=complete.ids("term"), help="Names of terms; all terms if none."),
]
Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...", autocompletion=complete.ids(*KINDS), help="Names of terms, metrics, aspects or sources."
    ),
]
Metric = Annotated[
    str, typer.Argument(metavar="METRIC", autocompletion=complete.ids("metric"), help="Name of a metric.")
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME=VALUE...",
        autocompletion=complete.inputs,
        help="Inputs: a number, a series 5,7,12, or @FILE (@- for standard input) for a column.",
    ),
]
Words = Annotated[list[str], typer.Argument(metavar="WORD...", help="Words or beginnings of words; all must be there.")]
Kind = Annotated[
    str | None,
    typer.Argument(
        metavar="KIND",
        autocompletion=complete.words(*(f"{kind}s" for kind in KINDS)),
        help="terms, metrics, aspects or sources; all kinds if none.",
    ),
]
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files or folders; the shipped definitions if none.")
]

Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder to write to; made where there is none.")]


def reading(answer: Callable[Concatenate[Glossary, P], object]) -> Callable[..., None]:
    """Makes a command of a function from a glossary to an answer: adds the options that every reading command takes."""

    def command(
        definitions: Definitions = [],
        no_builtin: NoBuiltin = False,
        source: Sources = [],
        format: Format = None,
        **arguments: Any,
    ) -> None:
        out = standard_output()
        printed = pick(FORMATS, default_format(out) if format is None else format, "--format")

        def answer_from(database: Database) -> object:
            everything = Glossary(database)
            only = [resolve(everything, each, ("source",))[1] for each in source]
            return answer(Glossary(database, only), **arguments)  # type: ignore[call-arg]

        with closing(open_database(chosen(definitions, no_builtin=no_builtin))) as database:
            answered = answer_from(database)
        emit(printed(answered, out))
        for remark in getattr(answered, "remarks", ()):
            say(f"csterms: {remark}")

    own = list(inspect.signature(answer).parameters.values())[1:]
    shared = [each for each in inspect.signature(command).parameters.values() if each.name != "arguments"]
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    command.__name__, command.__doc__ = answer.__name__, answer.__doc__
    return command


def pick(choices: Mapping[str, Value], word: str, option: str) -> Value:
    """What the word stands for among an option's choices."""
    if word not in choices:
        message = f"{word!r}; expected {', '.join(choices)}{suggestion(word, choices)}"
        raise typer.BadParameter(message, param_hint=option)
    return choices[word]
