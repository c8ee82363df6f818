"""The command line: each command parses, calls and shows. `main` alone turns what goes wrong into words and a code."""

import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal, NoReturn

import typer

from cs_terms import __version__
from cs_terms import options as o
from cs_terms.api import Glossary
from cs_terms.errors import INTERRUPTED, NOT_THERE, USAGE
from cs_terms.model import KINDS
from cs_terms.output.answer import Answer
from cs_terms.output.formats import FORMATS, default_format
from cs_terms.output.streams import emit, say, standard_output, write_file


def csterms(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and which definitions are read.")
    ] = False,
) -> None:
    """What terms mean, how they differ, what measures them, and who says so.

    \b
    csterms compare success support   the answer on one screen
    csterms metrics cx                what customer experience is measured by
    csterms disputes                  where the sources contradict each other
    """  # noqa: D301  # \b is a backspace: it keeps the lines below it as they are
    if version:
        from cs_terms.loading.files import choose_paths

        emit([f"csterms {__version__}\n"])  # also where csterms.toml is wrong
        emit([f"definitions: {path} ({origin})\n" for path, origin in choose_paths()])
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)


BY: dict[str, Literal["source"]] = {"source": "source"}
"""What --by takes."""


def compare(
    glossary: Glossary,
    terms: o.Terms,
    aspect: o.Aspects = [],
    differences: o.Differences = False,
    full: o.Full = False,
    brief: o.Brief = False,
    by: o.By = None,
) -> Answer:
    """Lay terms side by side, or what each source says of one term.

    Example: csterms compare success support -a approach -a revenue
    """
    rows = o.split(aspect)
    if aspect and not rows:
        raise typer.BadParameter("expected the name of a row", param_hint="--aspect")
    source: Literal["source"] | None = None
    if by is not None:
        source = o.pick(BY, by, "--by")
    return glossary.compare(*terms, by=source, aspects=rows, differences=differences, full=full, brief=brief)


def metrics(glossary: Glossary, terms: o.AnyTerms = []) -> Answer:
    """Show what terms are measured by, and who says so.

    Example: csterms metrics cx
    """
    return glossary.metrics_of(*terms)


def show(glossary: Glossary, names: o.Names) -> Answer:
    """Show terms, metrics, aspects or sources in full.

    Example: csterms show nps
    """
    return glossary.show(*names)


def list_entries(glossary: Glossary, kind: o.Kind = None) -> Answer:
    """List the ids and names of entries.

    Example: csterms list metrics
    """
    kinds = {f"{each}s": each for each in KINDS}
    return glossary.list(*([] if kind is None else [o.pick(kinds, kind, "KIND")]))


def search(glossary: Glossary, words: o.Words) -> Answer:
    """Find entries by the words in them, the nearest first.

    Example: csterms search wait queue
    """
    return glossary.search(*words)


def disputes(glossary: Glossary, terms: o.AnyTerms = []) -> Answer:
    """Show where the sources contradict each other.

    Example: csterms disputes service
    """
    return glossary.disputes(*terms)


def claims(glossary: Glossary, terms: o.AnyTerms = []) -> Answer:
    """Print every claim as a record, for scripts.

    Example: csterms claims success --header
    """
    return glossary.claims(*terms)


def calc(
    glossary: Glossary,
    metric: o.Metric,
    inputs: o.Inputs = [],
    reading: o.OneReading = None,
    digits: o.Digits = None,
    data: o.Data = None,
    by: o.GroupBy = None,
    label: o.Label = None,
) -> Answer:
    """Work a metric out by every published reading of its formula.

    Example: csterms calc nps promoters=120 detractors=30 responses=200
    """
    if data is not None:
        return glossary.over(metric, data, inputs, reading, by=by, label=label, digits=digits)
    if by is not None or label is not None:
        option = "--by" if by is not None else "--label"
        raise typer.BadParameter("it names a column of a table; say which with --data FILE", param_hint=option)
    return glossary.calc(metric, inputs, reading, digits)


