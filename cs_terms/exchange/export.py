"""The answer of `export`: a glossary in another system's format, and what that format has no place for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from cs_terms.errors import USAGE, CstermsError
from cs_terms.exchange.content import Content, select
from cs_terms.exchange.losses import FORMATS, LOST, Loss, Losses, find_losses
from cs_terms.glossary import View
from cs_terms.spelling import did_you_mean


class Exported(Struct, frozen=True):
    """A glossary in another system's format."""

    text: str
    """What to write; empty where `files` are."""
    files: Mapping[str, str]
    """The texts of several files by their paths."""
    losses: Losses
    """What the format has no place of its own for."""

    def write_to(self, path: str) -> None:
        """Writes the export to a file, or its files into a folder. Raises CstermsError (UNWRITABLE)."""
        if self.files:
            from cs_terms.exchange.okf import write_folder

            write_folder(path, self.files)
        else:
            from cs_terms.output.streams import write_file

            write_file(path, self.text)


Written = tuple[str, dict[str, str], Mapping[str, str], list[Loss]]
"""Text, files, where fields go that the table has elsewhere, further losses."""


def _csv(content: Content, _: Mapping[str, Any]) -> Written:
    from cs_terms.exchange.spreadsheet import write

    return write(content), {}, {}, []


def _datahub(content: Content, options: Mapping[str, Any]) -> Written:
    from cs_terms.exchange.datahub import DataHub, write

    text, lost = write(content, DataHub(**_renamed(options, title="root", owner="owner")))
    return text, {}, {}, lost


def _openmetadata(content: Content, options: Mapping[str, Any]) -> Written:
    from cs_terms.exchange.imports import read_bytes
    from cs_terms.exchange.openmetadata import OpenMetadata, like, write

    how = OpenMetadata(**_renamed(options, title="glossary"))
    if path := options.get("like"):
        how = like(how, read_bytes(path), path)
    text, lost = write(content, how)
    return text, {}, {}, lost


def _skos(content: Content, options: Mapping[str, Any]) -> Written:
    from cs_terms.exchange.skos import DEFINITIONS, PLACES, Skos, write

    chosen = options.get("definitions") or "each"
    if chosen not in DEFINITIONS:
        message = f"definitions cannot be written as {chosen!r}; expected {', '.join(DEFINITIONS)}"
        raise CstermsError(USAGE, message, hint=did_you_mean(chosen, DEFINITIONS))
    how = Skos(
        options.get("base") or "", **_renamed(options, title="title", lang="language", definitions="definitions")
    )
    return write(content, how), {}, PLACES[chosen], []


def _okf(content: Content, options: Mapping[str, Any]) -> Written:
    from cs_terms.exchange.okf import Okf, write

    return "", write(content, Okf(**_renamed(options, title="title"))), {}, []


EXPORTS: dict[str, tuple[Callable[[Content, Mapping[str, Any]], Written], tuple[str, ...]]] = {
    "csv": (_csv, ()),
    "datahub": (_datahub, ("title", "owner")),
    "openmetadata": (_openmetadata, ("title", "like")),
    "skos": (_skos, ("base", "title", "lang", "definitions")),
    "okf": (_okf, ("title",)),
}
"""What writes each format, and the options that it takes."""


def export(view: View, format: str, names: Sequence[str], options: Mapping[str, Any]) -> Exported:
    """Returns these terms and metrics, or everything, in a format. Raises CstermsError."""
    if format not in EXPORTS:
        raise CstermsError(USAGE, f"there is no format {format!r} to export", hint=f"expected {', '.join(FORMATS)}")
    write, known = EXPORTS[format]
    given = {key: value for key, value in options.items() if value}
    if wrong := [key for key in given if key not in known]:
        takes = f"it takes {', '.join(known)}" if known else "it takes no options of its own"
        raise CstermsError(USAGE, f"{format} has no use for {wrong[0]!r}", hint=takes)
    content, outside = select(view, names)
    text, files, places, further = write(content, given)
    further = [*further, *(Loss("term", each.id, f"term.{each.field}", LOST, each.to) for each in outside)]
    return Exported(text, files, find_losses(content, format, places, further))


def _renamed(options: Mapping[str, Any], **names: str) -> dict[str, Any]:
    return {name: options[key] for key, name in names.items() if options.get(key)}
