"""Text from definition files, made fit to be printed: data stays data, whatever characters are in it."""

import re

_BREAKS = re.compile("[ ]*[\t\n\r\x0b\x0c\x85\u2028\u2029]+[ ]*")
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, what overrides the direction of text, and halves of characters."""


def printable(text: str, encoding: str = "utf-8") -> str:
    """The text with every character that a terminal would obey, or that the encoding lacks, as an escape to read.

    Tabs and line breaks become spaces. Nothing else is lost: the escape names the character.
    """
    text = _OBEYED.sub(_escape, _BREAKS.sub(" ", text))
    if text.isascii() or encoding.lower() in ("utf-8", "utf8"):
        return text
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
