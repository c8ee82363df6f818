"""What `check` says of wrong files. A new file in bad_definitions/ is a new test: the comment at its head is what is said.

Each line of the comment is one problem, without the path: `# line:column: severity[rule]: message`. A folder is one
layer, and its files say in their own heads what is wrong with them. UPDATE_GOLDEN=1 writes the heads anew; read what
changed before you commit it.
"""

import os
import re
from pathlib import Path

import pytest
from conftest import Run

PLACES = sorted(Path(__file__).parent.glob("bad_definitions/*"))

EXCERPT = re.compile(r" +\d* \| ")
"""The lines below a problem that show the place in the file."""


def head(file: Path) -> list[str]:
    """The lines of the comment that the file begins with."""
    lines = file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    return [line[2:] for line in lines[: next((i for i, line in enumerate(lines) if line[:2] != "# "), len(lines))]]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_wrong_files(place: Path, run: Run) -> None:
    files = [place] if place.is_file() else sorted(place.glob("*.yaml"))
    ran = run("check", "--no-builtin", str(place))
    *lines, _summary = ran.out.splitlines()
    problems = [line for line in lines if not EXCERPT.match(line)]
    said = {file: [line.removeprefix(f"{file}:") for line in problems if line.startswith(f"{file}:")] for file in files}
    said = {file: [line.replace(f"{file.parent}/", "") for line in lines] for file, lines in said.items()}
    if "UPDATE_GOLDEN" in os.environ:
        for file, lines in said.items():
            before, now = len(head(file)), len(lines)
            lines = [re.sub(r"^(\d+)", lambda line: str(int(line[1]) - before + now), each) for each in lines]  # noqa: B023, PLW2901
            body = file.read_bytes().split(b"\n")[before:]
            file.write_bytes(b"\n".join([*(f"# {line}".encode() for line in lines), *body]))
    assert said == {file: head(file) for file in files}
    assert sum(map(len, said.values())) == len(problems)
    assert ran.code == (1 if any("error[" in line for line in problems) else 0)
