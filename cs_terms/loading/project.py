"""A project's csterms.toml: where its definitions lie. Read only where there is one; see `files.project_paths`."""

import re
import tomllib
from typing import Any

from msgspec import Struct

from cs_terms.errors import BAD_DEFINITIONS, CstermsError
from cs_terms.spelling import did_you_mean

EXAMPLE = 'definitions = ["glossary/"]'
"""A line as the file has them, for messages."""


class Project(Struct, frozen=True):
    """What a csterms.toml says."""

    definitions: tuple[str, ...] = ()
    """Files and folders, relative to the folder that the csterms.toml is in; each is a layer."""
    builtin: bool = True
    """Whether they lie over the shipped definitions, or stand alone."""
    title: str | None = None
    """What a page of the glossary is called."""
    language: str | None = None
    """The language of the glossary, as HTML names it: en, de."""


def read_project(path: str) -> Project:
    """What the csterms.toml at `path` says. Raises CstermsError (BAD_DEFINITIONS) where anything in it is wrong."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        given = tomllib.loads(text)
    except OSError as error:
        raise _fault(path, f"cannot be read: {error.strerror}", "check that you may read it") from error
    except UnicodeDecodeError as error:
        raise _fault(path, "is not UTF-8 text", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        reason, place = _split(str(error))
        message = f"the line is not TOML ({reason})"
        raise _fault(
            path + place, message, f"expected lines such as {EXAMPLE}, with texts in quotation marks"
        ) from error
    for key, value in given.items():
        _check_key(f"{path}{_place_of(key, text)}", key, value)
    definitions = given.pop("definitions", ())
    return Project(tuple([definitions] if isinstance(definitions, str) else definitions), **given)


def _check_key(place: str, key: str, value: Any) -> None:
    """Raises CstermsError where there is no such key, or it does not take this value."""
    if key not in Project.__struct_fields__:
        raise _fault(place, f"unknown key {key!r}", did_you_mean(key, Project.__struct_fields__))
    if key == "definitions":
        paths = [value] if isinstance(value, str) else value
        if not isinstance(paths, list) or not all(isinstance(each, str) and each not in ("", "-") for each in paths):
            raise _fault(place, "definitions takes a list of files and folders", f"write {EXAMPLE}")
    elif key == "builtin":
        if not isinstance(value, bool):
            raise _fault(place, "builtin takes true or false", "write builtin = false, without quotation marks")
    elif not isinstance(value, str):
        raise _fault(place, f"{key} takes a text", f'write {key} = "..."')


def _split(said: str) -> tuple[str, str]:
    """What tomllib says of a mistake, and the place as `:line:column`."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    if at is None:
        return said.removesuffix(" (at end of document)"), ""
    return said[: at.start()], f":{at[1]}:{at[2]}"


def _place_of(key: str, text: str) -> str:
    """Where a key stands, as `:line:column`; nothing where it is not written plainly."""
    found = re.search(rf"^[ \t]*\[?[ \t]*[\"']?({re.escape(key)})\b", text, re.MULTILINE)
    if found is None:
        return ""
    return f":{text.count(chr(10), 0, found.start(1)) + 1}:{found.start(1) - text.rfind(chr(10), 0, found.start(1))}"


def _fault(place: str, message: str, hint: str) -> CstermsError:
    return CstermsError(BAD_DEFINITIONS, f"{place}: {message}", hint=hint)
