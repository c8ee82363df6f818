"""A progress bar for work that takes long, where somebody is looking."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator

PATIENCE = 0.5
"""Seconds of work before it is shown."""


@contextlib.contextmanager
def progress_bar(what: str = "reading definitions") -> Iterator[Callable[[int, int], None]]:
    """A function that is told how much is done, and of how much; it draws a bar on standard error, at a terminal alone.

    Not while a shell completes: the bar would be drawn over the line that is being typed.
    """
    with contextlib.ExitStack() as stack:
        started = time.monotonic()
        advance: Callable[[int, int], None] | None = None
        seen = sys.stderr is not None and sys.stderr.isatty() and "_CSTERMS_COMPLETE" not in os.environ

        def tell(done: int, of: int) -> None:
            nonlocal advance
            if seen and advance is None and time.monotonic() - started > PATIENCE:
                advance = _drawn(stack, what)
            if advance is not None:
                advance(done, of)

        yield tell


def _drawn(stack: contextlib.ExitStack, what: str) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import Progress

    bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task(what)
    return lambda done, of: bar.update(task, completed=done, total=of)
