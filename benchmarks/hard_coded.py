"""What csterms is measured against: a Typer program of one command that prints rows it has in its code.

The rows stand in a module `rows`, written by the benchmark, so that they are compiled as they would be in a program.
"""

# ruff: noqa: ARG001  # it has the options of csterms, for Typer to read

import rows  # type: ignore[import-not-found]
import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def compare(
    terms: list[str],
    aspect: list[str] = [],
    source: list[str] = [],
    brief: bool = False,
    full: bool = False,
    format: str = "table",
) -> None:
    """Compares terms."""
    if format == "table":
        _table(rows.FULL if full else rows.SHORT)
    else:
        typer.echo(rows.TEXTS[format])


@app.command()
def metrics(terms: list[str]) -> None:
    """Is there so that compare is a command of several."""


def _table(tables: list[list[list[str]]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=80)
    for heading, *table_rows in filter(None, tables):
        table = Table(box=box.HORIZONTALS, show_lines=len(tables) > 2)
        for name in heading:
            table.add_column(name)
        for row in table_rows:
            table.add_row(*map(Text, row))
        console.print(table)
