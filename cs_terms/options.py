"""The options and arguments of commands, each said once, so that it reads the same in every command."""

import contextlib
import inspect
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Annotated, Any, Concatenate, ParamSpec, TextIO, TypeVar

import typer

from cs_terms import complete
from cs_terms.api import Glossary
from cs_terms.loading.files import chosen
from cs_terms.model import KINDS
from cs_terms.output.answer import Answer
from cs_terms.output.formats import ENDINGS, FORMATS, default_format
from cs_terms.output.streams import emit, say, standard_output, write_file
from cs_terms.spelling import suggestion

P = ParamSpec("P")
Value = TypeVar("Value")

Definitions = Annotated[
    list[str],
    typer.Option(
        "-D",
        "--definitions",
        metavar="PATH",
        help="Read these definitions too: a file, folder or -.",
    ),
]
NoBuiltin = Annotated[bool, typer.Option("--no-builtin", help="Leave the shipped definitions out.")]
Sources = Annotated[
    list[str],
    typer.Option(
        "-s",
        "--source",
        metavar="ID",
        autocompletion=complete.sources,
        help="Only what these sources say; repeatable.",
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
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to this file; its ending says the format."),
]
PageOutput = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file, instead of a pipe.")
]
Header = Annotated[bool, typer.Option("--header", help="Name the columns of tsv.")]
NoPager = Annotated[bool, typer.Option("--no-pager", help="Print long output as it is.")]
Aspects = Annotated[
    list[str],
    typer.Option(
        "-a",
        "--aspect",
        metavar="NAME",
        autocompletion=complete.names("aspect"),
        help="Only this row, in full; repeatable, or with commas.",
    ),
]
Differences = Annotated[bool, typer.Option("--differences", help="Only the rows that differ.")]
Full = Annotated[bool, typer.Option("--full", help="Every row, sentence and source.")]
Brief = Annotated[bool, typer.Option("--brief", help="Every row, values only.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="source", autocompletion=complete.words("source"), help="What each source says of one term."
    ),
]
OneReading = Annotated[
    str | None,
    typer.Option(
        "--reading", metavar="NAME", autocompletion=complete.readings, help="Only this reading of the metric."
    ),
]
Table = Annotated[str, typer.Option("--table", metavar="TABLE", help="The table to read, such as finance.mrr.")]
Dialect = Annotated[
    str | None,
    typer.Option("--dialect", metavar="NAME", help="For postgres, duckdb, bigquery, spark, and others."),
]
InputColumns = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME=COLUMN...",
        autocompletion=complete.inputs,
        help="The column of each input; NAME alone if the column has that name; all readings if none.",
    ),
]
Data = Annotated[
    str | None,
    typer.Option("--data", metavar="FILE", help="A CSV or TSV file with a header; - is stdin."),
]
GroupBy = Annotated[
    str | None, typer.Option("--by", metavar="COLUMN", help="Rows with the same value here are one case.")
]
Label = Annotated[str | None, typer.Option("--label", metavar="COLUMN", help="The column that names the rows.")]
Digits = Annotated[
    int | None, typer.Option("--digits", metavar="N", min=0, max=30, help="Round results to N decimals.")
]
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
    list[str], typer.Argument(metavar="TERM...", autocompletion=complete.names("term"), help="Names of terms.")
]
AnyTerms = Annotated[
    list[str],
    typer.Argument(metavar="TERM...", autocompletion=complete.names("term"), help="Names of terms; all terms if none."),
]
Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...", autocompletion=complete.names(*KINDS), help="Names of terms, metrics, aspects or sources."
    ),
]
Metric = Annotated[
    str, typer.Argument(metavar="METRIC", autocompletion=complete.names("metric"), help="Name of a metric.")
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME=VALUE...",
        autocompletion=complete.inputs,
        help="Inputs: a number, 5,7,12, @FILE, @FILE:COLUMN, or a column.",
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
Strict = Annotated[bool, typer.Option("--strict", help="Fail on warnings, too.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Name the files that are checked.")]
Blank = Annotated[bool, typer.Option("--blank", help="Write its skeleton alone.")]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, folders, or - for standard input; what csterms.toml and $CSTERMS_DEFINITIONS name if none.",
    ),
]

