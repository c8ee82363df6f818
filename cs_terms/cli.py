"""The command line: each command parses, calls and shows. `main` alone turns what goes wrong into words and a code."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import typer

from cs_terms import __version__
from cs_terms.errors import INTERRUPTED, NOT_THERE, USAGE
from cs_terms.glossary import Glossary
from cs_terms.index import Compiled, look_up
from cs_terms.layers import chosen, shipped
from cs_terms.model import KINDS
from cs_terms.names import did_you_mean
from cs_terms.output import emit, say, standard_output
from cs_terms.render import FORMATS, default_format
from cs_terms.report import report
from cs_terms.resolve import resolve

app = typer.Typer(
    name="csterms",
    rich_markup_mode=None,  # the help is plain text: brackets in it are brackets, and Rich is not imported for it
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

P = ParamSpec("P")
Value = TypeVar("Value")

Definitions = Annotated[
    list[str],
    typer.Option("-D", "--definitions", metavar="PATH", help="Read these definitions too: a file or a folder."),
]
NoBuiltin = Annotated[bool, typer.Option("--no-builtin", help="Leave the shipped definitions out.")]
Sources = Annotated[
    list[str], typer.Option("-s", "--source", metavar="ID", help="Only what this source says; repeatable.")
]
Format = Annotated[
    str,
    typer.Option("-f", "--format", metavar="|".join(FORMATS), help="How to print it."),
]
Terms = Annotated[list[str], typer.Argument(metavar="TERM...", help="Names of terms.")]
AnyTerms = Annotated[list[str], typer.Argument(metavar="[TERM]...", help="Names of terms; all terms if none.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names of terms, metrics, aspects or sources.")]
Aspects = Annotated[
    list[str], typer.Option("-a", "--aspect", metavar="NAME", help="Only this aspect's row; repeatable.")
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="[NAME=VALUE]...",
        help="Inputs: a number, a series 5,7,12, or @FILE (@- for standard input) for a column.",
    ),
]
Kind = Annotated[
    str, typer.Argument(metavar="[terms|metrics|aspects|sources]", help="Which kind of entries; all kinds if none.")
]
Paths = Annotated[
    list[str], typer.Argument(metavar="[PATH]...", help="Files or folders; the shipped definitions if none.")
]


def reading(answer: Callable[Concatenate[Glossary, P], object]) -> Callable[..., None]:
    """Makes a command of a function from a glossary to an answer: adds the options that every reading command takes."""

    def command(
        definitions: Definitions = [],
        no_builtin: NoBuiltin = False,
        source: Sources = [],
        format: Format = "",
        **arguments: Any,
    ) -> None:
        out = standard_output()
        printed = pick(FORMATS, format or default_format(out), "--format")

        def answer_from(compiled: Compiled) -> object:
            everything = Glossary(compiled)
            only = [resolve(everything, each, ("source",))[1] for each in source]
            return answer(Glossary(compiled, only), **arguments)  # type: ignore[call-arg]

        answered = look_up(chosen(definitions, no_builtin=no_builtin), answer_from)
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
        raise typer.BadParameter(
            f"{word!r}; expected {', '.join(choices)}; {did_you_mean(word, choices)}", param_hint=option
        )
    return choices[word]


@app.callback(invoke_without_command=True)
def csterms(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and where the definitions are.")
    ] = False,
) -> None:
    """What terms mean, how they differ, what they are measured by, and who says so.

    \b
    csterms compare success support   side by side, every cell cited
    csterms metrics cx                what customer experience is measured by
    csterms disputes                  where the sources contradict each other

    A name may be an id, a full name, an abbreviation or a synonym. At a terminal the answer is a table, in a pipe it is
    JSON; -f says otherwise.
    """  # noqa: D301  # \b is a backspace: it keeps the lines below it as they are
    if version:
        emit(f"csterms {__version__}\ndefinitions: {shipped()}\n")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)


@app.command()
@reading
def compare(
    glossary: Glossary,
    terms: Terms,
    aspect: Aspects = [],
    differences: Annotated[bool, typer.Option("--differences", help="Only the rows that differ.")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Only values, and texts where there are none.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="source", help="What each source says of one term.")] = "",
) -> object:
    """Lay terms side by side, or what each source says of one term.

    Example: csterms compare success support -a approach -a revenue
    """
    from cs_terms.comparison import Choice, compare_sources, compare_terms

    choice = Choice(tuple(aspect), differences, brief)
    if not by:
        if len(terms) < 2:
            hint = f"give two or more, or compare the sources on one: csterms compare {terms[0]!r} --by source"
            raise typer.BadParameter(hint, param_hint="TERM")
        return compare_terms(glossary, terms, choice)
    pick({"source": None}, by, "--by")
    if len(terms) > 1:
        raise typer.BadParameter(f"--by source takes one term, got {len(terms)}", param_hint="TERM")
    return compare_sources(glossary, terms[0], choice)


@app.command()
@reading
def metrics(glossary: Glossary, terms: AnyTerms = []) -> object:
    """Show what terms are measured by, and who says so.

    Example: csterms metrics cx
    """
    from cs_terms.metrics import metrics_of

    return metrics_of(glossary, terms)


@app.command()
@reading
def show(glossary: Glossary, names: Names) -> object:
    """Show terms, metrics, aspects or sources in full.

    Example: csterms show nps
    """
    from cs_terms.show import show

    return show(glossary, names)


@app.command(name="list")
@reading
def list_entries(glossary: Glossary, kind: Kind = "") -> object:
    """List the ids and names of entries.

    Example: csterms list metrics
    """
    from cs_terms.show import listing

    return listing(glossary, [pick({f"{each}s": each for each in KINDS}, kind, "KIND")] if kind else list(KINDS))


@app.command()
@reading
def search(
    glossary: Glossary,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="Words, or beginnings of words; all must be there.")
    ],
) -> object:
    """Find entries by the words in their names and texts, the nearest first.

    Example: csterms search wait queue
    """
    from cs_terms.search import search

    return search(glossary, words)


@app.command()
@reading
def disputes(glossary: Glossary, terms: AnyTerms = []) -> object:
    """Show where the sources contradict each other.

    Example: csterms disputes service
    """
    from cs_terms.disputes import disputes_about

    return disputes_about(glossary, terms)


@app.command()
@reading
def calc(
    glossary: Glossary,
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="Name of a metric.")],
    inputs: Inputs = [],
    reading: Annotated[str, typer.Option("--reading", metavar="NAME", help="Only this reading of the metric.")] = "",
) -> object:
    """Work a metric out by every published reading of its formula.

    Example: csterms calc nrr starting_mrr=100 expansion_mrr=20 contraction_mrr=5 churned_mrr=10
    """
    from cs_terms.calc import calculate

    return calculate(glossary, metric, inputs, reading)


@app.command()
def check(
    paths: Paths = [],
    no_builtin: NoBuiltin = False,
    format: Annotated[
        str, typer.Option("-f", "--format", metavar="text|json|github", help="How to print it.")
    ] = "text",
) -> None:
    """Find every mistake in definition files.

    Example: csterms check glossary/
    """
    from cs_terms.check import FORMATS, checked

    printed = pick(FORMATS, format, "--format")
    answer = checked(paths, no_builtin=no_builtin)
    emit(printed(answer))
    raise typer.Exit(NOT_THERE if answer.failed else 0)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs csterms and ends the program with its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        standard_output()
        code = app(given, prog_name="csterms", standalone_mode=False)
    except SystemExit as ended:  # Typer's, also when whoever read its help has gone away: that is no error
        code = 0 if isinstance(ended.__context__, BrokenPipeError) else ended.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001  # also what nobody has thought of
        code = report(error, given)
    sys.exit(code)
