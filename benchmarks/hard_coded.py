"""What csterms is measured against: a Typer program of one command that prints rows it has in its code.

The rows stand in a module `rows`, written by the benchmark, so that they are compiled as they would be in a program.
"""

# ruff: noqa: ARG001  # it has the options of csterms, for Typer to read

import rows  # type: ignore[import-not-found]
import typer

app = typer.Typer(rich_markup_mode=None)


@app.command()
def compare(
    terms: list[str], aspect: list[str] = [], source: list[str] = [], brief: bool = False, format: str = "table"
) -> None:
    """Compares terms."""
    if format == "table":
        _table()
    else:
        typer.echo(rows.TEXTS[format])


@app.command()
def metrics(terms: list[str]) -> None:
    """Is there so that compare is a command of several."""


def _table() -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=80)
    for table_rows in rows.TABLES:
        table = Table(box=box.HORIZONTALS, show_lines=True)
        for heading in table_rows[0]:
            table.add_column(heading)
        for row in table_rows[1:]:
            table.add_row(*map(Text, row))
        console.print(table)
    console.print(Text(rows.LEGEND))