ExportFormat = Annotated[
    str,
    typer.Argument(
        metavar="SYSTEM",
        autocompletion=complete.words("csv", "datahub", "openmetadata", "skos", "okf"),
        help="csv, datahub, openmetadata, skos or okf.",
    ),
]
Exported = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        autocompletion=complete.names("term", "metric"),
        help="Names of terms and metrics; all if none.",
    ),
]
Base = Annotated[str, typer.Option("--base", metavar="IRI", help="skos: what its IRIs begin with.")]
Title = Annotated[
    str,
    typer.Option("--title", "--root", "--glossary", metavar="TEXT", help="What the glossary is called there."),
]
Language = Annotated[str, typer.Option("--lang", metavar="CODE", help="skos: language of the texts; en if none.")]
DefinitionsAs = Annotated[
    str,
    typer.Option(
        "--definitions-as",
        metavar="WAY",
        autocompletion=complete.words("each", "one", "nodes"),
        help="skos: each a literal, one for all, or nodes.",
    ),
]
Owner = Annotated[str, typer.Option("--owner", metavar="USER", help="datahub: who owns it.")]
Like = Annotated[str, typer.Option("--like", metavar="FILE", help="openmetadata: its own export, to keep.")]
ShowLosses = Annotated[bool, typer.Option("--losses", help="List what has no place there, instead.")]
AllOrNothing = Annotated[bool, typer.Option("--strict", help="Exit with 1 where anything has no place there.")]
ExportOutput = Annotated[
    str | None, typer.Option("-o", "--output", metavar="PATH", help="Write to this file; okf: this folder.")
]
ImportFormat = Annotated[
    str,
    typer.Argument(
        metavar="SYSTEM",
        autocompletion=complete.words("csv", "datahub", "skos"),
        help="csv (.xlsx too), datahub or skos.",
    ),
]
ImportedFile = Annotated[str, typer.Argument(metavar="FILE", help="The file to read; - is standard input.")]
Columns = Annotated[
    list[str],
    typer.Option("--column", metavar="KEY=HEADER", help="csv: a column by its header, as in name=Begriff; repeatable."),
]
SourceTitle = Annotated[str, typer.Option("--source", metavar="TITLE", help="csv: the source of rows that name none.")]
NewFile = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this new file.")]

Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder to write to; made where there is none.")]


def reading(answer: Callable[Concatenate[Glossary, P], Answer]) -> Callable[..., None]:
    """Returns a command that prints what a function answers from a glossary, with the options of a reading command."""

    def command(
        definitions: Definitions = [],
        no_builtin: NoBuiltin = False,
        source: Sources = [],
        format: Format = None,
        output: Output = None,
        header: Header = False,
        no_pager: NoPager = False,
        **arguments: Any,
    ) -> None:
        out = standard_output() if output is None else io.StringIO()
        write = _pick_format(format, output, out)
        if output is not None:
            _spare(output, arguments)
        with Glossary.from_layers(chosen(definitions, no_builtin=no_builtin), split(source)) as glossary:
            answered = answer(glossary, **arguments)  # type: ignore[call-arg]
        parts = write(answered, out)
        if header and write is FORMATS["tsv"]:
            parts = chain(["\t".join(answered.header()) + "\n"], parts)
        if output is None:
            emit(parts, paged=not no_pager)
        else:
            write_file(output, parts)
        for remark in answered.remarks():
            say(f"csterms: {remark}")
        if code := answered.code():
            raise typer.Exit(code)

    own = list(inspect.signature(answer).parameters.values())[1:]
    shared = [each for each in inspect.signature(command).parameters.values() if each.name != "arguments"]
    command.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    command.__name__, command.__doc__ = answer.__name__, answer.__doc__
    return command


def split(given: Iterable[str]) -> list[str]:
    """Returns the names that an option was given, repeated or with commas between them."""
    return [name.strip() for names in given for name in names.split(",") if name.strip()]


def _spare(output: str, arguments: Mapping[str, Any]) -> None:
    """Raises typer.BadParameter where the answer would be written over a file that it is worked out from."""
    words = [word.partition("=")[2] for word in arguments.get("inputs", ())]
    names = [word[1:] for word in words if word.startswith("@")]
    read = [name.rpartition(":")[0] if ":" in name and not os.path.exists(name) else name for name in names]
    if (data := arguments.get("data")) is not None:
        read.append(data)
    for each in read:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # what cannot be looked at is found wrong later
            there = os.stat(sys.stdin.fileno() if each == "-" else each)
            if os.path.isfile(output) and os.path.samestat(there, os.stat(output)):
                shown = "standard input" if each == "-" else each
                raise typer.BadParameter(
                    f"{output} is the file that is read ({shown}); name another", param_hint="--output"
                )


def _pick_format(format: str | None, output: str | None, out: TextIO) -> Callable[[Answer, TextIO], Iterator[str]]:
    """The format that is named, else that of the output file's ending, else that of the reader."""
    if format is None and output is None:
        format = default_format(out)
    elif format is None:
        ending = os.path.splitext(output or "")[1].lower()
        if ending not in ENDINGS:
            message = f"{output!r} ends in no format's ending; expected {', '.join(ENDINGS)}, or a format with -f"
            raise typer.BadParameter(message, param_hint="--output")
        format = ENDINGS[ending]
    return pick(FORMATS, format, "--format")


def pick(choices: Mapping[str, Value], word: str, option: str) -> Value:
    """Returns what a word stands for among an option's choices. Raises typer.BadParameter where it is none of them."""
    if word not in choices:
        message = f"{word!r}; expected {', '.join(choices)}{suggestion(word, choices)}"
        raise typer.BadParameter(message, param_hint=option)
    return choices[word]


def pair(word: str, option: str, expected: str) -> tuple[str, str]:
    """Returns the two sides of NAME=VALUE. Raises typer.BadParameter where it is not that."""
    name, _, value = word.partition("=")
    if not name or not value:
        raise typer.BadParameter(f"{word!r}; expected {expected}", param_hint=option)
    return name, value
