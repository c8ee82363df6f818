"""Text made fit to be printed: data stays data, whatever characters are in it."""

import re

from cs_terms.model import Citations, Claim, Number, Range

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
    return text if _has(encoding, text) else text.encode(encoding, "backslashreplace").decode(encoding)


def escaped_json(text: str, encoding: str) -> str:
    """JSON with every such character in its strings as an escape of JSON's own, so that it parses to the same."""
    if not text.isascii() or "\x7f" in text:  # the others, JSON has escaped already
        text = re.sub(_OBEYED.replace("\x00-\x1f", ""), lambda match: f"\\u{ord(match.group()):04x}", text)
    return text if _has(encoding, text) else "".join(map(_utf16_escapes, text))


def _has(encoding: str, text: str) -> bool:
    """Whether an encoding has all letters of a text; one that may not is taken to lack all but ASCII."""
    return text.isascii() or encoding.lower() in ("utf-8", "utf8")


def _utf16_escapes(letter: str) -> str:
    if letter.isascii():
        return letter
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def range_text(bounds: Range | None) -> str | None:
    """A range in words, or None where none is given."""
    if bounds is None:
        return None
    low, high = bounds
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"{low:f} or more"
    return f"{high:f} or less" if low is None else f"{low:f} to {high:f}"


def number_text(value: Number) -> str:
    """A number, or a series with commas, as `calc` takes it."""
    return ",".join(map(number_text, value)) if isinstance(value, tuple) else f"{value:f}"


def claim_text(claim: Claim) -> str:
    """A claim on one line, without who makes it."""
    note = f" (note: {claim.note})" if claim.note else ""
    return ": ".join(filter(None, (claim.value, claim.text))) + note


def said_in(citations: Citations) -> dict[str, str]:
    """The places in each source, by its id, with the name as printed there; empty where none is given."""
    places: dict[str, list[str]] = {}
    for citation in citations:
        printed = f'as "{citation.as_}"' if citation.as_ else None
        places.setdefault(citation.id, []).extend(filter(None, (citation.at, printed)))
    return {id: ", ".join(dict.fromkeys(each)) for id, each in places.items()}


def source_ids(citations: Citations) -> str:
    """Who is cited, each once."""
    return ", ".join(dict.fromkeys(citation.id for citation in citations))
