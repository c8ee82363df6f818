"""Help: one screen, an example that works for each command, and every option in the same words wherever it stands."""

import re

import pytest
from conftest import Run

from cs_terms.cli import OTHER, READING

COMMANDS = [*READING, *OTHER]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_one_screen(command: str, run: Run) -> None:
    ran = run(f"{command} --help")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    # The help of csterms itself lists every command, calc has the options of one set of numbers and of a table, and
    # export what five systems want to know.
    assert len(lines) <= {"": 32, "calc": 25, "export": 30}.get(command, 24)
    assert max(map(len, lines)) < 80
    assert run(f"{command} -h") == ran


def test_no_arguments_get_the_help_as_an_error(run: Run) -> None:
    assert run(*[]) == (2, "", run("--help").out)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_each_help_works(name: str, run: Run, shell, tmp_path) -> None:
    (example,) = re.findall(r"^  Example: (csterms .*)$", run(f"{name} --help").out, re.MULTILINE)
    assert example.split()[1] == name
    made = "" if name == "init" else "csterms init glossary 2> /dev/null;"
    made += "csterms export csv -o glossary.csv 2> /dev/null;" if name == "import" else ""
    ran = shell(f'cd "{tmp_path}"; {made} {example} < /dev/null')
    assert ran.code == 0
    assert ran.out or name in ("init", "page", "schema", "mcp", "export", "import")


def test_the_examples_of_csterms_itself_work(run: Run) -> None:
    examples = re.findall(r"^  csterms (.*?)  ", run("--help").out, re.MULTILINE)
    assert len(examples) == 3
    for example in examples:
        ran = run(example)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out


def test_every_option_reads_the_same_in_every_command(run: Run) -> None:
    said: dict[str, set[str]] = {}
    for command in COMMANDS:
        _, _, options = run(f"{command} --help").out.partition("Options:\n")
        for option in re.split(r"\n(?=  -)", options):
            words = option.split()
            name = next(word for word in words if word.startswith("--"))
            said.setdefault(name, set()).add(" ".join(words))
    # What check prints are problems, in formats of their own; what export and import write is no answer; and who is
    # cited for a spreadsheet has no id yet; compare is by source, and a table by a column; a page has one format.
    assert {name: len(ways) for name, ways in said.items() if len(ways) > 1} == {
        "--format": 2,
        "--by": 2,
        "--output": 4,
        "--source": 2,
        "--strict": 2,
    }
