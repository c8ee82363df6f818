"""A progress bar for work that takes long, where somebody is looking."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

PATIENCE = 0.5
"""Seconds of work before it is shown."""


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A function that is told how much is done, and of how much; it draws a bar on standard error, at a terminal alone."""
    with contextlib.ExitStack() as stack:
        started = time.monotonic()
        advance: Callable[[int, int], None] | None = None

        def tell(done: int, of: int) -> None:
            nonlocal advance
            if advance is None and time.monotonic() - started > PATIENCE and sys.stderr and sys.stderr.isatty():
                advance = _drawn(stack)
            if advance is not None:
                advance(done, of)

        yield tell


def _drawn(stack: contextlib.ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import Progress

    bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task("reading definitions")
    return lambda done, of: bar.update(task, completed=done, total=of)
