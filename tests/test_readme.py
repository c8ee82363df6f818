"""The README and what csterms does are the same.

Every console block is run: what follows a command in it is what the command prints. UPDATE_GOLDEN=1 writes it anew.
"""

import os
import re

import pytest
from conftest import ROOT, Run

README = ROOT / "README.md"
BLOCKS = re.compile(r"```console\n(.*?)```", re.DOTALL)


def transcript(block: str, run: Run) -> str:
    """The block as it should read: its commands, each followed by what it prints now."""
    said = ""
    for command in re.findall(r"^\$ csterms (.*)\n", block, re.MULTILINE):
        ran = run(*([*command.split()] if "'" not in command else [command]))
        said += f"$ csterms {command}\n{ran.out}{ran.err}"
    return said


def test_console_examples_print_what_the_readme_says(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cs_terms.options.default_format", lambda _: "table")  # as at a terminal
    text = README.read_text(encoding="utf-8")
    blocks = BLOCKS.findall(text)
    assert blocks
    now = [transcript(block, run) for block in blocks]
    if "UPDATE_GOLDEN" in os.environ:
        fresh = iter(now)
        README.write_text(BLOCKS.sub(lambda _: f"```console\n{next(fresh)}```", text), encoding="utf-8")
    assert blocks == now


def test_every_command_in_the_readme_is_one(run: Run) -> None:
    """Commands in tables and running text are accepted and answered, or fail as the README says."""
    text = BLOCKS.sub("", README.read_text(encoding="utf-8"))
    commands = set(re.findall(r"`csterms ([a-z][^`]*)`", text))
    assert len(commands) > 5
    for command in commands:
        ran = run(command.replace("glossary/", "definitions/"))
        assert (ran.code, ran.err) == (0, ""), command
