"""Long output goes through a pager, as with git; -o writes a file, whole or not at all."""

import os
import stat
from pathlib import Path

import pytest
from conftest import Run

LONG = ("compare", "success", "support", "--full", "-f", "table")
COLOURS = {"TERM": "xterm-256color"}


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that marks each line that it shows."""
    script = tmp_path / "pager"
    script.write_text("#!/bin/sh\nsed 's/^/paged: /'\n")
    script.chmod(0o755)
    return script


def test_long_output_is_paged_in_colour(terminal, pager: Path) -> None:
    shown = terminal(*LONG, PAGER=str(pager), **COLOURS)
    assert shown.count("paged: ") > 100
    assert "\x1b[1m" in shown
    marked = terminal(*LONG, CSTERMS_PAGER=f"{pager} | tr p P", PAGER="false", **COLOURS)
    assert "Paged: " in marked


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (("compare", "success", "support"), {}),
        ((*LONG, "--no-pager"), {}),
        (LONG, {"PAGER": "cat"}),
        (LONG, {"PAGER": ""}),
        (LONG, {"CSTERMS_PAGER": "cat"}),
    ],
    ids=["short", "--no-pager", "cat", "nothing", "csterms' own"],
)
def test_it_is_not_where_that_is_not_wanted(words, settings, terminal, pager: Path) -> None:
    shown = terminal(*words, **({"PAGER": str(pager)} | settings), **COLOURS)
    assert "paged: " not in shown
    assert "Customer Success" in shown


def test_a_pager_that_cannot_be_started_is_no_error(terminal) -> None:
    assert terminal(*LONG, PAGER="/no/such/pager", **COLOURS).count("Customer success") > 10


def test_a_reader_who_leaves_the_pager_early_is_no_error(terminal) -> None:
    shown = terminal(*LONG, PAGER="head -n 1", **COLOURS)
    assert len(shown.splitlines()) == 1


def test_a_pipe_is_not_paged(shell, pager: Path) -> None:
    assert "paged" not in shell("csterms show cx -f table | cat", PAGER=str(pager)).out


def test_less_gets_the_settings_that_git_gives_it(terminal, tmp_path: Path) -> None:
    less = tmp_path / "bin" / "less"
    less.parent.mkdir(exist_ok=True)
    less.write_text('#!/bin/sh\necho "LESS is $LESS"\ncat > /dev/null\n')
    less.chmod(0o755)
    path = f"{less.parent}:{os.environ['PATH']}"
    assert terminal(*LONG, PATH=path, **COLOURS) == "LESS is FRX\n"
    assert terminal(*LONG, PATH=path, LESS="R", **COLOURS) == "LESS is R\n"


@pytest.mark.parametrize(
    ("ending", "form"),
    [("txt", "table"), ("md", "markdown"), ("json", "json"), ("csv", "csv"), ("tsv", "tsv"), ("MD", "markdown")],
)
def test_the_ending_says_the_format(ending: str, form: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"out.{ending}"
    ran = run(f"metrics cx -o {path}")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read() == run(f"metrics cx -f {form}").out


def test_a_format_goes_before_the_ending(run: Run, tmp_path: Path) -> None:
    run(f"list terms -f json -o {tmp_path}/out.txt")
    assert (tmp_path / "out.txt").read_text().startswith("{")
    ran = run(f"list terms -o {tmp_path}/out.doc")
    assert (ran.code, "expected .txt, .md, .json, .csv, .tsv, or a format with -f" in ran.err) == (2, True)
    assert not (tmp_path / "out.doc").exists()


def test_a_file_is_written_whole_or_not_at_all(run: Run, tmp_path: Path, shell) -> None:
    path = tmp_path / "out.md"
    path.write_text("mine")
    assert run(f"show nosuch -o {path}").code == 1
    assert path.read_text() == "mine"
    assert shell(f"ulimit -f 0; csterms show cx -o {path}").code in (5, 153)
    assert path.read_text() == "mine"
    assert run(f"show cx -o {path}").code == 0
    assert path.read_text() != "mine"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["out.md"]


def test_where_a_file_cannot_be_written(run: Run, tmp_path: Path) -> None:
    ran = run(f"list -o {tmp_path}/absent/out.md")
    assert (ran.code, f"{tmp_path}/absent/out.md: cannot be written: No such file" in ran.err) == (5, True)
    assert run(f"list -o {tmp_path} -f json").code == 5


def test_a_device_is_written_to_and_stays_one(shell) -> None:
    assert shell("csterms list terms -f tsv -o /dev/stdout | cat").out == shell("csterms list terms | cat").out
    assert shell("csterms list terms -f tsv -o /dev/null").code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_reader_of_a_file_that_leaves_is_no_error(shell) -> None:
    ran = shell("csterms compare success support --full -f markdown -o /dev/stdout | head -n 1")
    assert (ran.code, ran.err) == (0, "")


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "real.md").chmod(0o600)
    (tmp_path / "link.md").symlink_to("real.md")
    run(f"show cx -o {tmp_path}/link.md")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() != "old"
    assert stat.S_IMODE((tmp_path / "real.md").stat().st_mode) == 0o600


def test_the_columns_of_tsv_are_named_where_that_is_asked_for(run: Run) -> None:
    assert run("list terms --header").out.splitlines()[0] == "kind\tid\tname\tabbreviations"
    assert run("list terms --header -f csv").out == run("list terms -f csv").out
