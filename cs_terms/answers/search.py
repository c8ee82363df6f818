"""The answer of `search`: entries ranked by where the words stand."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from cs_terms.errors import NOT_THERE, USAGE, CstermsError
from cs_terms.glossary import View
from cs_terms.model import KINDS
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import CODE, MUTED, Grid, Line, Page, Row, cell, label
from cs_terms.words import Searchable, searchable, tokens

WHERE = {"name": 4.0, "abbreviation": 3.0, "synonym": 2.0, "id": 1.0, "text": 1.0}
"""Where words can stand, and what that is worth. Whoever looks for a word seldom looks for a source."""


class Hit(Struct, frozen=True):
    """An entry that was found."""

    kind: str
    """term, metric, aspect or source."""
    id: str
    name: str
    matched: str
    """Where the words stand, and what stands there."""
    score: float
    """Higher is nearer: the whole part is where the words stand, the rest how much of that they are."""


class Hits(Answer, frozen=True):
    """Entries that were found."""

    entries: tuple[Hit, ...]
    """The nearest first, sources after all others."""
    corrected: dict[str, str]
    """Words that nothing has in it, and the words that were searched for instead."""

    def remarks(self) -> tuple[str, ...]:
        """Returns which words were taken for misspelled."""
        return tuple(f"nothing has {word!r} in it; searched for {used!r}" for word, used in self.corrected.items())

    def page(self) -> Page:
        """Returns the entries and why they were found."""
        rows = tuple(
            Row(
                label(hit.name, f"{hit.kind} {hit.id}"),
                (cell("name" if hit.matched == f"name: {hit.name}" else hit.matched),),
            )
            for hit in self.entries
        )
        footer: Line = (("Next: ", MUTED), (f"csterms show {self.entries[0].id}", CODE))
        return (Grid(("found", "because of"), rows, footer=footer),)

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("kind", "id", "name", "matched")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each entry."""
        for hit in self.entries:
            yield (hit.kind, hit.id, hit.name, hit.matched)


def search(view: View, words: Sequence[str]) -> Hits:
    """Returns the entries in which all the words stand, each as a word or the beginning of one.

    A word that is nowhere is taken for a misspelling of the word that is spelled most like it.
    Raises CstermsError: USAGE where there is no word in the words, NOT_THERE where nothing is found.
    """
    wanted = tokens(" ".join(words))
    if not wanted:
        raise CstermsError(USAGE, f"no word in {' '.join(words)!r}", hint="give letters or digits to search for")
    hits = _find_hits(view, wanted)
    corrected: dict[str, str] = {}
    if not hits:
        unknown = [word for word in wanted if len(word) > 2 and not view.with_words([word])]
        corrected = {word: near[0] for word in unknown if (near := view.words_like(word))}
        hits = _find_hits(view, [corrected.get(word, word) for word in wanted]) if corrected else []
    if not hits:
        asked = f" in what {', '.join(sorted(view.only))} says" if view.only else ""
        raise CstermsError(
            NOT_THERE, f"nothing has {' and '.join(map(repr, wanted))} in it{asked}", hint="try fewer or shorter words"
        )
    return Hits(tuple(hits), corrected)


def _find_hits(view: View, wanted: Sequence[str]) -> list[Hit]:
    kinds = list(KINDS)
    hits = [hit for kind, id in view.with_words(wanted) if (hit := _find_hit(view, kind, id, wanted))]
    hits.sort(key=lambda hit: (hit.kind == "source", -hit.score, kinds.index(hit.kind)))
    return hits


def _find_hit(view: View, kind: str, id: str, wanted: Sequence[str]) -> Hit | None:
    """Where the words stand in an entry; None where no source that is listened to has put them there."""
    if kind == "source" and view.only and id not in view.only:
        return None
    entry = view.entry(kind, id)
    parts = list(_parts(searchable(entry), "id" if kind == "source" else "name"))
    scored = [(WHERE[where] + _share(wanted, text), where, text) for where, text in parts if _holds(text, wanted)]
    if scored:
        score, where, text = max(scored, key=lambda each: each[0])
        return Hit(kind, id, entry.name, f"{where}: {entry.name if where == 'name' else text}", round(score, 3))
    spread = [(where, text) for where, text in parts if any(_holds(text, [word]) for word in wanted)]
    if not all(any(_holds(text, [word]) for _, text in spread) for word in wanted):
        return None
    first = dict.fromkeys(next(part for part in spread if _holds(part[1], [word])) for word in wanted)
    matched = "; ".join(f"{where}: {entry.name if where == 'name' else text}" for where, text in first)
    return Hit(kind, id, entry.name, matched, 0.5)


def _parts(parts: Searchable, name: str) -> Iterator[tuple[str, str]]:
    yield (name, parts.name)
    yield from (("abbreviation", each) for each in parts.abbreviations)
    yield from (("synonym", each) for each in parts.synonyms)
    yield from (("text", each) for each in parts.texts)


def _holds(text: str, wanted: Sequence[str]) -> bool:
    """Whether each of the words is a word of the text, or the beginning of one."""
    standing = tokens(text)
    return all(any(word.startswith(each) for word in standing) for each in wanted)


def _share(wanted: Sequence[str], text: str) -> float:
    """How much of a text the words are, below 1."""
    return 0.99 * min(1.0, sum(map(len, wanted)) / max(1, sum(map(len, tokens(text)))))
