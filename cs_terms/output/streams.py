"""Data to standard output, words about it to standard error, and what becomes of both when nobody takes them."""

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Iterable
from itertools import chain, islice
from typing import TextIO

from cs_terms.errors import UNWRITABLE, CstermsError
from cs_terms.text import printable


def standard_output() -> TextIO:
    """Where answers go. Raises CstermsError (UNWRITABLE) where it is closed."""
    if sys.stdout is None:
        raise CstermsError(UNWRITABLE, "standard output is closed", hint="give it a place to go, such as > FILE")
    return sys.stdout


MOST_PAGED = 10_000
"""How many parts of an answer are looked at before it is written without a pager: nobody pages through more."""


def emit(parts: Iterable[str], *, paged: bool = False) -> None:
    """Writes an answer to standard output, part by part; with `paged`, through a pager where the terminal cannot hold it.

    A reader that has gone away has seen enough, and is no error. Raises CstermsError (UNWRITABLE) where the answer cannot
    be written: a full disk, say.
    """
    out = standard_output()
    if paged and out.isatty():
        first = list(islice(parts := iter(parts), MOST_PAGED))
        text = "".join(first)
        short = text.count("\n") < shutil.get_terminal_size().lines
        if len(first) < MOST_PAGED and not short and _page(text):
            return
        parts = chain(first, parts)
    turned = False
    for part in chain(parts, [None]):
        try:
            if part is None:
                out.flush()
                return
            if not turned and "\r\n" in part and isinstance(out, io.TextIOWrapper):
                out.reconfigure(newline="")  # or Windows would make it \r\r\n
                turned = True
            out.write(part)
        except BrokenPipeError:
            _abandon(out)
            return
        except (OSError, ValueError) as error:
            _abandon(out)
            reason = getattr(error, "strerror", None) or error
            message = f"the output could not be written: {reason}"
            raise CstermsError(UNWRITABLE, message, hint="make room, or write it to another place") from error


def _page(text: str) -> bool:
    """Shows a text in a pager, as git does: $CSTERMS_PAGER, else $PAGER, else less. False where there is none."""
    pager = os.environ.get("CSTERMS_PAGER", os.environ.get("PAGER", "less"))
    if pager.strip() in ("", "cat"):
        return False
    import signal
    import subprocess

    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        with subprocess.Popen(pager, shell=True, stdin=subprocess.PIPE, env=environment, encoding="utf-8") as running:  # noqa: S602  # the user's own setting
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager
            try:
                with contextlib.suppress(BrokenPipeError):  # the reader has left the pager
                    running.communicate(text)
            finally:
                signal.signal(signal.SIGINT, before)
    except OSError:
        return False
    return running.returncode not in (2, 126, 127)  # what a shell says of a command that it cannot start


def write_file(path: str, parts: Iterable[str]) -> None:
    """Writes a text to a file, part by part, whole or not at all. Raises CstermsError (UNWRITABLE)."""
    replaced = not os.path.exists(path) or os.path.isfile(path)
    target = os.path.realpath(path) if replaced else path  # a link stays one
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        if not replaced:  # a device or a pipe
            with contextlib.suppress(BrokenPipeError), open(target, "w", encoding="utf-8", newline="") as file:
                file.writelines(parts)
            return
        with open(beside, "x", encoding="utf-8", newline="") as file:
            file.writelines(parts)
        if os.path.exists(target):
            shutil.copymode(target, beside)
        os.replace(beside, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        if not isinstance(error, OSError):
            raise
        message = f"{path}: cannot be written: {error.strerror}"
        raise CstermsError(UNWRITABLE, message, hint="name a file in a folder that you may write to") from error


def say(text: str) -> None:
    """Writes words about an answer, or nothing where standard error is closed: there is nobody left to tell."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.writelines(f"{printable(line, encoding)}\n" for line in text.split("\n"))
        sys.stderr.flush()


def _abandon(out: TextIO) -> None:
    """Sends what is left in a stream's buffer nowhere, so that Python does not trip over it when the program ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)
