"""Runs programs by turns, and says what they took."""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Taken(NamedTuple):
    """What one program took."""

    seconds: float
    """From its start to its end."""
    memory: float
    """Its peak, in MB."""


class Program(NamedTuple):
    """A program to run."""

    argv: Sequence[str]
    env: Mapping[str, str]
    before: Callable[[], object] = lambda: None
    """What is done before each run, outside the time."""


def run(program: Program) -> Taken:
    """Runs a program to its end. Raises RuntimeError where it fails."""
    program.before()
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    # Linux counts what the parent held as the child's peak; this one holds less than any that it runs.
    pid = os.posix_spawn(program.argv[0], list(program.argv), program.env, file_actions=nowhere)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{' '.join(program.argv)} ended with {os.waitstatus_to_exitcode(status)}")
    return Taken(seconds, usage.ru_maxrss / 1024)


def medians(programs: Sequence[Program], rounds: int) -> list[Taken]:
    """What each took, at the median; they are run by turns, so that what slows the machine slows them all."""
    taken: list[list[Taken]] = [[] for _ in programs]
    for number in range(rounds):
        turn = range(len(programs)) if number % 2 else reversed(range(len(programs)))
        for each in turn:
            taken[each].append(run(programs[each]))
    return [Taken(*(statistics.median(values) for values in zip(*runs, strict=True))) for runs in taken]
