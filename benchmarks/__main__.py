"""csterms against a hard-coded program, and a large glossary against the shipped one, with the goals for each.

python -m benchmarks                  10,000 terms, three minutes
python -m benchmarks --terms 100000   by hand, a quarter of an hour
"""

import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from pprint import pformat

from benchmarks import assistant, glossaries
from benchmarks.processes import Program, medians, run
from cs_terms import Glossary
from cs_terms.output.page import Block, Cell, Cited, Grid, Heading, Legend, Line, Lines, as_line

START = "from {module} import {main}; {main}()"
CSTERMS = [sys.executable, "-c", START.format(module="cs_terms.__main__", main="run")]
HARD_CODED = [sys.executable, "-c", START.format(module="hard_coded", main="app")]
PARSE = "import pathlib, sys, yaml\nfor path in pathlib.Path(sys.argv[1]).iterdir():\n    yaml.load(path.read_bytes(), yaml.CBaseLoader)"
COMPARE = ["compare", "success", "support"]
LOOK_UPS = {
    "compare success support": COMPARE,
    "show success": ["show", "success"],
    "metrics success": ["metrics", "success"],
    "search upsell": ["search", "upsell"],
}


def main() -> None:
    """Measures everything and prints a line for each goal."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terms", type=int, default=10_000, help="how many terms the large glossary has")
    parser.add_argument("--rounds", type=int, default=60, help="how often each look-up is run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        Benchmark(Path(scratch), options.terms, options.rounds).run()


class Benchmark:
    """One run of it, in a folder of its own."""

    def __init__(self, scratch: Path, terms: int, rounds: int) -> None:
        self.scratch, self.terms, self.rounds = scratch, terms, rounds
        self.large = scratch / "large"
        self.cache = scratch / "cache"
        here = Path(__file__).parent
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CSTERMS", "_CSTERMS", "PYTHON"))
        }
        self.env = {
            **kept,
            "XDG_CACHE_HOME": str(self.cache),
            "PYTHONPATH": os.pathsep.join(map(str, [here.parent, here, scratch])),
            "COLUMNS": "80",
        }

    def run(self) -> None:
        """Prints the table, a part at a time."""
        # In a process of its own, so that this one stays small: see `run`.
        writer = multiprocessing.Process(target=glossaries.write, args=(self.large, self.terms))
        writer.start()
        writer.join()
        self._write_rows()
        print(
            f"{'medians of ' + str(self.rounds) + ' runs, by turns':44}{'csterms':>9}{'against':>9}{'ratio':>7}{'goal':>6}"
        )
        self._hard_coded()
        self._assistant()
        self._million()
        self._first_run()
        self._large()
        self._exchange()

    def _line(self, what: str, ours: float, theirs: float, unit: str, goal: float | None) -> None:
        ratio = ours / theirs
        verdict = "" if goal is None else f"{goal:6.2f}" + ("  met" if ratio <= goal else "  MISSED")
        digits = 2 if unit == "s" else 1 if unit == "ms" else 0
        print(f"{what:44}{ours:7.{digits}f}{unit:>3}{theirs:7.{digits}f}{unit:>3}{ratio:6.2f}{verdict}", flush=True)

    def _times(self, what: str, ours: Program, theirs: Program, goal: float) -> None:
        for program in (ours, theirs):
            run(program)
        mine, other = medians([ours, theirs], self.rounds)
        self._line(what, mine.seconds * 1000, other.seconds * 1000, "ms", goal)
        self.memory = mine.memory, other.memory

    def _csterms(self, *arguments: str, **env: str) -> Program:
        return Program([*CSTERMS, *arguments], self.env | env)

    def _tab(self, line: str) -> Program:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_CSTERMS_COMPLETE": "complete_bash"}
        return self._csterms(**words)

    def _hard_coded(self) -> None:
        print("\nagainst a hard-coded Typer program that prints the same")
        for depth, format, goal in (
            ([], "table", 1.05),
            (["--full"], "table", 1.10),
            ([], "json", 1.10),
            ([], "tsv", 1.10),
        ):
            arguments = [*COMPARE, *depth, "--format", format]
            theirs = Program([*HARD_CODED, *arguments], self.env)
            self._times(" ".join(arguments), self._csterms(*arguments), theirs, goal)
        print("\nagainst csterms --version")
        self._times("Tab after csterms compare su", self._tab("csterms compare su"), self._csterms("--version"), 1.10)
        print("\nagainst import msgspec")
        ours, theirs = (Program([sys.executable, "-c", f"import {name}"], self.env) for name in ("cs_terms", "msgspec"))
        self._times("import cs_terms", ours, theirs, 1.10)

    def _assistant(self) -> None:
        print("\ncsterms mcp, until its first response, against csterms --version")
        ready = []
        for _ in range(self.rounds):
            server = assistant.Assistant(CSTERMS, self.env)
            ready.append(server.ready)
            server.end()
        version = medians([self._csterms("--version")], self.rounds)[0].seconds
        self._line("ready", statistics.median(ready) * 1000, version * 1000, "ms", 1.50)
        server = assistant.Assistant(CSTERMS, self.env)
        print("a call, against 15 ms; characters of the answer")
        for tool, arguments in assistant.CALLS.items():
            call = server.call(tool, arguments, self.rounds)
            self._line(f"{tool} ({call.characters:,} characters)", call.seconds * 1000, 15, "ms", 1)
        print("memory, against 30 MB, after these and a full comparison of all terms")
        server.call("compare", assistant.FULL, self.rounds)
        self._line("peak memory", server.memory(), 30, "MB", 1)
        server.end()

    def _million(self) -> None:
        print("\na million rows of net revenue retention by four readings, against 30,000 rows a second and 150 MB")
        table = self.scratch / "rows.csv"
        rows = (f"{n},{5000 + n % 997}.{n % 90 + 10},{n % 211}.5,{n % 97},{n % 89}.25\n" for n in range(1_000_000))
        with table.open("w") as file:
            file.write("account,starting_mrr,expansion_mrr,contraction_mrr,churned_mrr\n")
            file.writelines(rows)
        taken = run(self._csterms("calc", "nrr", "--data", str(table), "-f", "csv"))
        self._line("calc nrr --data", taken.seconds, 1_000_000 / 30_000, "s", 1.0)
        self._line("its peak memory", taken.memory, 150, "MB", 1.0)

    def _first_run(self) -> None:
        print(f"\n{self.terms:,} terms in {len(list(self.large.iterdir())):,} files: a first run, against CBaseLoader")
        command = ["show", "term-1", "-D", str(self.large)]
        first = Program([*CSTERMS, *command], self.env, before=lambda: shutil.rmtree(self.cache))
        parse = Program([sys.executable, "-c", PARSE, str(self.large)], self.env)
        ours, theirs = medians([first, parse], 3)
        self._line("show term-1", ours.seconds, theirs.seconds, "s", 1.5)
        changed = self.large / "000.yaml"
        text = changed.read_text()
        states = iter([f"{text}# {number}\n" for number in range(99)])
        again = Program(first.argv, self.env, before=lambda: changed.write_text(next(states)))
        ours, theirs = medians([again, parse], 3)
        self._line("the same after a change in one file", ours.seconds, theirs.seconds, "s", 0.25)

    def _large(self) -> None:
        print("\nthe same files in -D, against the shipped glossary alone")
        given = ["-D", str(self.large)]
        time.sleep(3)  # a file of this very moment is read at every run, lest a change in the same moment be missed
        for what, command in LOOK_UPS.items():
            self._times(what, self._csterms(*command, *given), self._csterms(*command), 1.15)
            if command is COMPARE:
                memory = self.memory
        self._times(
            "Tab after csterms show succ",
            self._tab(f"csterms show {' '.join(given)} succ"),
            self._tab("csterms show succ"),
            1.15,
        )
        self._line("peak memory of compare success support", *memory, "MB", 1.15)

    def _exchange(self) -> None:
        print(f"\nimport and export of a sheet of {self.terms:,} rows, against 5 s")
        sheet, folder = self.scratch / "sheet.csv", self.scratch / "imported"
        folder.mkdir()
        rows = (
            f"Word {n},W{n},What the word {n} means here.,Book {n % 50},Word {n // 10}\n" for n in range(self.terms)
        )
        sheet.write_text("".join(["Term,Acronym,Definition,Source,Parent\n", *rows]))
        self._seconds("import csv", ["import", "csv", str(sheet), "-o", str(folder / "all.yaml")])
        given = ["--no-builtin", "-D", str(folder)]
        subprocess.run([*CSTERMS, "list", "terms", *given], env=self.env, capture_output=True, check=True)
        systems = {"csv": [], "datahub": [], "openmetadata": [], "okf": [], "skos": ["--base", "https://example.org/"]}
        for system, options in systems.items():
            out = str(self.scratch / f"out.{system}")
            self._seconds(f"export {system}", ["export", system, *options, *given, "-o", out])
            if system in ("datahub", "skos"):
                self._seconds(f"import {system}", ["import", system, out, "-o", str(self.scratch / f"{system}.yaml")])

    def _seconds(self, what: str, arguments: list[str]) -> None:
        start = time.perf_counter()
        subprocess.run([*CSTERMS, *arguments], env=self.env, capture_output=True, check=True)
        self._line(what, time.perf_counter() - start, 5, "s", 1.0)

    def _write_rows(self) -> None:
        """The module `rows`: what csterms answers, for the hard-coded program to print."""
        texts = {
            format: subprocess.run(
                [*CSTERMS, *COMPARE, "-f", format], env=self.env, capture_output=True, text=True, check=True
            ).stdout
            for format in ("json", "tsv")
        }
        with Glossary() as glossary:
            pages = [glossary.compare(*COMPARE[1:], full=full).page() for full in (False, True)]
        short, full = ([_rows_of(block) for block in page] for page in pages)
        (self.scratch / "rows.py").write_text(
            f"SHORT = {pformat(short)}\nFULL = {pformat(full)}\nTEXTS = {pformat(texts)}\n"
        )


def _rows_of(block: Block) -> list[list[str]]:
    """The rows of a block as texts, the first of them its heading."""
    match block:
        case Grid():
            cells = [[_text(row.label), *map(_text, row.cells)] for row in block.rows]
            return [list(block.columns), *cells, [_line(block.footer)]]
        case Heading():
            return [[block.text]]
        case Lines():
            return [[""], *([_line(line)] for line in block.lines)]
        case Legend():
            return [] if block.footnotes else [["Sources"], *([f"{each.id}: {each.text}"] for each in block.entries)]


def _text(cell: Cell) -> str:
    return "\n".join(_line(as_line(part)) for part in cell)


def _line(line: Line) -> str:
    return "".join(", ".join(id for id, _ in span.sources) if isinstance(span, Cited) else span[0] for span in line)


if __name__ == "__main__":
    main()