def page(
    terms: o.AnyTerms = [],
    definitions: o.Definitions = [],
    no_builtin: o.NoBuiltin = False,
    source: o.Sources = [],
    output: o.PageOutput = None,
) -> None:
    """Write the glossary as one HTML page to mail or host.

    Example: csterms page success support -o glossary.html
    """
    from cs_terms.loading.files import chosen, find_project
    from cs_terms.loading.project import Project, read_project

    out = standard_output()
    if output is None and out.isatty():
        raise typer.BadParameter("a page cannot be shown in a terminal; name a file", param_hint="--output")
    file = find_project()
    project = read_project(file) if file else Project()
    with Glossary.from_layers(chosen(definitions, no_builtin=no_builtin), o.split(source)) as glossary:
        written = glossary.page(*terms, title=project.title, language=project.language or "en")
    if output is None:
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(encoding="utf-8")  # which the page says it is in, whatever the locale
        emit([written.html])
    else:
        write_file(output, [written.html])
        say(f"wrote {output}: {written.summary}")


def sql(
    metric: o.Metric,
    columns: o.InputColumns = [],
    reading: o.OneReading = None,
    table: o.Table = "my_table",
    by: o.GroupBy = None,
    label: o.Label = None,
    dialect: o.Dialect = None,
    definitions: o.Definitions = [],
    no_builtin: o.NoBuiltin = False,
    source: o.Sources = [],
) -> None:
    """Write a metric's readings as SQL, for your own database.

    Example: csterms sql nps --table answers --label month
    """
    from cs_terms.loading.files import chosen

    with Glossary.from_layers(chosen(definitions, no_builtin=no_builtin), o.split(source)) as glossary:
        text = glossary.sql(metric, columns, reading, table=table, by=by, label=label, dialect=dialect)
    emit([text])
    if dialect is None:
        say("csterms: this is plain ANSI SQL; --dialect writes it for your database")


def check(
    paths: o.Paths = [],
    no_builtin: o.NoBuiltin = False,
    strict: o.Strict = False,
    verbose: o.Verbose = False,
    format: o.ProblemFormat = "text",
) -> None:
    """Find every mistake in definition files.

    Example: csterms check glossary/
    """
    from cs_terms.answers.check import FORMATS, checked

    printed = o.pick(FORMATS, format, "--format")
    answer = checked(paths, no_builtin=no_builtin, strict=strict)
    if verbose:
        say("\n".join(f"checked {path}" for path in answer.paths))
    emit([printed(answer, standard_output().encoding)])
    raise typer.Exit(NOT_THERE if answer.failed else 0)


def init(folder: o.Folder, blank: o.Blank = False) -> None:
    """Write a small glossary of your own, to edit.

    Example: csterms init glossary
    """
    from pathlib import Path
    from shlex import quote

    from cs_terms.answers.init import init

    if not folder:
        raise typer.BadParameter("'' is not a folder", param_hint="DIR")
    for path in init(Path(folder), blank=blank):
        say(f"wrote {path}")
    following = f"check --no-builtin {quote(folder)}" if blank else f"compare oltp olap --no-builtin -D {quote(folder)}"
    say(f"next: csterms {following}")


def schema() -> None:
    """Print the JSON Schema of definition files, for editors.

    Example: csterms schema > csterms.schema.json
    """
    from cs_terms.loading.schema import json_schema
    from cs_terms.output.formats import write_json

    emit([write_json(json_schema(), standard_output().encoding)])


def mcp(definitions: o.Definitions = [], no_builtin: o.NoBuiltin = False, source: o.Sources = []) -> None:
    """Serve the glossary to an assistant, over MCP.

    Example: csterms mcp -s uprighte
    """
    from cs_terms.exchange.mcp.stdio import serve_standard_streams
    from cs_terms.loading.files import chosen

    if "-" in definitions:
        raise typer.BadParameter("standard input carries the protocol; name a file or a folder", param_hint="-D")
    serve_standard_streams(lambda: chosen(definitions, no_builtin=no_builtin), source)


