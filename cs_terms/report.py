"""What goes wrong, in words or as JSON on standard error, and as an exit code: the one place where it is said."""

import errno
import json
import tempfile
import traceback
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import typer

from cs_terms.errors import BUG, UNWRITABLE, USAGE, CstermsError
from cs_terms.output.streams import say


def report(error: Exception, arguments: Sequence[str]) -> int:
    """Says on standard error what went wrong, as JSON where the arguments ask for that, and returns the exit code."""
    failure = _failure(error)
    if _wants_json(arguments):
        content = {
            "code": failure.code,
            "message": failure.message,
            "hint": failure.hint,
            "candidates": failure.candidates,
            "problems": failure.problems,
        }
        say(json.dumps({"error": msgspec.to_builtins(content)}))
    else:
        said = (
            *(line for each in failure.problems for line in each.lines()),
            f"csterms: {failure.message}",
            failure.hint,
        )
        say("\n".join(filter(None, said)))
    return failure.code


def _failure(error: Exception) -> CstermsError:
    """Any exception as one that says a code and the next step."""
    if isinstance(error, CstermsError):
        return error
    if isinstance(error, typer.TyperException):  # what Typer and its parser say of wrong usage
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "csterms"
        hint = f"{command} --help shows how it is used"
        if command == "csterms" and type(error).__name__ == "NoSuchOption":
            hint = f"the options of a command come after it, as in csterms list -D PATH; {hint}"
        return CstermsError(USAGE, error.format_message(), hint=hint)
    if isinstance(error, OSError) and error.errno in _NOWHERE_TO_WRITE:  # what Typer itself could not print
        return CstermsError(UNWRITABLE, f"the output could not be written: {error.strerror}", hint="make room for it")
    message = f"a bug in csterms: {type(error).__name__}: {error}"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="csterms-", suffix=".txt", delete=False, encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return CstermsError(BUG, message, hint="please report it with the command that you gave")
    return CstermsError(
        BUG, message, hint=f"the traceback is in {file.name}; please report it with the command that you gave"
    )


_NOWHERE_TO_WRITE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether the arguments ask for JSON, found without parsing them: they may be what is wrong."""
    said = {*arguments, *(f"{this} {following}" for this, following in pairwise(arguments))}
    return bool(said & {"-fjson", "--format=json", "-f json", "--format json"})
