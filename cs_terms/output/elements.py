"""HTML elements, written so that a text stays a text: whatever is not Markup is escaped."""

from html import escape

from cs_terms.text import printable


class Markup(str):
    """HTML that may stand in a document as it is."""

    __slots__ = ()


VOID = ("meta", "link", "br", "input")
"""The elements that have no end."""


def element(name: str, /, *parts: str, **attributes: str | bool | None) -> Markup:
    """Returns an element with these parts in it, each a text or Markup.

    The underscores of an attribute's name become hyphens, and the last one goes: `class_`, `data_row`. An attribute that
    is None or False is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{"" if value is True else escape_text(value)}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    end = "" if name in VOID else f"{join(*parts)}</{name}>"
    return Markup(f"<{name}{written}>{end}")


def join(*parts: str) -> Markup:
    """Returns the parts behind one another, each a text or Markup."""
    return Markup("".join([part if isinstance(part, Markup) else escape_text(part) for part in parts]))


def escape_text(text: str) -> str:
    """Returns a text without markup in it, and without characters that HTML does not allow or that turn text around."""
    return escape(printable(text))
