"""The words by which entries are searched: what of an entry is searchable, and how text is cut into words. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cs_terms.model import Aspect, Claim, Entry, Metric, Source, Term, abbreviations, also_called

_WIDE = re.compile(
    "([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[\u0e00-\u0e7f][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*)"
)
"""Letters of scripts that set no spaces between words: each is taken for a word."""
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]")
"""Accents, and the vowels of Hebrew and Arabic, which most writers leave out."""


class Searchable(Struct, frozen=True):
    """What of an entry is searched, the nearest to it first."""

    name: str
    """Its id and full name; of a source, its id."""
    abbreviations: tuple[str, ...]
    """Its abbreviations."""
    synonyms: tuple[str, ...]
    """Its synonyms."""
    texts: tuple[str, ...]
    """Whatever is said of it."""

    def columns(self) -> tuple[str, str, str, str]:
        """The four as a full-text index takes them."""
        abbreviations, synonyms, texts = map("\n".join, (self.abbreviations, self.synonyms, self.texts))
        return _cut(self.name), _cut(abbreviations), _cut(synonyms), _cut(texts)


def searchable(entry: Entry) -> Searchable:
    """What of an entry is searched. Ids of other entries are not: they are found by their own names."""
    synonyms = tuple(name.label for name in also_called(entry))
    shortened = tuple(name.label for name in abbreviations(entry))
    texts = tuple(text for text in (*_texts(entry), entry.note) if text)
    # A title is no name of what it is about.
    name = entry.id if isinstance(entry, Source) else f"{entry.id} {entry.name}"
    return Searchable(name, shortened, synonyms, texts)


def tokens(text: str) -> list[str]:
    """The words of a text, without case and accents."""
    if text.isascii():
        return re.findall(r"[^\W_]+", text.lower())
    # Only accents go: the marks of other scripts make other letters.
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).casefold()
    spaced = _WIDE.sub(r" \1 ", unicodedata.normalize("NFKC", bare))
    marked = (letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in spaced)
    return "".join(marked).split()


def _cut(text: str) -> str:
    """A text as the full-text index finds the same words in it as `tokens` does, which it does by itself in ASCII."""
    return text if text.isascii() else " ".join(tokens(text))


def _texts(entry: Entry) -> Iterator[str | None]:
    match entry:
        case Source():
            yield from (entry.title, entry.publisher, entry.url, entry.date)
        case Aspect():
            yield from (entry.question, *entry.values)
        case Term():
            yield from _claims(entry.definition)
            for claims in entry.aspects.values():
                yield from _claims(claims)
        case Metric():
            yield from _claims(entry.definition)
            yield from (entry.unit, entry.pitfalls)
            for reading in entry.readings:
                yield from (reading.name, reading.note, *(of.meaning for of in reading.inputs.values()))


def _claims(claims: Iterable[Claim]) -> Iterator[str | None]:
    for claim in claims:
        yield ": ".join(filter(None, (claim.value, claim.text)))
        yield claim.note
