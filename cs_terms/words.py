"""The words by which entries are searched: what of an entry is searchable, and how text is cut into words. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cs_terms.model import Aspect, Claim, Entry, Metric, Source, Term

_WIDE = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
"""Letters of scripts that set no spaces between words: each is taken for a word."""


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
        return _spaced(self.name), _spaced(abbreviations), _spaced(synonyms), _spaced(texts)


def searchable(entry: Entry) -> Searchable:
    """What of an entry is searched. Ids of other entries are not: they are found by their own names."""
    also_called = () if isinstance(entry, Source) else tuple(name.label for name in entry.also_called)
    abbreviations = tuple(name.label for name in entry.abbreviations) if isinstance(entry, (Term, Metric)) else ()
    texts = tuple(text for text in (*_texts(entry), entry.note) if text)
    name = (
        entry.id if isinstance(entry, Source) else f"{entry.id} {entry.name}"
    )  # a title is no name of what it is about
    return Searchable(name, abbreviations, also_called, texts)


def tokens(text: str) -> list[str]:
    """The words of a text, without case and accents, as the full-text index has them."""
    bare = unicodedata.normalize("NFKD", _spaced(text).casefold())
    return re.findall(r"[^\W_]+", "".join(letter for letter in bare if not unicodedata.combining(letter)))


def _spaced(text: str) -> str:
    return text if text.isascii() else _WIDE.sub(r" \1 ", text)


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
