"""Text made fit to be printed: data stays data, whatever characters are in it."""

import re
import unicodedata

_BREAKS = "[ ]*[\t\n\r\x0b\x0c\x85\u2028\u2029]+[ ]*"
_OBEYED = "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
"""Control characters, what overrides the direction of text, and halves of characters."""


SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the beginning of a formula, in the full-width forms as well."""


def obeyed(text: str) -> str | None:
    """The first character of a text that a terminal would obey, as an escape to read; tabs and line breaks apart."""
    if text.isprintable():
        return None
    found = re.search(_OBEYED, re.sub("[\t\n\r]", "", text))
    return _escape(found) if found else None


def is_web_address(url: str) -> bool:
    """Whether a url is one that may become a link: http or https, without blanks or control characters."""
    return bool(re.fullmatch(r"https?://[^\s/?#]\S*", url, re.IGNORECASE)) and url.isprintable()


def printable(text: str, encoding: str = "utf-8") -> str:
    """The text with every character that a terminal would obey, or that the encoding lacks, as an escape to read.

    Tabs and line breaks become spaces. Nothing else is lost: the escape names the character.
    """
    if not text.isprintable():  # nearly every text is, and then no expression has to be compiled
        text = re.sub(_OBEYED, _escape, re.sub(_BREAKS, " ", text))
    return text if has_letters(encoding, text) else text.encode(encoding, "backslashreplace").decode(encoding)


def point_at(line: str, number: int, column: int, encoding: str = "utf-8") -> list[str]:
    """A line of a file with its number, and under it a caret at a column, counted from 1; nothing for an empty line.

    A long line is cut to what is around the column.
    """
    if not line.strip():
        return []
    line = line.replace("\t", " ")
    start = max(0, column - 61)
    before = printable(line[start : column - 1], encoding)
    after = printable(line[column - 1 : start + 100], encoding)
    if start:
        before = "..." + before
    if len(line) > start + 100:
        after += "..."
    margin = " " * len(str(number))
    return [f"  {number} | {before}{after}", f"  {margin} | {' ' * _width(before)}^"]


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) + sum(
        1 if unicodedata.east_asian_width(letter) in "WF" else -1 if unicodedata.combining(letter) else 0
        for letter in text
        if not letter.isascii()
    )


def escaped_json(text: str, encoding: str) -> str:
    """JSON with every such character in its strings as an escape of JSON's own, so that it parses to the same."""
    if not text.isascii() or "\x7f" in text:  # the others, JSON has escaped already
        text = re.sub(_OBEYED.replace("\x00-\x1f", ""), lambda match: f"\\u{ord(match.group()):04x}", text)
    return text if has_letters(encoding, text) else "".join(map(_utf16_escapes, text))


def has_letters(encoding: str, text: str) -> bool:
    """Returns whether an encoding has all letters of a text; one that may not is taken to lack all but ASCII."""
    return text.isascii() or encoding.lower() in ("utf-8", "utf8")


def _utf16_escapes(letter: str) -> str:
    if letter.isascii():
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