def export(
    system: o.ExportFormat,
    names: o.Exported = [],
    base: o.Base = "",
    title: o.Title = "",
    lang: o.Language = "",
    definitions_as: o.DefinitionsAs = "",
    owner: o.Owner = "",
    like: o.Like = "",
    losses: o.ShowLosses = False,
    strict: o.AllOrNothing = False,
    definitions: o.Definitions = [],
    no_builtin: o.NoBuiltin = False,
    source: o.Sources = [],
    format: o.Format = None,
    output: o.ExportOutput = None,
) -> None:
    """Write the glossary for another system.

    Example: csterms export csv -o glossary.csv
    """
    from cs_terms.exchange.export import EXPORTS
    from cs_terms.loading.files import chosen

    o.pick(EXPORTS, system, "SYSTEM")
    out = standard_output()
    if format is not None and not losses:
        raise typer.BadParameter("it is for --losses; expected --losses too, or none", param_hint="--format")
    if system == "okf" and output is None and not losses:
        raise typer.BadParameter("okf is a folder of files; expected a folder", param_hint="--output")
    write = o.pick(FORMATS, format or default_format(out), "--format")
    options = {"base": base, "title": title, "lang": lang, "definitions": definitions_as, "owner": owner, "like": like}
    with Glossary.from_layers(chosen(definitions, no_builtin=no_builtin), source) as glossary:
        exported = glossary.export(system, *names, **options)
    if output is not None:
        exported.write_to(output)
    if losses:
        emit(write(exported.losses, out))
    elif output is None:
        emit(exported.text)
    if not losses and (summary := exported.losses.summary()):
        say(f"csterms: {summary}")
    raise typer.Exit(NOT_THERE if strict and exported.losses.losses else 0)


def import_file(
    system: o.ImportFormat,
    file: o.ImportedFile,
    column: o.Columns = [],
    source: o.SourceTitle = "",
    output: o.NewFile = None,
) -> None:
    """Make definitions of another system's file.

    Example: csterms import csv glossary.csv -o imported.yaml
    """
    from cs_terms.exchange import imports

    o.pick(dict.fromkeys(imports.FORMATS), system, "SYSTEM")
    columns = dict(o.pair(each, "--column", "KEY=HEADER") for each in column)
    made = imports.import_file(system, file, columns, source)
    for remark in made.remarks():
        say(f"csterms: {remark}")
    if output is not None:
        for path in imports.write_new(output, made.texts):
            say(f"wrote {path}")
    elif len(made.texts) > 1:
        raise typer.BadParameter("it is too much for one file; expected the first of several", param_hint="--output")
    else:
        emit(made.texts[0])


READING: dict[str, Callable[..., Answer]] = {
    "compare": compare,
    "metrics": metrics,
    "show": show,
    "list": list_entries,
    "search": search,
    "disputes": disputes,
    "claims": claims,
    "calc": calc,
}
"""The commands that read a glossary, by name."""
OTHER: dict[str, Callable[..., None]] = {
    "sql": sql,
    "page": page,
    "export": export,
    "import": import_file,
    "check": check,
    "init": init,
    "schema": schema,
    "mcp": mcp,
}
"""The others."""


def application(names: Iterable[str], *, completion: bool) -> Callable[..., Any]:
    """The command line with these commands, and with Typer's options for shell completion or without."""
    app = typer.Typer(
        name="csterms",
        rich_markup_mode=None,  # the help is plain text: brackets in it are brackets, and Rich is not imported for it
        pretty_exceptions_enable=False,
        add_completion=completion,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(csterms)
    for name in names:
        app.command(name)(o.reading(READING[name]) if name in READING else OTHER[name])
    command = typer.main.get_command(app)
    for parameter in command.params:
        if parameter.name == "show_completion":  # takes two lines of a help that is to fit one screen
            parameter.hidden = True  # type: ignore[attr-defined]
    return command


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs csterms and ends the program with its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    code: Any
    try:
        standard_output()
        if "_CSTERMS_COMPLETE" in os.environ:
            sys.modules["rich"] = None  # type: ignore[assignment]  # or Typer loads it to look for markup in the help
        known = READING | OTHER
        # Typer takes every command apart at every run: it is given the one that is called, where that is plain.
        one = bool(given) and given[0] in known
        app = application(given[:1] if one else known, completion=not one)
        code = app(given, prog_name="csterms", standalone_mode=False)
    except SystemExit as ended:  # Typer's, also when whoever read its help has gone away: that is no error
        code = 0 if isinstance(ended.__context__, BrokenPipeError) else ended.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001  # also what nobody has thought of
        from cs_terms.report import report

        code = report(error, given)
    sys.exit(code)
