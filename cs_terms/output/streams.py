"""Data to standard output, words about it to standard error, and what becomes of both when nobody takes them."""

import contextlib
import io
import os
import sys
from typing import TextIO

from cs_terms.errors import UNWRITABLE, CstermsError
from cs_terms.text import printable


def standard_output() -> TextIO:
    """Where answers go. Raises CstermsError (UNWRITABLE) where it is closed."""
    if sys.stdout is None:
        raise CstermsError(UNWRITABLE, "standard output is closed", hint="give it a place to go, such as > FILE")
    return sys.stdout


def emit(text: str) -> None:
    """Writes an answer. A reader that has gone away has seen enough, and is no error.

    Raises CstermsError (UNWRITABLE) where the answer cannot be written: a full disk, say.
    """
    out = standard_output()
    try:
        if "\r\n" in text and isinstance(out, io.TextIOWrapper):
            out.reconfigure(newline="")  # or Windows would make it \r\r\n
        out.write(text)
        out.flush()
    except BrokenPipeError:
        _abandon(out)
    except (OSError, ValueError) as error:
        _abandon(out)
        reason = getattr(error, "strerror", None) or error
        message = f"the output could not be written: {reason}"
        raise CstermsError(UNWRITABLE, message, hint="make room, or write it to another place") from error


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
